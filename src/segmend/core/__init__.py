"""The words of the house: segments, labels, task, recording, data set, and arithmetic on them."""
