"""Does what a page's plan says; nothing outside this package is ever handed a writer.

Order of one page: claim (compare-and-swap), read the page by id, create, read the tickets back, record (compare-and-
swap), read the page again, splice, save on exactly that version. Every step decides anew on what it just read.
"""
