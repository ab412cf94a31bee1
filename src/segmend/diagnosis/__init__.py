"""From a Chart to findings. Importing this package imports no rule."""
