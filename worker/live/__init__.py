"""Tries a mapping out on the site it is for, by reading alone."""
