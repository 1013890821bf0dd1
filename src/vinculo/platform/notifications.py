"""Notifications: one line for one person, never about something they may not see."""

from typing import Any, cast

from django.db import models
from django.utils.translation import gettext

from vinculo.kernel.clock import now
from vinculo.platform.models import Notification, User


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
    return Notification.objects.create(
        user=user, at=now(), message=message, params=params or {}, url=url, kind=kind
    )


def may_see(user: User, row: models.Model) -> bool:
    """Whether `user` may see `row`, asked at the one door."""
    manager = cast("Any", type(row))._default_manager
    return bool(manager.filter(pk=row.pk).visible_to(user).exists())


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
        waiting = waiting.filter(pk__in=ids)
    return int(waiting.update(read_at=now()))
