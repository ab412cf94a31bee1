"""Rules that read the data (D)."""
