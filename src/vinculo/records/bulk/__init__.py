"""Many records at once: one change to all that are chosen, or a block of cells."""
