"""The frozen, versioned data that rooms hand to each other. No behaviour beyond to_dict and from_dict."""
