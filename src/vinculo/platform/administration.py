"""Who may give rights, and that somebody always can."""

from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F

from vinculo.kernel.errors import Conflict, NotAllowed, _
from vinculo.platform.access import rights_of
from vinculo.platform.models import User

#: Any number that no other advisory lock of ours has.
_LOCK = 7_236_002


def administrators_only(actor: User | None) -> None:
    """Refuse everyone else: rights, people and teams are theirs alone, whatever roles grant."""
    if actor is None or not rights_of(actor).administrator:
        raise NotAllowed(_("Only administrators may do this."))


def is_administrator(user: User) -> bool:
    """Whether `user` holds a role that may do everything."""
    return user.role_assignments.filter(role__administrator=True).exists()


def administrators() -> int:
    """How many people can sign in and give rights."""
    able = User.objects.filter(is_active=True, role_assignments__role__administrator=True)
    return int(able.distinct().count())


def hold_rights() -> None:
    """Until the transaction ends, nobody else changes who may do what.

    Two administrators who take the role from each other at once must not both succeed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def keep_an_administrator() -> None:
    """Refuse a change that would leave nobody who can give rights."""
    if administrators() == 0:
        raise Conflict(_("This is the last administrator. Give somebody else the role first."))


def end_sessions(user: User, *, keep: str = "") -> None:
    """Sign `user` out everywhere, but for the session with the key `keep`."""
    from allauth.usersessions.models import UserSession

    mine = UserSession.objects.filter(user=user).exclude(session_key=keep)
    Session.objects.filter(
        session_key__in=list(mine.values_list("session_key", flat=True))
    ).delete()
    mine.delete()


def end_every_session(user: User) -> None:
    """Sign `user` out everywhere, also where allauth kept no note of the session."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    end_sessions(user)
