"""Pools: records that belong to nobody, for members of some teams to claim."""
