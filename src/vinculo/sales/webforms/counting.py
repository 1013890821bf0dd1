"""How often a form was seen, stored and refused: counted by day, without anything of who called."""

from __future__ import annotations

from django.db import connection
from django.db.models import Sum

from vinculo.kernel.clock import now
from vinculo.sales.webforms.models import WebForm, WebFormCount, What

NOTE = """
INSERT INTO sales_webformcount AS held (form_id, day, what, count)
SELECT id, %s, %s, 1 FROM sales_webform WHERE token = %s AND is_active
ON CONFLICT (form_id, day, what) DO UPDATE SET count = held.count + 1
"""


def note(token: str, what: str) -> None:
    """Count a call of the form with this token; nothing where there is none."""
    if not token.isprintable():  # no form is called so, and PostgreSQL takes no such text
        return
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [now().date(), What(what).value, token[:40]])


def counts_of(form: WebForm) -> list[tuple[str, int]]:
    """All that became of a form's calls: (in words, how often)."""
    rows = WebFormCount.objects.filter(form=form).values_list("what").annotate(Sum("count"))
    found = dict(rows)
    return [(str(one.label), found.get(one.value, 0)) for one in What]
