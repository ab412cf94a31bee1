"""Rules that read predictions (P)."""
