"""The REST API under /api/v1: routes, values and the OpenAPI document derived from the entities."""
