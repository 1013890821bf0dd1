"""The verbs: switch a rule, have the rules look or write, restore what was typed."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.addresses import Address
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.parties.contacts import lock
from vinculo.parties.derived import refresh
from vinculo.parties.models import ContactKind, ContactPoint, Party
from vinculo.parties.standardising.applying import PERSON_FIELDS
from vinculo.parties.standardising.catalogue import RULES
from vinculo.parties.standardising.keeping import typed_of
from vinculo.parties.standardising.models import RuleSwitch, StandardisingRun
from vinculo.parties.standardising.running import start_run, writable_by
from vinculo.parties.standardising.switching import active_rules, look_again
from vinculo.parties.understanding import country_of, understand, understand_address
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import User


@action("parties.switch_standard", label=_t("Switch a rule of standardising"), granted=False)
def switch_standard(
    *, actor: User, key: str, active: bool | None = None, incoming: bool | None = None
) -> RuleSwitch:
    """Let a rule be applied or not, by runs (`active`) and to what comes in; a rule that is
    switched off is not applied to what comes in either."""
    administrators_only(actor)
    rule = RULES.get(key)
    if rule is None:
        raise NotFound(_("This is no longer there, or you may not see it."))
    one = RuleSwitch.objects.filter(key=key).select_for_update().first()
    one = one or RuleSwitch(key=key, active=rule.usual)
    if active is not None:
        one.active = active
    if incoming is not None:
        one.incoming = incoming
    if incoming:
        one.active = True
    one.incoming = one.incoming and one.active
    one.save()
    look_again()
    journal.relabel(f"{rule.label}")
    return one


def look(*, actor: User, token: str, again: bool = False) -> StandardisingRun:
    """Count what the rules that are on would change in all records; nothing is changed."""
    administrators_only(actor)
    rules = [rule.key for rule in active_rules()]
    if not rules:
        raise DomainError(_("Switch on at least one rule."))
    return start_run(actor=actor, token=token, rules=rules, again=again)


def apply(*, actor: User, token: str, seen: StandardisingRun) -> StandardisingRun:
    """Have the rules of a look that is done change all records, in one change-set."""
    administrators_only(actor)
    if seen.writes or not seen.done:
        raise DomainError(_("Wait until the preview is complete."))
    return start_run(actor=actor, token=token, rules=seen.rules, writes=True, again=seen.again)


@action("parties.restore_typed", label=_t("Restore what was typed"), granted=False)
def restore_typed(
    *, actor: User, party: Party, field: str, point: ContactPoint | None = None
) -> None:
    """Write a value back as it was typed before a rule changed it; rules leave it alone from then
    on. A person's name goes back as a whole."""
    held = _held(actor, party)
    writable = writable_by(actor, held.kind)
    if point is not None:
        named = point.kind if point.kind != ContactKind.ADDRESS else field
        if not writable(named):
            raise NotAllowed(_("You may see this record but not change it."))
        _restore_point(held, point, field)
    else:
        names = list(PERSON_FIELDS.values()) if held.kind == "person" else [field]
        back = {
            name: typed
            for name in names
            if (typed := typed_of(held.as_typed, name, getattr(held, name, ""))) is not None
        }
        if field not in back:
            raise DomainError(_("This has been changed meanwhile."))
        if not all(writable(name) for name in back):
            raise NotAllowed(_("You may see this record but not change it."))
        for name, typed in back.items():
            setattr(held, name, typed)
        held.save(update_fields=list(back))
    refresh([held.pk])
    journal.relabel(held.name)


def _held(actor: User, party: Party) -> Party:
    """The party, held until the transaction ends, if the actor may change it."""
    rows = Party.objects.filter(pk=party.pk)
    found = rows.visible_to(actor, "edit").select_for_update(of=("self",), no_key=True).first()
    if found is not None:
        return found
    if rows.visible_to(actor).exists():
        raise NotAllowed(_("You may see this record but not change it."))
    raise NotFound(_("There is no such record, or you may not see it."))


def _restore_point(party: Party, point: ContactPoint, field: str) -> None:
    lock(party)
    held = ContactPoint.objects.filter(pk=point.pk, party_id=party.pk).first()
    typed = typed_of(held.as_typed, field, getattr(held, field, "")) if held is not None else None
    if held is None or typed is None:
        raise DomainError(_("This has been changed meanwhile."))
    if held.kind == ContactKind.ADDRESS:
        place = Address(held.street, "", "", held.postal_code, held.city, held.region, held.country)
        place, read = understand_address(replace(place, **{field: typed}))
        setattr(held, field, getattr(place, field))
    else:
        read = understand(held.kind, typed, country_of(party))
    held.typed, held.value, held.is_valid = read.typed, read.value, read.is_valid
    held.save()
