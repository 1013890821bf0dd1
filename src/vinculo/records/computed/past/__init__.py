"""What computed fields gave before a change and after it: formulas over the row as it was, roll-ups over
the related rows as they were."""
