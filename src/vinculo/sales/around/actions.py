"""The verbs of who stands around a deal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.kernel.text import clean
from vinculo.parties.models import Person
from vinculo.platform import journal
from vinculo.platform.access import rights_of
from vinculo.platform.actions import action
from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.sales.around.forms import CompetitorForm, SplitForm, StakeholderForm
from vinculo.sales.around.models import Competitor, Part, Share, Stakeholder
from vinculo.sales.deals.models import Deal

DEAL = "sales.deal"
MOST = 50


def _never(_record: Any) -> bool:
    """The panel of who stands around a deal offers it."""
    return False


def _held(actor: User, deal: Deal) -> Deal:
    """The deal, held, if the actor may change it."""
    declared = entity(DEAL)
    rows = declared.visible(actor, "edit").select_for_update(of=("self",), no_key=True)
    found: Deal | None = rows.filter(pk=deal.pk).first()
    if found is None:
        if declared.visible(actor).filter(pk=deal.pk).exists():
            raise NotAllowed(_("You may see this record but not change it."))
        raise NotFound(_("There is no such deal, or you may not see it."))
    journal.relabel(found.name)
    return found


@action(
    "sales.add_stakeholder",
    label=_t("Add stakeholder"),
    done=_t("Saved."),
    form=StakeholderForm,
    on=DEAL,
    subject="deal",
    icon="user-plus",
    granted=False,
    offered=_never,
)
def add_stakeholder(
    *, actor: User, deal: Deal, person: Person, part: str, note: str = ""
) -> Stakeholder:
    """Note a person's part in a deal, or another one for a person noted already."""
    held = _held(actor, deal)
    if rights_of(actor).field_rule(DEAL, "person") == "hidden":
        raise NotAllowed(_("You may not change this field."), field="person")
    if not entity("parties.person").visible(actor).filter(pk=person.pk).exists():
        raise NotFound(_("There is no such record, or you may not see it."), field="person")
    if part not in Part.values:
        raise DomainError(_("Choose one from the list."), field="part")
    if Stakeholder.objects.filter(deal=held).count() >= MOST:
        raise DomainError(_("At most %(most)s of them can be noted."), most=MOST)
    known = Stakeholder.objects.filter(deal=held, person=person).order_by("pk").first()
    made = known or Stakeholder(deal=held, person=person)
    made.part, made.note = part, clean(note)
    made.save()
    return made


@action(
    "sales.add_competitor",
    label=_t("Add competitor"),
    done=_t("Saved."),
    form=CompetitorForm,
    on=DEAL,
    subject="deal",
    icon="swords",
    granted=False,
    offered=_never,
)
def add_competitor(*, actor: User, deal: Deal, name: str, note: str = "") -> Competitor:
    """Note who else wants a deal, or something else about them."""
    held = _held(actor, deal)
    called = clean(name)[:120]
    if not called:
        raise DomainError(_("Write a name."), field="name")
    if Competitor.objects.filter(deal=held).count() >= MOST:
        raise DomainError(_("At most %(most)s of them can be noted."), most=MOST)
    known = Competitor.objects.filter(deal=held, name__iexact=called).first()
    made = known or Competitor(deal=held, name=called)
    made.note = clean(note)
    made.save()
    return made


@action("sales.remove_around", label=_t("Take away from a deal"), granted=False)
def remove_around(*, actor: User, row: Stakeholder | Competitor) -> None:
    """Take a stakeholder or competitor away from a deal."""
    _held(actor, row.deal)
    row.delete()


@action(
    "sales.split_credit",
    label=_t("Split credit"),
    done=_t("Saved."),
    form=SplitForm,
    on=DEAL,
    subject="deal",
    icon="chart-pie",
    granted=False,
    offered=_never,
)
def split_credit(*, actor: User, deal: Deal, shares: Sequence[tuple[User, int]]) -> list[Share]:
    """Give colleagues their part of the credit, in percent; what is left stays with the owner. A
    colleague named twice has both parts."""
    held = _held(actor, deal)
    wanted: dict[int, int] = {}
    for user, percent in shares:
        wanted[user.pk] = wanted.get(user.pk, 0) + percent
    if sum(wanted.values()) > 100:
        raise DomainError(_("Together the shares are more than 100 %."))
    if held.owner_id in wanted:
        raise DomainError(_("The owner has what is left. Choose other colleagues."))
    known = {one.user_id: one for one in Share.objects.filter(deal=held)}
    for user_id, one in known.items():
        if user_id not in wanted:
            one.delete()
    for user_id, percent in wanted.items():
        row = known.get(user_id) or Share(deal=held, user_id=user_id)
        if row.pk is None or row.percent != percent:
            row.percent = percent
            row.save()
    return list(Share.objects.filter(deal=held).order_by("-percent", "pk"))
