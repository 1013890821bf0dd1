"""Many records in one call: those that are known are changed, the others are made."""

from vinculo.records.api.batch.answer import upsert

__all__ = ["upsert"]
