"""Custom fields: one of every kind through every surface."""
