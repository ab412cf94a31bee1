"""Rules that read the model (M)."""
