"""Rules that read the training (T)."""
