"""The pages every record type has; one file per pattern."""
