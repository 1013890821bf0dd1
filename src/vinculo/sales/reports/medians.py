"""The median, reckoned by the database."""

from __future__ import annotations

from typing import Any

from django.db.models import Aggregate, DurationField, Field, FloatField


class Median(Aggregate):
    """The value in the middle; between two values, their mean. Nothing of nothing."""

    function = "percentile_cont"
    name = "Median"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"

    def _resolve_output_field(self) -> Field[Any, Any]:
        (source,) = self.get_source_fields()[:1]
        return DurationField() if isinstance(source, DurationField) else FloatField()
