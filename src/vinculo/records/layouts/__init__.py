"""A list as a board of columns or as a calendar: the same rows, filters and rights, laid out."""
