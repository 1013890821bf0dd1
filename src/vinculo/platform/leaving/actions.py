"""The verbs: close an account, hand over what somebody is responsible for."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.platform import journal
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.actions import action
from vinculo.platform.administration import (
    administrators_only,
    end_every_session,
    hold_rights,
    keep_an_administrator,
)
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.leaving.owned import owned_rows, owned_types
from vinculo.platform.models import ApiKey, User
from vinculo.platform.work import Step, progress, start_work

BATCH = 2_000
#: More rows than these are handed over by a worker, with progress.
AT_ONCE = 5_000

#: Record type → who gets it; types that are not named stay as they are.
Successors = dict[str, User]


@action("platform.close_account", label=gettext_lazy("Close an account"), granted=False)
def close_account(*, actor: User, user: User) -> int:
    """Nobody signs in as `user` any more, nor does any of their keys or sessions work; returns how
    many keys ended. Refuses oneself and the last administrator."""
    administrators_only(actor)
    hold_rights()
    if user.pk == actor.pk:
        raise DomainError(_("You cannot close your own account. Ask another administrator."))
    journal.relabel(user.name)
    user.is_active = False
    user.save(update_fields=["is_active"])
    keep_an_administrator()
    end_every_session(user)
    keys = list(ApiKey.objects.filter(user=user, revoked_at__isnull=True))
    for key in keys:
        key.revoked_at = now()
        key.save(update_fields=["revoked_at"])
    return len(keys)


@action("platform.hand_over", label=gettext_lazy("Hand over records"), granted=False)
def hand_over(
    *,
    actor: User,
    user: User,
    successors: Successors,
    advance: Callable[[int], None] | None = None,
) -> int:
    """Give the records of `user` to the `successors`, who work with them in their own main team;
    returns how many. Refuses somebody who could not see what they get. One change-set, so that one
    undo takes it all back."""
    administrators_only(actor)
    journal.relabel(user.name)
    done = 0
    for item in owned_types():
        heir = successors.get(item.key)
        if heir is None:
            continue
        _require_heir(heir, user, item)
        team = heir.main_team_id()
        ids = list(owned_rows(item, user).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            model: Any = item.model
            model._base_manager.filter(pk__among=some).update(owner=heir, team_id=team)
            done += len(some)
            if advance is not None:
                advance(len(some))
    return done


def _require_heir(heir: User, user: User, item: Any) -> None:
    if heir.pk == user.pk or not heir.is_active:
        raise DomainError(_("%(name)s may not sign in and cannot take over."), name=heir.name)
    if rights_of(heir).scope(item.key) is Scope.NONE:
        raise DomainError(
            _("%(name)s may not see %(what)s. Choose somebody else or widen their role."),
            f"to:{item.key}",
            name=heir.name,
            what=str(item.label),
        )


def begin_hand_over(*, actor: User, user: User, successors: Successors) -> int | None:
    """Hand over now, or, where there is much, by a worker with progress; returns how many rows
    were handed over, None when a worker does it."""
    administrators_only(actor)
    types = [item for item in owned_types() if item.key in successors]
    for item in types:
        _require_heir(successors[item.key], user, item)
    total = sum(owned_rows(item, user).count() for item in types)
    if total <= AT_ONCE:
        return hand_over(actor=actor, user=user, successors=successors)
    work = start_work(actor, user.name, kind="hand_over", total=total)
    numbers = {key: heir.pk for key, heir in successors.items()}
    enqueue(hand_over_later, actor=actor, user_id=user.pk, successors=numbers, work_id=work.pk)
    return None


@job("platform.hand_over", lock="hand_over:{user_id}")
def hand_over_later(*, actor: User, user_id: int, successors: dict[str, int], work_id: int) -> None:
    """The same by a worker: all of it, or nothing."""
    heirs = User.objects.in_bulk(set(successors.values()))
    chosen = {key: heirs[pk] for key, pk in successors.items() if pk in heirs}
    user = User.objects.get(pk=user_id)
    url = f"/settings/users/{user_id}/leave"
    with progress(work_id, result_url=url) as step:
        hand_over(actor=actor, user=user, successors=chosen, advance=_stepping(step))


def _stepping(step: Step) -> Callable[[int], None]:
    return step.advance
