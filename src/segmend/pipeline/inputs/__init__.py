"""What users hand in, read as the artifacts that the verbs work on."""
