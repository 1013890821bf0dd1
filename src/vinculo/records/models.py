"""The tables of this room."""

from vinculo.records.bulk.models import BulkRun
from vinculo.records.transfer.models import Import

__all__ = ["BulkRun", "Import"]
