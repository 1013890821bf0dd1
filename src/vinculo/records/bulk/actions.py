"""The verbs for many records at once; the records' own rights decide, row by row."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy, ngettext

from vinculo.platform import journal
from vinculo.platform.access import require
from vinculo.platform.actions import action
from vinculo.platform.labels import of_many
from vinculo.records.bulk.change import Change
from vinculo.records.bulk.engine import Advance, BulkWriter, Written, delete_rows
from vinculo.records.entity import Entity

if TYPE_CHECKING:
    from vinculo.platform.models import User


@action("records.bulk_edit", label=gettext_lazy("Changed several"), granted=False)
def bulk_edit(
    *,
    actor: "User",
    entity: Entity,
    ids: Sequence[int],
    change: Change,
    seen_at: datetime,
    advance: Advance | None = None,
) -> Written:
    """Write a change to the records `ids` as far as the actor may edit each; one change-set.

    What somebody else changed since `seen_at` stays. Raises NotAllowed when the actor may not
    write the fields at all, and then nothing is written.
    """
    require(actor, entity.key, "edit")
    writer = BulkWriter(actor, entity, change.names, change.wish(actor, entity), seen_at=seen_at)
    written = writer.write(ids, advance)
    journal.relabel(of_many(entity.key, len(written.changed), change.names))
    return written


@action("records.bulk_delete", label=gettext_lazy("Deleted several"), granted=False)
def bulk_delete(
    *,
    actor: "User",
    entity: Entity,
    ids: Sequence[int],
    advance: Advance | None = None,
) -> Written:
    """Delete the records `ids` as far as the actor may delete each; one change-set."""
    require(actor, entity.key, "delete")
    written = delete_rows(actor, entity, ids, advance)
    journal.relabel(of_many(entity.key, len(written.changed)))
    return written


def counted(entity: Entity, number: int) -> str:
    """So many records, in words: “412 records (Companies)”."""
    said = ngettext("%(n)s record", "%(n)s records", number) % {"n": f"{number:,}"}
    return gettext("%(count)s (%(kind)s)") % {"count": said, "kind": entity.label_plural}
