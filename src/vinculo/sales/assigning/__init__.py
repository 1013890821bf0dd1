"""Assignment: who gets a lead that nobody has yet, by rules in an order."""
