"""Companies and people out of files: what columns may fill, and writing them by the set."""
