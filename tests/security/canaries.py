"""A word that stands nowhere else, planted in every field of a record, old and new."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from vinculo.parties.actions import (
    add_address,
    add_email,
    add_person,
    add_phone,
    edit_relation,
)
from vinculo.parties.models import Relation
from vinculo.platform.journal import change_set
from vinculo.platform.models import User
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.registry import entities
from vinculo.records.writing import edit_record

#: Values that stand as such on pages; what is chosen from a list stands there anyway.
WORDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.URL, Kind.EMAIL, Kind.PHONE, Kind.TAGS)
#: A name follows its parts, and what a record is called is hidden from nobody: these are written
#: past the verb, so that the name says nothing of them.
PARTS_OF_A_NAME = {"parties.person": ("given_name", "family_name")}
#: Years in which nothing else happened: the first record type's, the next one's after it.
YEAR = 1931


def hideable(entity: Entity) -> list[str]:
    """Every field that a role can hide: all but what a record is called."""
    return [name for name in entity.all_fields if name != entity.title]


def word(entity: Entity, field: Field, turn: str) -> str:
    """The canary of a field, like no other record type's: `turn` is "Old" or "New"."""
    name = field.name.replace("_", "")
    place = [one.key for one in entities()].index(entity.key)
    mark = chr(ord("a") + place // 26) + chr(ord("a") + place % 26)
    if field.kind is Kind.PHONE:
        return f"600987{place:02}" + str(len(turn + name) % 10) + ("1" if turn == "Old" else "2")
    if field.kind is Kind.EMAIL:
        return f"qz{mark}{name}{turn}@canary.example".lower()
    if field.kind is Kind.URL:
        return f"https://qz{mark}{name}{turn}.canary.example".lower()
    if field.kind in (Kind.DATE, Kind.DATETIME):
        return str(YEAR + place)
    return f"Qz{mark}{name[:12]}{turn}"  # the shortest columns hold twenty letters


def value(entity: Entity, field: Field, turn: str) -> Any:
    """The canary as the field takes it."""
    canary = word(entity, field, turn)
    if field.kind is Kind.TAGS:
        return [canary]
    if field.kind is Kind.PHONE:
        return "+34" + canary
    if field.kind is Kind.DATE:
        return date(int(canary), 3, 9)
    if field.kind is Kind.DATETIME:
        return datetime(int(canary), 3, 9, 12, tzinfo=UTC)
    return canary


def plant(entity: Entity, record: Any, owner: User) -> dict[str, tuple[str, str]]:
    """Put canaries into every field that holds words or days; returns field → (old, new)."""
    planted: dict[str, tuple[str, str]] = {}
    for name in hideable(entity):
        field = entity.all_fields[name]
        if field.kind not in (*WORDS, Kind.DATE, Kind.DATETIME) or field.choices:
            continue
        if field.computed or entity.field_for(owner, name) is None:
            continue  # a sensitive field, which nobody sees without a right of its own
        if not _write(entity, record, field, owner):
            continue
        planted[name] = (word(entity, field, "Old"), word(entity, field, "New"))
    return planted


def plant_parts(company: Any, person: Any, owner: User) -> dict[tuple[str, str], str]:
    """Put canaries into what belongs to a company and a person without being a field of theirs: a
    second phone, e-mail and address, a relation. Returns the field that rules over each → the word.
    """
    for party in (company, person):
        key = f"parties.{party.kind}"
        add_phone(actor=owner, party=party, typed=PARTS[key, "phone"])
        add_email(actor=owner, party=party, typed=PARTS[key, "email"])
        city = PARTS[key, "city"]
        add_address(actor=owner, party=party, street="Any 1", city=city, country="ES")
    relation = Relation.objects.filter(person_id=person.pk, company_id=company.pk).first()
    relation = relation or add_person(actor=owner, company=company, person=person)
    for title in ("Qzearlier", PARTS["parties.person", "job_title"]):
        edit_relation(actor=owner, relation=relation, role="buyer", title=title)
    return PARTS


PARTS = {
    ("parties.company", "phone"): "+34600987600",
    ("parties.company", "email"): "qzother@canary.example",
    ("parties.company", "city"): "Qzcityone",
    ("parties.person", "phone"): "+34600987601",
    ("parties.person", "email"): "qzanother@canary.example",
    ("parties.person", "city"): "Qzcitytwo",
    ("parties.person", "job_title"): "Qztitle",
}


def _write(entity: Entity, record: Any, field: Field, owner: User) -> bool:
    """Through the ordinary verb where people may write it, past it where only code does."""
    rows = entity.model._default_manager.filter(pk=record.pk)
    if field.name in PARTS_OF_A_NAME.get(entity.key, ()):
        for turn in ("Old", "New"):
            with change_set(actor=owner, verb="records.edit"):
                rows.update(**{field.name: value(entity, field, turn)})
                if entity.derive is not None:
                    entity.derive([record.pk])
        record.refresh_from_db()
        return True
    if field.editable:
        for turn in ("Old", "New"):
            data = {field.name: value(entity, field, turn)}
            edit_record(actor=owner, entity=entity, record=record, data=data)
        return True
    column = {one.name: one for one in record._meta.fields}.get(field.column or "")
    if column is None or column.is_relation or field.name in ("created_at", "updated_at"):
        return False
    limit = getattr(column, "max_length", None) or 500
    shortened = value(entity, field, "New")
    if isinstance(shortened, str):
        shortened = shortened[:limit]
    rows.update(**{field.column: shortened})
    return True
