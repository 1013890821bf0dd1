"""Links for many customers as a table for a mail merge."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from django.utils.timezone import localtime
from django.utils.translation import gettext

from vinculo.parties.confirming.links import MadeLink
from vinculo.parties.confirming.mailing import letter
from vinculo.parties.models import ContactKind, ContactPoint
from vinculo.platform.models import User
from vinculo.records.transfer.cells import escape_formula


def sheet(user: User, made: Sequence[MadeLink]) -> str:
    """A line per link as CSV: whom it is for, where to send it, the words, until when it works.

    Whoever does not want e-mails has no address in it, and is said to be so.
    """
    read_points(made)
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(
        [gettext("Name"), gettext("E-mail"), gettext("Language"), gettext("Link"),
         gettext("Works until"), gettext("Subject"), gettext("Text"), gettext("Note")]
    )  # fmt: skip
    for one in made:
        mail = letter(user, one)
        line = [
            one.party.name,
            "" if mail.refused else mail.to,
            one.link.language,
            one.url,
            localtime(one.link.expires_at).date().isoformat(),
            mail.subject,
            mail.body,
            gettext("Does not want e-mails") if mail.refused else "",
        ]
        writer.writerow([escape_formula(cell) for cell in line])
    return out.getvalue()


def read_points(made: Sequence[MadeLink]) -> None:
    """Read the e-mail addresses of all at once, as `points_of` would one by one."""
    points: dict[int, list[ContactPoint]] = {one.party.pk: [] for one in made}
    rows = ContactPoint.objects.filter(party_id__in=list(points), kind=ContactKind.EMAIL)
    for point in rows.order_by("pk"):
        points[point.party_id].append(point)
    for one in made:
        one.party._points = points[one.party.pk]  # type: ignore[attr-defined]
