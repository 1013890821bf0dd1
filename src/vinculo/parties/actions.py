"""The verbs of this room: how a party is reached, who works where, which company is above."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import NotAllowed, NotFound, _
from vinculo.parties import contacts, hierarchy, relations
from vinculo.parties.contacts import ContactBook
from vinculo.parties.derived import refresh
from vinculo.parties.forms import (
    AddAddressForm,
    AddCompanyForm,
    AddEmailForm,
    AddPersonForm,
    AddPhoneForm,
    AddSocialForm,
    SetParentForm,
    address_in,
)
from vinculo.parties.kinds import kinds_changed_by, titles_changed_by
from vinculo.parties.models import Company, ContactKind, ContactPoint, Party, Person, Relation
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.events import emit
from vinculo.platform.models import User

BOTH = ("parties.company", "parties.person")


def _may_edit(actor: User, party: Party) -> None:
    """Who may change a party may change how it is reached and where it stands."""
    if Party.objects.visible_to(actor, "edit").filter(pk=party.pk).exists():
        return
    if Party.objects.visible_to(actor).filter(pk=party.pk).exists():
        raise NotAllowed(_("You may see this record but not change it."))
    raise NotFound(_("There is no such record, or you may not see it."))


def _may_change(actor: User, party: Party, kind: str) -> None:
    """A read-only phone stays as it is, whichever way somebody comes."""
    _may_edit(actor, party)
    if kind not in kinds_changed_by(actor, party.kind):
        raise NotAllowed(_("You may see this record but not change it."))


def _may_title(actor: User, held: str, title: str) -> None:
    """A job title that a rule lets one only read stays as it is."""
    if title != held and not titles_changed_by(actor):
        raise NotAllowed(_("You may see this record but not change it."))


def _done(party: Party) -> None:
    refresh([party.pk])
    journal.relabel(party.name)


# --- contact points -----------------------------------------------------------------------------


@action(
    "parties.add_phone",
    label=_t("Add phone"),
    form=AddPhoneForm,
    on=BOTH,
    subject="party",
    icon="phone",
    granted=False,
)
def add_phone(
    *, actor: User, party: Party, typed: str, label: str = "", make_primary: bool = False
) -> ContactPoint:
    """Note one more phone number of a company or person."""
    return _add(actor, party, ContactKind.PHONE, typed, label, make_primary)


@action(
    "parties.add_email",
    label=_t("Add e-mail address"),
    form=AddEmailForm,
    on=BOTH,
    subject="party",
    icon="mail",
    granted=False,
)
def add_email(
    *, actor: User, party: Party, typed: str, label: str = "", make_primary: bool = False
) -> ContactPoint:
    """Note one more e-mail address of a company or person."""
    return _add(actor, party, ContactKind.EMAIL, typed, label, make_primary)


@action(
    "parties.add_social",
    label=_t("Add social network"),
    form=AddSocialForm,
    on=BOTH,
    subject="party",
    icon="at-sign",
    granted=False,
)
def add_social(
    *, actor: User, party: Party, typed: str, label: str = "", make_primary: bool = False
) -> ContactPoint:
    """Note a company's or person's name in a social network or messenger."""
    return _add(actor, party, ContactKind.SOCIAL, typed, label, make_primary)


@action(
    "parties.add_address",
    label=_t("Add address"),
    form=AddAddressForm,
    on=BOTH,
    subject="party",
    icon="map-pin",
    granted=False,
)
def add_address(
    *,
    actor: User,
    party: Party,
    street: str = "",
    postal_code: str = "",
    city: str = "",
    region: str = "",
    country: str = "",
    label: str = "",
    make_primary: bool = False,
) -> ContactPoint:
    """Note one more postal address of a company or person; `country` is an ISO code."""
    parts = {
        "street": street,
        "postal_code": postal_code,
        "city": city,
        "region": region,
        "country": country,
    }
    return _add(actor, party, ContactKind.ADDRESS, "", label, make_primary, parts)


def _add(
    actor: User,
    party: Party,
    kind: str,
    typed: str,
    label: str,
    make_primary: bool,
    parts: dict[str, Any] | None = None,
) -> ContactPoint:
    _may_change(actor, party, kind)
    point = ContactBook(party).add(
        kind,
        typed,
        label=label,
        make_primary=make_primary,
        address=address_in(parts) if parts is not None else None,
    )
    _done(party)
    return point


@action("parties.edit_contact_point", label=_t("Correct contact detail"), granted=False)
def edit_contact_point(
    *,
    actor: User,
    point: ContactPoint,
    typed: str = "",
    label: str = "",
    street: str = "",
    postal_code: str = "",
    city: str = "",
    region: str = "",
    country: str = "",
) -> ContactPoint:
    """Correct a phone, e-mail, address or social name; a new value is not verified any more."""
    _may_change(actor, point.party, point.kind)
    address = None
    if point.kind == ContactKind.ADDRESS:
        address = address_in(
            {
                "street": street,
                "postal_code": postal_code,
                "city": city,
                "region": region,
                "country": country,
            }
        )
    book = ContactBook(point.party)
    changed = book.held(point)
    book.change(changed, typed, label=label, address=address)
    _done(point.party)
    return changed


@action("parties.remove_contact_point", label=_t("Remove contact detail"), granted=False)
def remove_contact_point(*, actor: User, point: ContactPoint) -> None:
    """Take a contact point away; the next one of its kind becomes primary."""
    _may_change(actor, point.party, point.kind)
    book = ContactBook(point.party)
    book.remove(book.held(point))
    _done(point.party)


@action("parties.make_primary", label=_t("Use first"), granted=False)
def make_primary(*, actor: User, point: ContactPoint) -> None:
    """Let this contact point come first among those of its kind."""
    _may_change(actor, point.party, point.kind)
    book = ContactBook(point.party)
    book.make_primary(book.held(point))
    _done(point.party)


@action("parties.mark_verified", label=_t("Mark as verified"), granted=False)
def mark_verified(*, actor: User, point: ContactPoint, verified: bool = True) -> None:
    """Vouch that this contact point reaches the party, or take that back."""
    _may_change(actor, point.party, point.kind)
    contacts.mark_verified(point, now() if verified else None)
    _done(point.party)


@action("parties.mark_do_not_contact", label=_t("Do not contact"), granted=False)
def mark_do_not_contact(*, actor: User, point: ContactPoint, refused: bool = True) -> None:
    """Note that the party does not want to be reached this way, or does again."""
    _may_change(actor, point.party, point.kind)
    contacts.mark_do_not_contact(point, refused)
    _done(point.party)
    name = "parties.contact_refused" if refused else "parties.contact_allowed"
    emit(name, {"party": point.party_id, "contact_point": point.pk, "kind": point.kind})


# --- who works where ----------------------------------------------------------------------------


@action(
    "parties.add_person",
    label=_t("Add person"),
    form=AddPersonForm,
    on="parties.company",
    subject="company",
    icon="user-plus",
    granted=False,
)
def add_person(
    *,
    actor: User,
    company: Company,
    person: Person,
    role: str = "employee",
    title: str = "",
    started_on: date | None = None,
) -> Relation:
    """Note that somebody works in this company."""
    return _begin(actor, person, company, role, title, started_on)


@action(
    "parties.add_company",
    label=_t("Add company"),
    form=AddCompanyForm,
    on="parties.person",
    subject="person",
    icon="building-2",
    granted=False,
)
def add_company(
    *,
    actor: User,
    person: Person,
    company: Company,
    role: str = "employee",
    title: str = "",
    started_on: date | None = None,
) -> Relation:
    """Note that this person works in a company."""
    return _begin(actor, person, company, role, title, started_on)


def _begin(
    actor: User, person: Person, company: Company, role: str, title: str, started_on: date | None
) -> Relation:
    """Somebody begins to work in a company."""
    _may_title(actor, "", title)
    _may_edit(actor, person)
    _may_edit(actor, company)
    before = person.company_id
    relation = relations.begin(person, company, role=role, title=title, started_on=started_on)
    refresh({person.pk, company.pk} | ({before} if before else set()))
    emit("parties.person_joined", {"person": person.pk, "company": company.pk, "role": role})
    journal.relabel(f"{person.name} · {company.name}")
    return relation


@action("parties.edit_relation", label=_t("Change role"), granted=False)
def edit_relation(
    *,
    actor: User,
    relation: Relation,
    role: str,
    title: str = "",
    started_on: date | None = None,
) -> None:
    """Correct what a person is in a company, and since when."""
    _may_title(actor, relation.title, title)
    _may_edit(actor, relation.person)
    _may_edit(actor, relation.company)
    relations.correct(relation, role=role, title=title, started_on=started_on)
    refresh({relation.person_id, relation.company_id})
    journal.relabel(f"{relation.person.name} · {relation.company.name}")


@action("parties.end_relation", label=_t("End relation"), granted=False)
def end_relation(*, actor: User, relation: Relation, ended_on: date) -> None:
    """Note that a person does not work in a company any more."""
    _may_edit(actor, relation.person)
    _may_edit(actor, relation.company)
    relations.end(relation, ended_on)
    refresh({relation.person_id, relation.company_id})
    emit(
        "parties.person_left",
        {"person": relation.person_id, "company": relation.company_id},
    )
    journal.relabel(f"{relation.person.name} · {relation.company.name}")


# --- which company is above ---------------------------------------------------------------------


@action(
    "parties.set_parent",
    label=_t("Move under a parent company"),
    form=SetParentForm,
    on="parties.company",
    subject="company",
    icon="network",
    granted=False,
)
def set_parent(*, actor: User, company: Company, parent: Company | None) -> None:
    """Put a company below another one, or on top; a circle is refused."""
    _may_edit(actor, company)
    hierarchy.set_parent(company, parent)
    _done(company)
