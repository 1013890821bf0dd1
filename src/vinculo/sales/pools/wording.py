"""Pools and their rules in words."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from vinculo.platform.formats import number_text
from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.sales.conditions import words_of
from vinculo.sales.pools.membership import POOLED
from vinculo.sales.pools.models import RecycleRule


def reason_of(rule: RecycleRule, reader: User | None = None) -> str:
    """Why a record goes back by a rule, as far as `reader` sees the fields it speaks of; without a
    reader, as everybody may be told."""
    said = []
    if rule.no_contact is not None:
        said.append(_quiet(rule, rule.no_contact))
    if rule.no_deal is not None:
        said.append(
            ngettext("no open deal for %(n)s day", "no open deal for %(n)s days", rule.no_deal)
            % {"n": number_text(rule.no_deal)}
        )
    if rule.days_after is not None:
        said.append(_after_a_date(rule, rule.days_after, reader))
    if rule.classes and (reader is None or _label(rule, "value_class", reader)):
        said.append(gettext("class %(letters)s") % {"letters": ", ".join(rule.classes)})
    return ", ".join(said)


def said_to(rule: RecycleRule, administrator: User) -> str:
    """All that a rule says, for whoever makes it: its condition, too."""
    asked = words_of(rule.pool.entity, rule.query)
    return ", ".join([reason_of(rule, administrator), *asked])


def _quiet(rule: RecycleRule, days: int) -> str:
    """For how long nothing happened: no contact with a customer, nothing done about a lead."""
    if POOLED[rule.pool.entity].is_customer:
        text = ngettext("no contact for %(n)s day", "no contact for %(n)s days", days)
    else:
        text = ngettext("untouched for %(n)s day", "untouched for %(n)s days", days)
    return text % {"n": number_text(days)}


def _after_a_date(rule: RecycleRule, days: int, reader: User | None) -> str:
    """So many days after a date: which one, only to those who see it."""
    label = _label(rule, rule.date_field, reader) if reader is not None else ""
    if not label:
        text = ngettext("%(n)s day after a date of the record",
                        "%(n)s days after a date of the record", days)  # fmt: skip
        return text % {"n": number_text(days)}
    text = ngettext("%(n)s day after “%(date)s”", "%(n)s days after “%(date)s”", days)
    return text % {"n": number_text(days), "date": label}


def _label(rule: RecycleRule, name: str, reader: User) -> str:
    """What a field is called; "" where the reader sees none of this name."""
    field = entity(rule.pool.entity).field_for(reader, name)
    return str(field.label) if field is not None else ""
