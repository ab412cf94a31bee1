"""What the verbs return: an artifact with the methods that need a room."""
