"""Writes a first mapping from what a site has; it only reads."""
