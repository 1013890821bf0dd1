"""The OpenAPI 3.1 document of the API: derived, never written, and each caller's own."""

from vinculo.records.api.openapi.document import describe

__all__ = ["describe"]
