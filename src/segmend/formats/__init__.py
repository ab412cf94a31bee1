"""One signal or annotation format, one file. ``segmend.catalogue`` names them; importing this package imports none."""
