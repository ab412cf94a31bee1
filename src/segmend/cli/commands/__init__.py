"""One verb, one file: ``configure(parser)`` adds its arguments, ``run(options)`` does it and returns the exit code."""
