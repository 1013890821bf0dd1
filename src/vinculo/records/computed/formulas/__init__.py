"""A small language for values that follow from other fields: read, typed, and written as SQL."""
