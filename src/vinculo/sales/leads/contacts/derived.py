"""What follows from what was done with a lead: when it was last spoken with, and that it was touched."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Max, OuterRef, Subquery

from vinculo.interactions.models import Kind
from vinculo.sales.leads.contacts.models import LeadContact
from vinculo.sales.leads.models import Lead
from vinculo.sales.scoring.points.counting import count_points

# The lead of an entry that has just been deleted is known only to the journal.
STOOD = """
SELECT (before->>'lead_id')::bigint FROM platform_change
WHERE changeset_id = nullif(current_setting('vinculo.changeset', true), '')::bigint
AND table_name = 'sales_leadcontact' AND row_id = ANY(%s) AND op = 'D'
"""


def refresh_last_contact(lead_ids: Iterable[int]) -> None:
    """Set when somebody was last in contact; a note is no contact. Points may follow from it."""
    ids = sorted(lead_ids)
    if not ids:
        return
    contacts = LeadContact.objects.filter(lead=OuterRef("pk")).exclude(kind=Kind.NOTE)
    latest = contacts.order_by().values("lead").annotate(latest=Max("at")).values("latest")
    Lead.objects.filter(pk__in=ids).update(last_contact_at=Subquery(latest))
    count_points("sales.lead", ids)


def refresh_after_undo(ids: list[int]) -> None:
    """The same for entries that an undo has just written or taken away."""
    here = LeadContact.objects.filter(pk__in=ids).values_list("lead_id", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(STOOD, [ids])
        gone = {row[0] for row in cursor.fetchall()}
    refresh_last_contact({*here, *gone})
