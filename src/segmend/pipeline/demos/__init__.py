"""The recordings, the patient and the chapters of ``segmend demo``."""
