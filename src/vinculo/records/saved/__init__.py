"""Saved views of lists, their order as tabs, and favourites in the navigation."""
