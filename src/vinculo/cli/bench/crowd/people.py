"""The people of the crowd: each with an account, a session, a key and customers of their own."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from vinculo.cli.bench.people import ADMIN, MAILBOX, MANAGER, SELLER, persona
from vinculo.cli.bench.writes import TOKEN
from vinculo.parties.models import Party
from vinculo.platform.key_actions import create_api_key
from vinculo.platform.models import Role, User

BULK_ROWS = 201  # one more than is done at once: it becomes a job


@dataclass(frozen=True, slots=True)
class Account:
    """Who somebody is, how they come in, and what they look after."""

    number: int
    user_id: int
    role: str
    session: dict[str, str]
    key: str
    companies: tuple[int, ...]
    people: tuple[int, ...]
    many: tuple[int, ...]  # for a change of many records; administrators only


def accounts(amount: int) -> list[Account]:
    """An administrator, a manager, and salespeople; when there are fewer of those, they come twice."""
    sellers = list(
        User.objects.filter(email__startswith=SELLER, email__endswith=MAILBOX[6:]).order_by("pk")
    )
    chosen = [(ADMIN, persona(ADMIN)), (MANAGER, persona(MANAGER))][:amount]
    chosen += [(SELLER, sellers[n % len(sellers)]) for n in range(amount - len(chosen))]
    return [_account(number, role, user) for number, (role, user) in enumerate(chosen)]


def _account(number: int, role: str, user: User) -> Account:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    session = f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}"
    held = Role.objects.filter(assignments__user=user).get()
    key = create_api_key(actor=user, name=f"crowd {number}", role=held, days=1)[1]
    return Account(
        number,
        user.pk,
        role,
        {"Cookie": session, "X-CSRFToken": TOKEN},
        key,
        companies=_ids(user, "company", 60),
        people=_ids(user, "person", 60),
        many=_ids(user, "person", BULK_ROWS) if role == ADMIN else (),
    )


def _ids(user: User, kind: str, most: int) -> tuple[int, ...]:
    rows = Party.objects.filter(kind=kind).visible_to(user, "edit").order_by("pk")
    return tuple(rows.values_list("pk", flat=True)[:most])
