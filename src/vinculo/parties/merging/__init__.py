"""Two or more records of one customer become one, and can be separated again."""
