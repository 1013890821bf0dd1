"""Many people at once on one installation: what it answers under load, and what it keeps when its
processes are killed meanwhile."""
