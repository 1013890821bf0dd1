"""Notifications: one line for one person, never about something they may not see."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.utils.translation import gettext

from vinculo.kernel.clock import now
from vinculo.kernel.errors import _
from vinculo.platform.models import Notification, User

GONE = _("This is no longer there, or you may not see it.")


def notify(
    user: User,
    message: str,
    *,
    params: dict[str, Any] | None = None,
    url: str = "",
    kind: str = "note",
    subject: models.Model | None = None,
) -> Notification | None:
    """Tell `user`; None when they may not see `subject` or can no longer sign in.

    `message` is an English msgid with %(name)s places for `params` (plain JSON): it is translated
    when it is read, into the language the reader has then.
    """
    if not user.is_active or (subject is not None and not may_see(user, subject)):
        return None
    about = (type(subject)._meta.label_lower, subject.pk) if subject is not None else ("", None)
    return Notification.objects.create(
        user=user,
        at=now(),
        message=message,
        params=params or {},
        url=url,
        kind=kind,
        about=about[0],
        about_id=about[1],
    )


def may_see(user: User, row: models.Model) -> bool:
    """Whether `user` may see `row`, asked at the one door."""
    manager = cast("Any", type(row))._default_manager
    return bool(manager.filter(pk=row.pk).visible_to(user).exists())


def told(user: User, rows: Iterable[Notification]) -> list[tuple[Notification, str]]:
    """Each notification with what it says to `user` now: of a row that is gone, or that they may
    no longer see, nothing. One question for each model that rows are told of."""
    rows = list(rows)
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.about and row.about_id is not None:
            wanted[row.about].add(row.about_id)
    seen = {("", None)}
    for name, ids in wanted.items():
        manager = cast("Any", apps.get_model(name))._default_manager
        known = manager.filter(pk__among=ids).visible_to(user).values_list("pk", flat=True)
        seen |= {(name, pk) for pk in known}
    return [
        (row, text_of(row) if (row.about, row.about_id) in seen else gettext(GONE)) for row in rows
    ]


def text_of(notification: Notification) -> str:
    """The notification in the reader's language."""
    translated = gettext(notification.message)
    try:
        return translated % notification.params if notification.params else translated
    except (KeyError, TypeError, ValueError):
        return translated


def unread_count(user: User, most: int = 100) -> int:
    """How many notifications `user` has not read; never counts beyond `most`."""
    waiting = Notification.objects.visible_to(user).filter(read_at__isnull=True)
    return int(waiting[:most].count())


def mark_read(user: User, ids: list[int] | None = None) -> int:
    """Mark the given notifications of `user` as read, or all; returns how many were unread."""
    waiting = Notification.objects.visible_to(user).filter(read_at__isnull=True)
    if ids is not None:
        waiting = waiting.filter(pk__among=ids)
    return int(waiting.update(read_at=now()))
