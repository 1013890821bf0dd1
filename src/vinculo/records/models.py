"""The tables of this room."""

from vinculo.records.bulk.models import BulkRun
from vinculo.records.external.models import ExternalId
from vinculo.records.merged.models import MergedRecord
from vinculo.records.quality.models import QualityAlert, QualityFigures
from vinculo.records.saved.models import Favourite, SavedView, ViewTabs
from vinculo.records.transfer.models import Import, ImportMapping
from vinculo.records.webhooks.models import WebhookDelivery, WebhookEndpoint

__all__ = [
    "BulkRun",
    "ExternalId",
    "Favourite",
    "Import",
    "ImportMapping",
    "MergedRecord",
    "QualityAlert",
    "QualityFigures",
    "SavedView",
    "ViewTabs",
    "WebhookDelivery",
    "WebhookEndpoint",
]
