"""Arrays as people hold them: what they mean (``meaning``), and each kind of them in the house's own form."""
