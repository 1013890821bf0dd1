"""Webhooks: what happened, told to other systems as it happens, with the rights of one role."""
