"""Sensitive values: encrypted in the database, masked wherever nobody asks for them outright.

`keys` holds the key file, `fields` the column that encrypts, `files` what lies sealed in the data
directory, `rotation` brings both under a new key, `rules` says which fields of which record types
need the right to read them.
"""
