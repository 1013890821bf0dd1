"""What interactions and tasks are, declared once."""
