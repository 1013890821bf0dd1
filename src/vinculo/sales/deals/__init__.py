"""Deals: qualified interests with a value, a stage and the day they are to be closed."""
