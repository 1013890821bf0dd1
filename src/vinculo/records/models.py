"""The tables of this room."""

from vinculo.records.transfer.models import Import

__all__ = ["Import"]
