"""The set-based writer of companies and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from vinculo.kernel.errors import RowsRefused, _
from vinculo.parties import models
from vinculo.parties.collisions.rules import active_rules
from vinculo.parties.importing import colliding, custom, decide, elsewhere, recipe, tables, write
from vinculo.parties.importing.prepare import Preparer
from vinculo.parties.importing.standards import rows_written
from vinculo.parties.importing.targets import COMPANY_TARGETS, PERSON_TARGETS
from vinculo.parties.kinds import ADDRESS
from vinculo.parties.portraits.importing import write_pictures
from vinculo.parties.standardising.switching import incoming_keys
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.models import Membership
from vinculo.platform.models import User as Users
from vinculo.platform.sensitive.keys import keys
from vinculo.platform.terms.known import field_label
from vinculo.records.fields import Label
from vinculo.records.transfer.headers import Target
from vinculo.records.transfer.plain import target_of
from vinculo.records.transfer.plan import Plan
from vinculo.records.transfer.values import choices_by_label
from vinculo.records.transfer.vocabulary import plain

if TYPE_CHECKING:
    from vinculo.platform.models import User

_CHOICES: dict[str, Any] = {
    "industry": models.Industry,
    "source": models.Source,
    "value_class": models.ValueClass,
    "language": models.Language,
    "size": models.Size,
}
_KEYS = ("elsewhere", "external_id", "tax_id", "email", "name", "phone")
#: Which fields' rules decide about a target that is no field itself, or not alone.
_RULED_BY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*ADDRESS, "street_2"), ADDRESS),
    "mobile": ("phone",), "fax": ("phone",), "first_phone": ("phone",), "role": ("job_title",),
    "middle_name": ("given_name",), "second_family_name": ("family_name",),
}  # fmt: skip
#: The fields of people that the contact of a company fills.
_OF_PEOPLE = {
    "contact_name": ("name", "given_name", "family_name"),
    "contact_given_name": ("name", "given_name"),
    "contact_family_name": ("name", "family_name"),
    "contact_role": ("job_title",),
}


class PartyWriter:
    """Writes files of companies (`kind="company"`) or of people (`kind="person"`)."""

    decides_by_writing = False
    tables: Mapping[str, Sequence[str]] = recipe.TABLES
    reasons: Mapping[str, str] = {**decide.REASONS, **custom.REASONS}

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.entity_key = f"parties.{kind}"

    def targets(self, user: User) -> list[Target]:
        """The fields the user may write; what would make other records needs the right to."""
        rights = rights_of(user)
        all_targets = COMPANY_TARGETS if self.kind == "company" else PERSON_TARGETS
        may_add_people = rights.scope("parties.person", "add") is not Scope.NONE
        may_add_companies = rights.scope("parties.company", "add") is not Scope.NONE
        found = []
        for target in all_targets:
            if target.key.startswith("contact_") and not may_add_people:
                continue
            # By number only companies are meant that are there already: nobody is made.
            if target.key in ("company", "parent") and not may_add_companies:
                continue
            of_people = target.key in _OF_PEOPLE
            ruling = (_OF_PEOPLE if of_people else _RULED_BY).get(target.key, (target.key,))
            key = "parties.person" if of_people else self.entity_key
            if any(rights.field_rule(key, name) for name in ruling):
                continue
            choices = _CHOICES.get(target.key)
            if choices:
                target = replace(target, choices=tuple(choices.choices))
            # What the company calls the field in lists and exports, it is called here.
            called = target.label if of_people else field_label(key, target.key, target.label)
            found.append(replace(target, label=called))
        return [*found, *(target_of(one) for one in custom.fields_of(self.entity_key, user))]

    def keys(self, user: User) -> list[tuple[str, Label]]:
        """What known parties are recognised by, the surest first."""
        labels = {target.key: target.label for target in self.targets(user)}
        return [(key, labels[key]) for key in _KEYS if key in labels]

    def complete(self, plan: Plan, user: User) -> str:
        """New parties need a name."""
        mapped = {key for _at, key in plan.columns}
        if self.kind == "company":
            named = mapped & {"name", "contact_name", "contact_family_name"}
        else:
            named = mapped & {"name", "given_name", "family_name"}
        if any(one.required and one.name not in mapped
               for one in custom.fields_of(self.entity_key, user)):  # fmt: skip
            return _("A column is missing for a field that must be filled.")
        return "" if named else _("Choose the column that holds the name.")

    def makes(self, user: User) -> Label:
        """Nothing beside parties."""
        return ""

    def preparer(self, plan: Plan, user: User) -> Preparer:
        """What turns rows into staged parties."""
        mapped = {key for _at, key in plan.columns}
        return Preparer(
            recipe.Recipe(
                kind=self.kind,
                columns=plan.columns,
                key=plan.key,
                lenient=plan.lenient,
                home_country=plan.country or getattr(settings, "VINCULO_COUNTRY", ""),
                language=get_language() or "en",
                styles=dict(plan.styles),
                choices={
                    name: dict(choices_by_label(tuple(kind.choices)))
                    for name, kind in _CHOICES.items()
                    if name in mapped
                },
                owners=_owners() if "owner" in mapped else {},
                keys=keys() if mapped & {"iban", "national_id"} else None,
                system=plan.system,
                rules=tuple(rule for rule in active_rules(self.kind) if rule.keyed),
                custom=custom.incoming(self.entity_key, plan, user),
                standards=tuple(incoming_keys()),
            )
        )

    def create_tables(self, cursor: Any) -> None:
        """Create the empty staging tables."""
        tables.create_tables(cursor)

    def finish_tables(self, cursor: Any) -> None:
        """Index and analyse the filled staging tables."""
        tables.finish_tables(cursor)

    def decide(self, cursor: Any, plan: Plan, user: User) -> None:
        """Match the rows with the parties the user may see and decide what becomes of each."""
        named = plan.column_of("elsewhere") is not None
        mapped = {key for _at, key in plan.columns}
        fields = custom.fields_of(self.entity_key, user)
        found = custom.resolve(cursor, [one for one in fields if one.name in mapped], user)
        decide.decide(
            cursor,
            user,
            self.kind,
            plan.key,
            plan.mode,
            lenient=plan.lenient,
            named=named,
            pictured=plan.column_of("picture") is not None,
        )
        if not plan.lenient:
            custom.refuse_unfound(cursor, found)

    def warned(self, cursor: Any, user: User) -> list[tuple[str, dict[str, Any], int]]:
        """What rules warn of in the rows that become new parties, and what they have changed."""
        return [*colliding.warned(cursor, user, self.kind), *rows_written(cursor)]

    def write(self, cursor: Any, plan: Plan, user: User) -> None:
        """Create and update the parties. Rows that the rules of collisions refuse only now (what
        they update has more than they say, or somebody was faster) are left out by a second go."""
        while True:
            try:
                with transaction.atomic():
                    write.write(cursor, write.Writing(user, self.kind))
                break
            except RowsRefused as refused:
                if not colliding.leave_out(cursor, refused):
                    raise
        if plan.column_of("elsewhere") is not None:
            elsewhere.note(cursor, self.kind)
        if plan.column_of("picture") is not None:
            write_pictures(cursor)


def _owners() -> dict[str, recipe.Person]:
    """Colleagues by e-mail address and by name; a name that two carry stands for neither."""
    teams: dict[int, int] = {}
    for user_id, team_id in Membership.objects.order_by("main", "-pk").values_list(
        "user_id", "team_id"
    ):
        teams[user_id] = team_id
    found: dict[str, recipe.Person] = {}
    twice: set[str] = set()
    for pk, email, name in Users.objects.filter(is_active=True).values_list("pk", "email", "name"):
        person = recipe.Person(pk, teams.get(pk))
        if plain(name) in found:
            twice.add(plain(name))
        found[plain(name)] = person
        found[email.casefold()] = person
    return {key: person for key, person in found.items() if key and key not in twice}
