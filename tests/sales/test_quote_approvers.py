"""Who is told that a quote waits for approval."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.personas import People, make_user
from tests.sales.test_quotes import fresh, make, role_of
from vinculo.platform.models import Notification, User
from vinculo.platform.notifications import text_of
from vinculo.sales.quotes import actions, approving
from vinculo.sales.quotes.limits import set_limits
from vinculo.sales.quotes.models import Status

pytestmark = pytest.mark.django_db


def told() -> dict[str, str]:
    """Who was told what."""
    return {one.user.name: text_of(one) for one in Notification.objects.order_by("pk")}


def ask(people: People, percent: int = 20) -> None:
    quote = make(people.owner, lines=[
        {"name": "Pump", "price": Decimal(100), "discount_percent": Decimal(percent)}])  # fmt: skip
    actions.issue_quote(actor=people.owner, quote=quote)
    assert fresh(quote).status == Status.APPROVAL


def limit(people: People, user: User, percent: int) -> None:
    set_limits(actor=people.admin, limits={role_of(user): Decimal(percent)})


def test_who_may_approve_and_sees_it_is_told(people: People) -> None:
    limit(people, people.owner, 5)  # and the stranger, who has the same role
    ask(people)
    says = "Owner asks you to approve “Harmless Ltd”."
    assert told() == {"Manager": says, "Admin": says}


def test_whose_own_limit_is_less_or_who_may_not_approve_is_not(people: People) -> None:
    limit(people, people.owner, 5)
    limit(people, people.manager, 10)
    ask(people)
    assert set(told()) == {"Admin"}
    Notification.objects.all().delete()
    limit(people, people.manager, 50)
    role = role_of(people.manager)
    role.actions = ["sales.issue_quote"]
    role.save()
    people.manager.forget_rights()
    ask(people)
    assert set(told()) == {"Admin"}


def test_not_all_administrators_are_told(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(people, people.owner, 5)
    for at in range(4):
        make_user(f"chief{at}", role_of(people.admin))
    monkeypatch.setattr(approving, "MOST_TOLD", 3)
    ask(people)
    assert len(told()) == 3
    assert "Manager" in told()
