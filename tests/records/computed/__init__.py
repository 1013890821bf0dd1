"""Formulas and roll-ups."""
