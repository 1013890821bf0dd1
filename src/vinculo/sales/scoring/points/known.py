"""The rules of points as this process knows them: read again when their version is another."""

from __future__ import annotations

from dataclasses import dataclass

from vinculo.sales.scoring.points.models import PointRule


@dataclass
class Known:
    """All rules that are on, by their number."""

    version: str
    rules: dict[int, PointRule]

    def of(self, key: str) -> list[PointRule]:
        """The rules for a record type."""
        return [one for one in self.rules.values() if one.entity == key]


_known: Known | None = None
TABLES = ("sales_pointrule",)


def known() -> Known:
    """The rules; read now if this process has none."""
    global _known
    found = _known
    if found is None:
        rows = list(PointRule.objects.select_related("author").order_by("pk"))
        authors = {one.author_id: one.author for one in rows}
        for one in rows:
            one.author = authors[one.author_id]  # their rights are read once for all
        version = str(sum(one.stamp for one in rows))
        found = _known = Known(version, {one.pk: one for one in rows if one.is_active})
    return found


def told(version: str) -> None:
    """The database has this version: forget an older one."""
    global _known
    if _known is not None and _known.version != version:
        _known = None


def forget() -> None:
    """Read the rules anew at the next question."""
    global _known
    _known = None
