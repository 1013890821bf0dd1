"""Price lists: what products cost whom, from when on, and from how many."""
