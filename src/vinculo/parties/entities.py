"""What companies and people are, declared once."""
