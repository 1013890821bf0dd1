"""The pages of this room that are no lists, records or forms."""
