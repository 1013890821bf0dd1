"""Pools and their rules in words."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from vinculo.platform.formats import number_text
from vinculo.sales.pools.models import RecycleRule


def reason_of(rule: RecycleRule) -> str:
    """Why a record goes back by a rule."""
    said = []
    if rule.no_contact is not None:
        said.append(
            ngettext("no contact for %(n)s day", "no contact for %(n)s days", rule.no_contact)
            % {"n": number_text(rule.no_contact)}
        )
    if rule.no_deal is not None:
        said.append(
            ngettext("no open deal for %(n)s day", "no open deal for %(n)s days", rule.no_deal)
            % {"n": number_text(rule.no_deal)}
        )
    if rule.classes:
        said.append(gettext("class %(letters)s") % {"letters": ", ".join(rule.classes)})
    return ", ".join(said)
