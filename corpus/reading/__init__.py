"""One module a format: a file's text -> Document."""
