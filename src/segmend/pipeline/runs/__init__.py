"""One training, and the RUN folder it fills."""
