"""PRED folders: what was predicted of new recordings, in the files of the tools that people have."""
