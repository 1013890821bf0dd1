"""What can be undone, and what undoing would do: readings of the journal, nothing is written."""
