"""How selling went: the funnel, its speed, cohorts, what was won and lost, and who did what."""
