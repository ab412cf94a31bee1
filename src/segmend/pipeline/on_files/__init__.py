"""The verbs ``diagnose`` and ``mend`` where what they read lies in files."""
