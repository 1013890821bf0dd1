"""Verbs around roles."""

from typing import Any

from django.utils.translation import gettext_lazy

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.access import VERBS, Scope
from vinculo.platform.actions import action
from vinculo.platform.administration import (
    administrators_only,
    hold_rights,
    keep_an_administrator,
)
from vinculo.platform.models import Role, User

Grants = dict[str, dict[str, str]]


@action("platform.save_role", label=gettext_lazy("Change a role"), granted=False)
def save_role(
    *,
    actor: User,
    role: Role | None,
    name: str,
    description: str,
    administrator: bool,
    grants: Grants,
    actions: list[str],
    field_rules: dict[str, dict[str, str]],
) -> Role:
    """Make a role (`role=None`) or change one; who holds it has the new rights at once."""
    administrators_only(actor)
    hold_rights()
    if Role.objects.filter(name__iexact=name.strip()).exclude(pk=role.pk if role else 0).exists():
        raise DomainError(_("There is already a role of this name."), "name")
    role = role or Role()
    role.name, role.description, role.administrator = name.strip(), description, administrator
    role.grants = checked(grants)
    role.actions = sorted(set(actions))
    role.field_rules = {key: rules for key, rules in field_rules.items() if rules}
    role.save()
    keep_an_administrator()
    return role


def checked(grants: Grants) -> dict[str, Any]:
    """The grants without what gives nothing; refuses a right that reaches further than seeing."""
    kept: dict[str, Any] = {}
    for key, verbs in grants.items():
        view = Scope.named(verbs.get("view", "none"))
        for verb in VERBS[1:]:
            if verb != "add" and Scope.named(verbs.get(verb, "none")) > view:
                raise DomainError(
                    _("Nobody can change, delete or export what they cannot see. Widen “view”."),
                    f"grant:{key}:view",
                )
        given = {verb: scope for verb, scope in verbs.items() if scope != "none"}
        if given:
            kept[key] = given
    return kept


@action("platform.delete_role", label=gettext_lazy("Delete a role"), granted=False)
def delete_role(*, actor: User, role: Role) -> None:
    """Delete a role that nobody holds and no key carries."""
    administrators_only(actor)
    hold_rights()
    if role.assignments.exists():
        raise DomainError(_("People still have the role %(name)s. Give them another."), name=role)
    if role.apikey_set.exists():
        raise DomainError(_("API keys still carry the role %(name)s. Revoke them."), name=role)
    role.delete()
