"""Custom fields as the database has them: one JSON column per record, and who declares its keys."""
