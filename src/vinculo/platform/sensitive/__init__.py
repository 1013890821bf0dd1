"""Sensitive values: encrypted in the database, masked wherever nobody asks for them outright.

`keys` holds the key file, `fields` the column that encrypts, `rotation` brings values under a new
key, `rules` says which fields of which record types need the right to read them.
"""
