"""Who stands around a deal: stakeholders, competitors, and how the credit is split."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.personas import People
from tests.sales.makers import deal
from tests.samples import make_person
from vinculo.kernel.errors import DomainError, NotFound
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set
from vinculo.sales.around.actions import (
    add_competitor,
    add_stakeholder,
    remove_around,
    split_credit,
)
from vinculo.sales.around.models import Competitor, Share, Stakeholder

pytestmark = pytest.mark.django_db


def page(user, url: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(url).content.decode()


def test_a_person_has_one_part_in_a_deal(people: People) -> None:
    made, ada = deal(people.owner), make_person(people.owner, "Ada Byron")
    add_stakeholder(actor=people.owner, deal=made, person=ada, part="champion", note="Likes us")
    add_stakeholder(actor=people.owner, deal=made, person=ada, part="decider")
    (one,) = Stakeholder.objects.filter(deal=made)
    assert (one.part, one.note) == ("decider", "")
    shown = page(people.owner, f"/deals/{made.pk}")
    assert "Ada Byron" in shown
    assert "Decides" in shown
    with pytest.raises(DomainError, match="from the list"):
        add_stakeholder(actor=people.owner, deal=made, person=ada, part="king")


def test_nobody_is_named_to_who_may_not_see_them(people: People) -> None:
    made, ada = deal(people.owner), make_person(people.owner, "Ada Byron")
    add_stakeholder(actor=people.owner, deal=made, person=ada, part="decider")
    made.team_id = people.south.pk
    made.owner = people.stranger
    made.save()
    assert "Ada Byron" not in page(people.stranger, f"/deals/{made.pk}")
    with pytest.raises(NotFound):
        add_stakeholder(actor=people.stranger, deal=made, person=ada, part="decider")


def test_competitors_are_noted_once_and_can_be_taken_away_and_brought_back(people: People) -> None:
    made = deal(people.owner)
    add_competitor(actor=people.owner, deal=made, name="Globex", note="Cheaper")
    one = add_competitor(actor=people.owner, deal=made, name="globex", note="Slower")
    assert Competitor.objects.filter(deal=made).count() == 1
    remove_around(actor=people.owner, row=one)
    assert not Competitor.objects.filter(deal=made).exists()
    undo_change_set(
        actor=people.owner, change_set=ChangeSet.objects.get(verb="sales.remove_around")
    )
    assert Competitor.objects.get(deal=made).note == "Slower"


def test_shares_of_credit_are_never_more_than_all_of_it(people: People) -> None:
    made = deal(people.owner)
    with pytest.raises(DomainError, match="more than 100"):
        split_credit(
            actor=people.owner, deal=made, shares=[(people.teammate, 60), (people.manager, 50)]
        )
    with pytest.raises(DomainError, match="what is left"):
        split_credit(actor=people.owner, deal=made, shares=[(people.owner, 10)])
    split_credit(
        actor=people.owner, deal=made, shares=[(people.teammate, 30), (people.manager, 20)]
    )
    split_credit(actor=people.owner, deal=made, shares=[(people.teammate, 40)])
    assert list(Share.objects.values_list("user", "percent")) == [(people.teammate.pk, 40)]
    assert "Owner 60 % · Teammate 40 %" in " ".join(page(people.owner, f"/deals/{made.pk}").split())


def test_the_form_of_shares_wants_pairs(people: People) -> None:
    made = deal(people.owner)
    client = Client()
    client.force_login(people.owner)
    answer = client.post(
        f"/deals/{made.pk}/do/sales.split_credit", {"user_1": people.teammate.pk, "percent_1": ""}
    )
    assert answer.status_code == 422
    assert "Write the share of each colleague." in answer.content.decode()
    answer = client.post(
        f"/deals/{made.pk}/do/sales.split_credit", {"user_1": people.teammate.pk, "percent_1": 25}
    )
    assert answer.status_code == 302
    assert Share.objects.get().percent == 25
