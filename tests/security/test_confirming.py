"""Attacks on the links by which customers confirm their data: nobody is signed in there."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from tests.parties.confirming_help import filled, link_of, make_customer, send, setting
from tests.personas import People, make_people
from vinculo.kernel.errors import NotFound
from vinculo.parties.confirming.answering import answer
from vinculo.parties.confirming.models import ConfirmLink, Proposal
from vinculo.parties.models import Person
from vinculo.platform.models import ChangeSet
from vinculo.platform.rates import buckets

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def ana(people: People) -> Person:
    return make_customer(people)


@pytest.mark.django_db
class TestOneAtATime:
    """What one caller can try."""

    def test_inputs_that_the_page_does_not_have_do_nothing(
        self, people: People, ana: Person
    ) -> None:
        setting(given_name="approve", phone="direct", city="show")
        before = Person.objects.values().get(pk=ana.pk)
        send(
            link_of(people.owner, ana),
            state="active", owner=str(people.stranger.pk), description="mine", tags="vip",
            iban="ES9121000418450200051332", company="1", party="1", confirmed_at="2020-01-01",
            city="Toledo", email="eve@evil.example", value_class="A", name="Eve", id="1",
        )  # fmt: skip
        assert not Proposal.objects.exists()
        after = Person.objects.values().get(pk=ana.pk)
        told = {"confirmed_at", "updated_at", "search"}
        assert {k for k in before if before[k] != after[k]} <= told

    def test_a_script_is_a_text_to_whoever_decides(
        self, people: People, ana: Person, client: Client
    ) -> None:
        setting(given_name="approve", website="approve", street="approve")
        send(link_of(people.owner, ana), given_name=SCRIPT[:90], street=SCRIPT)
        client.force_login(people.owner)
        one = Proposal.objects.get()
        for url in ("/proposed", f"/proposed/{one.pk}", f"/people/{ana.pk}", "/notifications"):
            page = client.get(url).content.decode()
            assert "<script>alert" not in page and "<img src=x" not in page, url
        assert "&lt;script&gt;" in client.get(f"/proposed/{one.pk}").content.decode()

    @pytest.mark.parametrize("url", ("javascript:alert(1)", "data:text/html,x"))
    def test_a_website_leads_nowhere_else(self, people: People, ana: Person, url: str) -> None:
        setting(website="approve")
        answered = send(link_of(people.owner, ana), website=url)
        assert answered.status_code == 422
        assert not Proposal.objects.exists()

    @pytest.mark.parametrize(
        "values",
        ({"email": "not an address"}, {"birthday": "31.02.1999"}, {"given_name": "x" * 101},
         {"given_name": "", "family_name": ""}, {"country": "Narnia"}, {"phone": "1" * 500},
         {"consent_email": "perhaps"}),
    )  # fmt: skip
    def test_what_no_form_inside_takes_is_refused_and_writes_nothing(
        self, people: People, ana: Person, values: dict[str, str]
    ) -> None:
        path = link_of(people.owner, ana)
        before = ChangeSet.objects.count()
        assert send(path, **values).status_code == 422
        assert ChangeSet.objects.count() == before
        assert send(path).status_code == 302, "the link still works"

    @pytest.mark.parametrize("was", ("[1]", "{", '{"city": {"a": 1}}', "[" * 2000, "\x00"))
    def test_a_forged_memory_of_the_page_does_no_harm(
        self, people: People, ana: Person, was: str
    ) -> None:
        assert send(link_of(people.owner, ana), _was=was).status_code == 302
        assert not Proposal.objects.exists()

    def test_an_answer_without_the_forms_token_or_too_long_is_not_taken(
        self, people: People, ana: Person
    ) -> None:
        path = link_of(people.owner, ana)
        careful = Client(enforce_csrf_checks=True)
        sent = filled(path, careful)
        assert careful.post(path, sent).status_code == 403
        assert careful.post(f"{path}/opened").status_code == 403
        page = careful.get(path)
        sent["csrfmiddlewaretoken"] = str(page.context["csrf_token"])
        big = {**sent, "street": "x" * 300_000}
        assert careful.post(path, big).status_code == 413
        assert ConfirmLink.objects.get().answered_at is None
        assert careful.post(path, sent).status_code == 302

    def test_who_is_signed_in_does_not_matter(
        self, people: People, ana: Person, client: Client
    ) -> None:
        path = link_of(people.owner, ana)
        client.force_login(people.stranger)
        mine = client.get(path).content.decode()
        assert "Stranger" not in mine and "stranger@" not in mine and 'data-user="' not in mine
        sent = filled(path, client, city="Toledo")
        assert client.post(path, sent).status_code == 302
        assert ChangeSet.objects.latest("pk").actor is None

    def test_one_address_and_one_link_have_so_many_calls(
        self, people: People, ana: Person, settings: Any
    ) -> None:
        settings.VINCULO_CONFIRM_RATE = 30
        buckets.clear()
        try:
            path = link_of(people.owner, ana)
            codes = [Client().get(path).status_code for _ in range(18)]
            assert codes[:12] == [200] * 12 and 429 in codes[12:], "of one link"
            codes = [Client().get(f"/confirm/{'x' * 20}{n}").status_code for n in range(25)]
            assert set(codes) == {410, 429}, "guessing meets the limit of its address"
        finally:
            buckets.clear()


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts() -> None:
    people = make_people()
    ana = make_customer(people)
    secret = link_of(people.owner, ana).rsplit("/", 1)[1]
    ready, outcomes = threading.Barrier(2), []

    def say(city: str) -> None:
        try:
            ready.wait()
            answer(actor=None, secret=secret, corrected={"city": city}, said={})
            outcomes.append(city)
        except NotFound:
            outcomes.append("")
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=say, args=(city,)) for city in ("Toledo", "Ávila")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[0] == "" and len([one for one in outcomes if one]) == 1
    assert Proposal.objects.get().values["city"]["new"] in outcomes
    connection.close()
