"""Custom fields: what administrators add to a record type becomes fields like any other."""
