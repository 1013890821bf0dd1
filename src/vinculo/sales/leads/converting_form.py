"""What is asked to convert a lead: whom it is, and what the deal is; all else the lead knows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.money import currencies_in_use
from vinculo.parties.duplicates import Match, possible_matches
from vinculo.parties.models import Kind
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import User
from vinculo.products.currency import books_currency
from vinculo.records.forms import ReferenceField, RowChoice
from vinculo.records.registry import entity
from vinculo.sales.deals.forms import day_input
from vinculo.sales.leads.forms import LeadForm
from vinculo.sales.leads.models import Lead
from vinculo.sales.leads.rules import as_company, as_person, values_seen
from vinculo.sales.pipelines.known import default_pipeline, pipelines_for

NEW = "new"
#: A match that is so sure is offered before a new record: many people have the same name.
SURE = {Kind.COMPANY: 80, Kind.PERSON: 85}


class ConvertForm(LeadForm):
    """Who the customer is, made or known already; the deal's name, way and worth."""

    company = forms.ChoiceField(label=_("Company"), required=False, widget=forms.RadioSelect)
    person = forms.ChoiceField(label=_("Person"), required=False, widget=forms.RadioSelect)
    name = CleanText(label=_("Name of the deal"), max_length=200)
    pipeline = RowChoice(label=_("Pipeline"), required=False)
    amount = forms.DecimalField(
        label=_("Amount"), localize=True, required=False, min_value=0, max_digits=18
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    close_on = forms.DateField(label=_("Close date"), widget=day_input(), required=False)

    field_order = ("company", "known_company", "person", "known_person")

    def __init__(
        self, data: Any = None, files: Any = None, *, user: User, record: Lead | None = None
    ) -> None:
        super().__init__(data, files, user=user, record=record)
        said = values_seen(user, record) if record is not None else {}
        told = {Kind.COMPANY: as_company(said), Kind.PERSON: as_person(said)}
        for kind, label in (
            (Kind.COMPANY, _("Another company")),
            (Kind.PERSON, _("Another person")),
        ):
            self._offer(kind, told[kind])
            self.fields[f"known_{kind}"] = ReferenceField(
                entity(f"parties.{kind}"), user, label=label, required=False
            )
        self.order_fields(self.field_order)
        self.initial["name"] = said.get("interest") or said.get("name") or ""
        self._deal(user)

    def _offer(self, kind: Kind, told: dict[str, Any]) -> None:
        """A new record where the lead says enough for one, those that may be it, or none."""
        matches = possible_matches(self.user, kind, told) if any(told.values()) else []
        seen = [match for match in matches if match.party is not None]
        called = told.get("name") or " ".join(
            str(told[one]) for one in ("given_name", "family_name") if told.get(one)
        )
        may_add = rights_of(self.user).scope(f"parties.{kind}", "add") is not Scope.NONE
        choices = [(str(match.party_id), _match(match)) for match in seen]
        if may_add and (called or self.record is None):
            choices.append((NEW, gettext("New: %(name)s") % {"name": called} if called else NEW))
        choices.append(("", gettext("None")))
        field: Any = self.fields[kind]
        field.choices = choices
        sure = [one for one in seen if one.score >= SURE[kind] or one.refuses]
        fresh = NEW if NEW in dict(choices) else ""
        self.initial[kind] = str(sure[0].party_id) if sure else fresh
        if len(seen) < len(matches):
            field.help_text = gettext("A colleague already has this customer.")

    def _deal(self, user: User) -> None:
        """Where deals of this person usually go."""
        pipeline: Any = self.fields["pipeline"]
        pipeline.choices = [(one.pk, one.name) for one in pipelines_for(user)]
        usual = default_pipeline(user)
        self.initial["pipeline"] = usual.pk if usual is not None else None
        currency: Any = self.fields["currency"]
        currency.choices = [(code, code) for code in currencies_in_use()]
        self.initial["currency"] = books_currency()


def _match(match: Match) -> str:
    """A customer who may be it, and why one thinks so."""
    said = gettext("Use “%(name)s” (%(reasons)s)")
    return said % {"name": match.party.name if match.party else "", "reasons": ", ".join(match.why)}
