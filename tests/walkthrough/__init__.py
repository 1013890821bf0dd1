"""docs/how-to-add-an-entity.md, followed to the letter in a copy of the house."""
