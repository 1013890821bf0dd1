"""The form and the page of a record type as administrators arrange them, per role, without code."""
