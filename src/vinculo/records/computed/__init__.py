"""Fields whose value follows from others: formulas, and roll-ups of related records."""
