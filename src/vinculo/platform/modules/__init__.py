"""Modules: what an installation can do without, switched on and off as a whole (ADR 42)."""
