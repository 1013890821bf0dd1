"""What the top bar of every page says to a person: one question, because every page asks."""

from dataclasses import dataclass

from django.db import connection

from vinculo.platform.models import User, Work

MOST = 100


@dataclass(frozen=True)
class Waiting:
    """How many notifications are unread (counted no further than a hundred), and whether long
    work of the person waits or runs."""

    unread: int = 0
    works: bool = False


ASK = """
SELECT
    (SELECT count(*) FROM (
        SELECT 1 FROM platform_notification WHERE user_id = %(user)s AND read_at IS NULL LIMIT %(most)s
    ) AS unread),
    EXISTS (SELECT 1 FROM platform_work WHERE user_id = %(user)s AND state = ANY(%(active)s))
"""


def waiting_for(user: User) -> Waiting:
    """What waits for `user`; nothing where somebody looks through their eyes."""
    if getattr(user, "viewed_by", None) is not None:
        return Waiting()
    active = [Work.State.WAITING.value, Work.State.RUNNING.value]
    with connection.cursor() as cursor:
        cursor.execute(ASK, {"user": user.pk, "most": MOST, "active": active})
        return Waiting(*cursor.fetchone())
