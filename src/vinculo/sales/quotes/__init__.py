"""Quotes: what a customer is offered, at which price, and what they say to it."""
