"""The parts of a company's or person's page that are no plain facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.parties.contacts import points_of
from vinculo.parties.hierarchy import companies_above, companies_below
from vinculo.parties.kinds import (
    kinds_changed_by,
    kinds_seen_by,
    places_seen_by,
    titles_seen_by,
)
from vinculo.parties.models import Company, ContactKind, ContactPoint, Party, Person, Relation
from vinculo.parties.reaching import map_link, reach_link
from vinculo.platform.access import reaches
from vinculo.platform.models import User
from vinculo.records.entity import Panel

MOST_PEOPLE = 20
RELATION = tuple(column.name for column in Relation._meta.concrete_fields)
_never = date.min

WAYS = (
    (ContactKind.PHONE, pgettext_lazy("do it now", "Call"), "phone"),
    (ContactKind.EMAIL, pgettext_lazy("do it now", "Write"), "mail"),
    (ContactKind.ADDRESS, _("Navigate"), "navigation"),
)
ICONS = {"phone": "phone", "email": "mail", "address": "map-pin", "social": "at-sign"}


def contacts(request: Any, party: Party) -> dict[str, Any]:
    """All ways to reach a party, the primary one of each kind first."""
    kinds = kinds_seen_by(request.user, party.kind)
    order = {kind: place for place, kind in enumerate(ContactKind.values)}
    points = [point for point in points_of(party) if point.kind in kinds]
    listed = sorted(points, key=lambda p: (order[p.kind], not p.is_primary, p.pk))
    editable = reaches(request.user, party, "edit")
    writable = kinds_changed_by(request.user, party.kind) if editable else []
    several = Counter(point.kind for point in listed)
    return {
        "points": [
            {
                "point": point,
                "icon": ICONS[point.kind],
                "editable": point.kind in writable,
                "first": point.is_primary and several[point.kind] > 1,
                "noted": _is_noted(point, several[point.kind] > 1),
            }
            for point in listed
        ],
        "add": [
            {"url": f"{page_of(party)}/do/parties.add_{kind}", "label": label, "icon": ICONS[kind]}
            for kind, label in ContactKind.choices
            if kind in writable
        ],
    }


def reach(request: Any, party: Party) -> dict[str, Any] | None:
    """What a thumb does with a customer: call, write, drive there; by the first of each kind."""
    kinds = kinds_seen_by(request.user, party.kind)
    first = {
        point.kind: point
        for point in points_of(party)
        if point.kind in kinds and point.is_primary and not point.do_not_contact
    }
    ways = [
        {"url": url, "label": label, "icon": icon, "outside": url.startswith("https:")}
        for kind, label, icon in WAYS
        if kind in first and (url := reach_link(first[kind]) or map_link(first[kind]))
    ]
    return {"ways": ways} if ways else None


def _is_noted(point: ContactPoint, several: bool) -> bool:
    """Whether there is anything to say under a contact point."""
    said = point.label or point.verified_at or point.do_not_contact or point.is_valid is False
    return bool(said or (several and point.is_primary))


def people(request: Any, company: Company) -> dict[str, Any] | None:
    """Who works (or worked) in a company, as far as the reader may see them."""
    if not places_seen_by(request.user):
        return None
    relations = (
        Relation.objects.filter(company=company)
        .visible_to(request.user)
        .select_related("person")
        .only(*RELATION, "person__name", "person__kind")
        .order_by(F("ended_on").desc(nulls_first=True), "-started_on", "pk")
    )
    listed = _without_titles(request.user, relations[: 2 * MOST_PEOPLE])
    present = [one for one in listed if one.ended_on is None]
    former = [one for one in listed if one.ended_on is not None]
    return {
        "present": present[:MOST_PEOPLE],
        "more": len(present) > MOST_PEOPLE,
        "former": former[:MOST_PEOPLE],
        "editable": reaches(request.user, company, "edit"),
        "url": page_of(company),
        "company": company,
    }


def companies(request: Any, person: Person) -> dict[str, Any] | None:
    """Where a person works and worked, with dates, as far as the reader may see it."""
    if not places_seen_by(request.user):
        return None
    relations = (
        Relation.objects.filter(person=person)
        .visible_to(request.user)
        .select_related("company")
        .only(*RELATION, "company__name", "company__kind")
    )
    listed = sorted(
        _without_titles(request.user, relations[:MOST_PEOPLE]),
        key=lambda r: (r.ended_on is not None, -(r.ended_on or r.started_on or _never).toordinal()),
    )
    return {
        "relations": listed,
        "editable": reaches(request.user, person, "edit"),
        "url": page_of(person),
        "person": person,
    }


def _without_titles(user: User, relations: Iterable[Relation]) -> list[Relation]:
    """The relations, without job titles where a rule hides them from the reader."""
    listed = list(relations)
    if not titles_seen_by(user):
        for relation in listed:
            relation.title = ""
    return listed


def group(request: Any, company: Company) -> dict[str, Any] | None:
    """The companies above and below; nothing to show for a company that stands alone."""
    above = companies_above(company, request.user)
    below = companies_below(company, request.user)
    if not above and not below:
        return None
    return {
        "above": list(reversed(above)),
        "below": below,
        "editable": reaches(request.user, company, "edit"),
        "url": page_of(company),
    }


def who(request: Any, party: Party) -> dict[str, Any]:
    """Who can see this record: asked for only when somebody opens it."""
    return {"who_url": f"{page_of(party)}/who"}


def page_of(party: Party) -> str:
    """The address of a party's page."""
    return f"/{'companies' if party.kind == 'company' else 'people'}/{party.pk}"


CONTACTS = Panel(
    "contacts", _("Contact details"), "parties/panel_contacts.html", contacts, order=10
)
PEOPLE = Panel("people", _("People"), "parties/panel_people.html", people, order=20)
COMPANIES = Panel("companies", _("Companies"), "parties/panel_companies.html", companies, order=20)
GROUP = Panel("group", _("Group of companies"), "parties/panel_group.html", group, order=40)
REACH = Panel("reach", _("Reach them"), "parties/panel_reach.html", reach, place="foot")
WHO = Panel("who", _("Who can see this"), "parties/panel_who.html", who, order=90)
