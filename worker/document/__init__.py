"""Confluence storage format, losslessly: the text that was read, places in it, and edits of those places only.

Pure. Offsets are bytes in the UTF-8 source; nothing is ever serialised again.
"""
