"""Pipelines: the ways that deals go, stage by stage, and the rules of each stage."""
