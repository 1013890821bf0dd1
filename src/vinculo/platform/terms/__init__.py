"""Terminology: what a company calls its records and their fields, per language (ADR 41)."""
