"""Remedies tried: what on, in which order, and how each is judged."""
