"""Leads: a first interest, before anybody knows whether it is a customer."""
