"""What a customer sees of a quote through a link, and what becomes of their answer."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.personas import People, make_people
from tests.sales.makers import deal
from tests.sales.offers import issued, link_to, optional, send
from tests.sales.test_quotes import fresh, happened, last_change, make, role_of
from vinculo.kernel.errors import Conflict, DomainError, NotAllowed
from vinculo.platform.models import ChangeSet, Notification
from vinculo.platform.notifications import text_of
from vinculo.platform.undo import undo_change_set
from vinculo.sales.deals.models import Deal
from vinculo.sales.quotes import actions
from vinculo.sales.quotes.models import Quote, QuoteLine, Status
from vinculo.sales.quotes.offering.answering import accept_offer
from vinculo.sales.quotes.offering.links import MOST_LINKS, end_quote_link, make_quote_link
from vinculo.sales.quotes.offering.models import QuoteAnswer, QuoteLink


def body(answer: Any) -> str:
    return str(answer.content.decode())


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def told(user: Any) -> list[str]:
    return [text_of(one) for one in Notification.objects.filter(user=user).order_by("pk")]


@pytest.mark.django_db
class TestAnswering:
    def test_accepted_with_an_optional_line(self, people: People) -> None:
        sold = deal(people.owner)
        quote = issued(people.owner, deal=sold, company=sold.company)
        path = link_to(people.owner, quote)
        hose, _visit = optional(quote)
        page = body(Client().get(path))
        assert "Harmless Ltd" in page
        assert "€120.00" in page
        assert 'value="120.00' in page
        totals = Client().get(f"{path}/totals?take={hose}")
        assert "€132.00" in body(totals)
        seen = totals.context["seen"]
        answer = send(path, "accept", take=[hose], seen=seen, text="Thanks")
        assert answer.status_code == 302
        found = fresh(quote)
        assert (found.status, found.gross, found.answer) == (Status.ACCEPTED, 132, "Thanks")
        said = QuoteAnswer.objects.get()
        assert (said.kind, said.name, said.text) == ("accepted", "Ada Byron", "Thanks")
        assert (said.address, said.link) == ("127.0.0.1", QuoteLink.objects.get())
        change = ChangeSet.objects.get(verb="sales.accept_offer")
        assert (change.actor, change.label) == (None, quote.name)
        assert happened("sales.quote_accepted") == 1
        assert Deal.objects.get(pk=sold.pk).amount == 110
        assert told(people.owner) == [f"Ada Byron accepted “{quote.name}”."]
        after = body(Client().get(answer["Location"]))
        assert "Accepted by Ada Byron" in after
        assert 'name="do"' not in after
        assert "€132.00" in after
        mine = body(signed_in(people.owner).get(f"/quotes/{quote.pk}"))
        assert "Accepted: Ada Byron" in mine
        assert "127.0.0.1" in mine

    def test_rejected_with_a_reason(self, people: People) -> None:
        quote = issued(people.owner)
        path = link_to(people.owner, quote)
        assert send(path, "reject").status_code == 422
        assert fresh(quote).status == Status.SENT
        assert send(path, "reject", text="Too dear").status_code == 302
        assert (fresh(quote).status, fresh(quote).answer) == (Status.REJECTED, "Too dear")
        assert happened("sales.quote_rejected") == 1
        assert "Rejected by Ada Byron" in body(Client().get(path))
        assert told(people.owner) == [f"Ada Byron rejected “{quote.name}”."]

    def test_a_word_decides_nothing(self, people: People) -> None:
        quote = issued(people.owner)
        path = link_to(people.owner, quote)
        assert send(path, "comment").status_code == 422
        after = send(path, "comment", text="In blue?")
        assert "Your message has arrived" in body(Client().get(after["Location"]))
        assert fresh(quote).status == Status.SENT
        assert send(path, "accept").status_code == 302
        assert [one.kind for one in QuoteAnswer.objects.order_by("pk")] == ["comment", "accepted"]
        assert told(people.owner)[0] == f"Ada Byron wrote about “{quote.name}”."

    @pytest.mark.parametrize(
        ("sent", "said"),
        [({"name": ""}, "required"), ({"name": " \u200b"}, "required"),
         ({"name": "x" * 121}, "120"), ({"text": "x" * 2001}, "2000"),
         ({"seen": "121"}, "total has changed"), ({"seen": "NaN"}, ""), ({"do": "pay"}, "")],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_and_nothing_written(
        self, people: People, sent: dict[str, Any], said: str
    ) -> None:
        quote = issued(people.owner)
        path, before = link_to(people.owner, quote), ChangeSet.objects.count()
        answer = send(path, **{"do": "accept", **sent})
        assert answer.status_code == 422
        assert said in body(answer)
        assert not QuoteAnswer.objects.exists()
        assert ChangeSet.objects.count() == before
        assert fresh(quote).status == Status.SENT

    def test_the_owner_gone_who_made_the_link_is_told(self, people: People) -> None:
        quote = issued(people.owner)
        path = link_to(people.manager, quote)
        people.owner.is_active = False
        people.owner.save()
        send(path, "accept")
        assert told(people.manager) == [f"Ada Byron accepted “{quote.name}”."]

    def test_a_customers_word_is_not_undone(self, people: People) -> None:
        quote = issued(people.owner)
        send(link_to(people.owner, quote), "accept")
        with pytest.raises(Conflict, match="not undone"):
            undo_change_set(actor=people.admin, change_set=last_change())
        assert fresh(quote).status == Status.ACCEPTED


@pytest.mark.django_db
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    prices=st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=6),
    choice=st.sets(st.integers(0, 5)), off=st.decimals(0, 100, places=3),
)  # fmt: skip
def test_the_total_accepted_is_the_total_shown_whatever_is_taken(
    people: People, prices: list[Decimal], choice: set[int], off: Decimal
) -> None:
    lines = [{"name": "Pump", "price": Decimal(7), "tax_rate": Decimal(21)}]
    lines += [{"name": "More", "price": one, "tax_rate": Decimal(10), "optional": True}
              for one in prices]  # fmt: skip
    quote = issued(people.owner, lines=lines, discount_percent=off)
    path = link_to(people.owner, quote)
    taken = [pk for at, pk in enumerate(optional(quote)) if at in choice]
    page = Client().get(f"{path}/totals", {"take": taken})
    assert send(path, "accept", take=taken, seen=page.context["seen"]).status_code == 302
    assert fresh(quote).gross == Decimal(page.context["seen"])
    chosen = QuoteLine.objects.filter(quote=quote, chosen=True).values_list("pk", flat=True)
    assert set(chosen) == set(taken)


@pytest.mark.django_db
class TestLinks:
    def test_what_ends_an_offer_is_said_on_a_page_of_its_own(self, people: People) -> None:
        def page(path: str) -> str:
            answer = Client().get(path)
            assert answer.status_code == 410
            for secret in ("Pump", "Harmless", "€"):
                assert secret not in body(answer)
            assert Client().get(f"{path}/pdf").status_code == 410
            assert Client().get(f"{path}/totals").status_code == 410
            assert send(path, "accept").status_code == 410
            return body(answer)

        quote = issued(people.owner)
        path = link_to(people.owner, quote)
        end_quote_link(actor=people.owner, link=QuoteLink.objects.latest("pk"))
        assert "This link was ended" in page(path)
        path = link_to(people.owner, quote)
        Quote.objects.filter(pk=quote.pk).update(
            valid_until=timezone.localdate() - timedelta(days=1)
        )
        assert "not valid any more" in page(path)
        actions.expire_quotes(actor=None)
        assert "not valid any more" in page(path)
        actions.revise_quote(actor=people.owner, quote=quote)
        assert "replaced by a newer one" in page(path)
        other = issued(people.owner)
        path = link_to(people.owner, other)
        actions.withdraw_quote(actor=people.owner, quote=other)
        assert "was withdrawn" in page(path)
        assert not QuoteAnswer.objects.exists()

    def test_opened_is_noted_once_and_by_a_reader_only(self, people: People) -> None:
        path = link_to(people.owner, issued(people.owner))
        for _time in range(2):
            assert f"{path}/opened" in body(Client().get(path))
        assert QuoteLink.objects.get().opened_at is None
        assert Client().post(f"{path}/opened").status_code == 204
        assert QuoteLink.objects.get().opened_at is not None
        assert f"{path}/opened" not in body(Client().get(path))

    def test_colleagues_make_it_see_it_and_end_it(self, people: People) -> None:
        quote = issued(people.owner)
        client = signed_in(people.owner)
        assert "Make the link" in body(client.get(f"/quotes/{quote.pk}/offer"))
        assert not QuoteLink.objects.exists()
        made = body(client.post(f"/quotes/{quote.pk}/offer", headers={"HX-Request": "true"}))
        path = made[made.index("/q/") :].split('"')[0]
        assert Client().get(path).status_code == 200
        assert "mailto:" in made
        page = body(client.get(f"/quotes/{quote.pk}"))
        assert "Link made, not opened yet" in page
        end = f"/quote-links/{QuoteLink.objects.get().pk}/end"
        assert signed_in(people.stranger).post(end).status_code == 404
        assert client.post(end).status_code == 302
        assert Client().get(path).status_code == 410
        undo_change_set(actor=people.owner, change_set=last_change())
        assert Client().get(path).status_code == 200

    def test_nobody_makes_one_of_what_they_may_not_offer(self, people: People) -> None:
        with pytest.raises(DomainError, match="Only what was issued"):
            make_quote_link(actor=people.owner, quote=make(people.owner))
        quote = issued(people.owner)
        assert signed_in(people.stranger).post(f"/quotes/{quote.pk}/offer").status_code == 404
        role = role_of(people.owner)
        role.field_rules = {"sales.quote": {"gross": "hidden"}}
        role.save()
        people.owner.forget_rights()
        with pytest.raises(NotAllowed):
            make_quote_link(actor=people.owner, quote=quote)
        assert f"/quotes/{quote.pk}/offer" not in body(
            signed_in(people.owner).get(f"/quotes/{quote.pk}")
        )
        people.owner.forget_rights()
        assert not QuoteLink.objects.exists()

    def test_links_have_an_end(self, people: People) -> None:
        quote = issued(people.owner)
        for _time in range(MOST_LINKS):
            make_quote_link(actor=people.owner, quote=quote)
        with pytest.raises(DomainError, match="too many links"):
            make_quote_link(actor=people.owner, quote=quote)

    @pytest.mark.parametrize(("language", "word"), [("es", "Aceptar"), ("zh-hant", "接受")])
    def test_the_page_speaks_the_customers_language(
        self, people: People, language: str, word: str
    ) -> None:
        path = link_to(people.owner, issued(people.owner, language=language))
        answer = Client().get(path)
        assert answer["Content-Language"] == language
        assert word in body(answer)
        assert "Accept" in body(Client().get(f"{path}?lang=en"))


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_exactly_one_holds() -> None:
    people = make_people()
    quote = issued(people.owner)
    secrets = [link_to(people.owner, quote).rpartition("/")[2] for _time in range(4)]
    ready, outcomes = threading.Barrier(4), []

    def say(secret: str) -> None:
        try:
            ready.wait()
            accept_offer(actor=None, secret=secret, name="Ada", address="127.0.0.1")
            outcomes.append("accepted")
        except DomainError:
            outcomes.append("over")
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=say, args=(one,)) for one in secrets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted", "over", "over", "over"]
    assert QuoteAnswer.objects.count() == 1
    assert happened("sales.quote_accepted") == 1
    connection.close()
