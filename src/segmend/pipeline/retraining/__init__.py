"""Models trained again while they are mended: apart from what judges them, and never the model itself but a copy."""
