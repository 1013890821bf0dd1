"""What is going to be sold: by period, team and person, against targets, and how it came about."""
