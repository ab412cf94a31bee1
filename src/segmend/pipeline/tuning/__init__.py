"""Trials of other plan values on one journal, and the verdict on the best of them."""
