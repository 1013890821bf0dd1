"""What of a company or person a reader may see, as a card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils.translation import get_language, override

from vinculo.kernel.countries import country_name
from vinculo.parties.cards.writing import Card, Way, card_text
from vinculo.parties.contacts import points_of
from vinculo.parties.kinds import kinds_seen_by
from vinculo.parties.models import ContactKind, ContactPoint, Kind, Party
from vinculo.parties.portraits.keeping import picture_of
from vinculo.platform.models import User
from vinculo.records.entity import Entity
from vinculo.records.references import hidden_targets
from vinculo.records.registry import entity

TOGETHER = 500
#: So many characters a phone's camera still reads off a screen.
MOST_IN_A_CODE = 900


def card_of(user: User, party: Party, *, hidden: set[tuple[str, int]] | None = None) -> Card:
    """The card of one party: only the fields, contact points and names that the user may see, and
    no way by which the party does not want to be reached. `hidden` are related records they may
    not see, where that is known already."""
    declared = entity(f"parties.{party.kind}")
    fields = {field.name: field for field in declared.fields_for(user)}
    if hidden is None:
        hidden = hidden_targets([party], fields.values(), user)

    def said(name: str) -> Any:
        return fields[name].value(party) if name in fields else ""

    is_company = party.kind == Kind.COMPANY
    employer = said("company") if not is_company else None
    if employer is not None and employer != "" and ("company", employer.pk) in hidden:
        employer = None
    return Card(
        name=str(said("name") or ""),
        is_company=is_company,
        given=said("given_name"),
        family=said("family_name"),
        prefix=said("salutation"),
        company=employer.name if employer else "",
        title=said("job_title"),
        other_name=said("native_name"),
        website=said("website"),
        birthday=said("birthday") or None,
        note=said("description"),
        tags=tuple(said("tags") or ()),
        language=said("language"),
        uid=f"urn:uuid:{uuid5(NAMESPACE_URL, _page(party))}",
        changed_at=said("updated_at") or None,
        ways=_ways(user, party),
        picture=picture_of(party),
    )


def cards_text(user: User, declared: Entity, ids: Sequence[int], version: str) -> Iterator[str]:
    """The cards of the records among `ids` that the user may export, some hundreds at a time: three
    questions each time. The language is the one in force now, not when the lines are asked for."""
    return _cards_text(user, declared, ids, version, get_language() or "en")


def _cards_text(
    user: User, declared: Entity, ids: Sequence[int], version: str, language: str
) -> Iterator[str]:
    fields = declared.fields_for(user)
    for start in range(0, len(ids), TOGETHER):
        rows = declared.with_references(declared.visible(user, "export"))
        some = list(rows.filter(pk__among=list(ids[start : start + TOGETHER])).order_by("pk"))
        points: dict[int, list[ContactPoint]] = {party.pk: [] for party in some}
        for point in ContactPoint.objects.filter(party_id__in=list(points)).order_by("pk"):
            points[point.party_id].append(point)
        hidden = hidden_targets(some, fields, user)
        with override(language):
            for party in some:
                party._points = points[party.pk]
                yield card_text(card_of(user, party, hidden=hidden), version)


def short_text(card: Card) -> str:
    """The card for a QR code: by what one is reached, as much of it as a camera still reads."""
    lean = replace(card, picture=b"", note="", tags=(), uid="", changed_at=None, language="")
    for shorter in (
        lean,
        replace(lean, ways=_one_of_each(lean.ways)),
        replace(lean, ways=_one_of_each(lean.ways, "address", "social"), other_name=""),
    ):
        text = card_text(shorter, "3.0").replace("PRODID:-//Vinculo//vCard//EN\r\n", "")
        if len(text.encode()) <= MOST_IN_A_CODE:
            break
    return text


def _one_of_each(ways: Sequence[Way], *without: str) -> tuple[Way, ...]:
    found: dict[str, Way] = {}
    for way in ways:
        if way.kind not in without:
            found.setdefault(way.kind, way)
    return tuple(found.values())


def _ways(user: User, party: Party) -> tuple[Way, ...]:
    """How the party is reached, the first of each kind first."""
    kinds = kinds_seen_by(user, party.kind)
    order = {kind: place for place, kind in enumerate(ContactKind.values)}
    language = get_language() or "en"
    points = [
        point for point in points_of(party) if point.kind in kinds and not point.do_not_contact
    ]
    points.sort(key=lambda point: (order[point.kind], not point.is_primary, point.pk))
    return tuple(
        Way(
            kind=point.kind,
            typed=point.typed or point.value,
            value=point.value,
            label=point.label,
            first=point.is_primary,
            parts=(
                point.street,
                point.city,
                point.region,
                point.postal_code,
                country_name(point.country, language) if point.country else "",
            ),
        )
        for point in points
    )


def _page(party: Party) -> str:
    path = "companies" if party.kind == Kind.COMPANY else "people"
    return f"{settings.VINCULO_URL}/{path}/{party.pk}"
