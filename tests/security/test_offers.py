"""Attacks on the links by which customers see and answer a quote: nobody is signed in there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.personas import People
from tests.sales.offers import issued, link_to, optional, send
from tests.sales.test_quotes import fresh
from tests.samples import make_company
from vinculo.platform.models import ChangeSet
from vinculo.platform.rates import buckets
from vinculo.sales.quotes.models import Quote, QuoteLine, Status
from vinculo.sales.quotes.offering.models import QuoteAnswer, QuoteLink

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def quote(people: People) -> Quote:
    return issued(people.owner)


@pytest.fixture
def path(people: People, quote: Quote) -> str:
    return link_to(people.owner, quote)


def test_a_wrong_or_guessed_secret_finds_nothing(people: People, quote: Quote, path: str) -> None:
    link = QuoteLink.objects.get()
    secret = path.rpartition("/")[2]
    wrong = (secret[:-1], secret.swapcase(), f"{secret}x", link.digest, str(link.pk), str(quote.pk),
             "x" * 64, "x" * 5000, "%00", "..", "%27%20OR%201=1")  # fmt: skip
    before = ChangeSet.objects.count()
    pages = set()
    for one in wrong:
        answer = Client().get(f"/q/{one}")
        assert answer.status_code in (404, 410), one
        assert "Harmless" not in answer.content.decode()
        if answer.status_code == 410:
            pages.add(answer.content.decode().replace(one, ""))
        for rest in ("", "/opened"):
            assert Client().post(f"/q/{one}{rest}", {"do": "accept", "name": "x"}).status_code in (
                404, 410,
            )  # fmt: skip
    assert ChangeSet.objects.count() == before
    assert not QuoteAnswer.objects.exists()


def test_lines_of_other_quotes_and_lines_that_are_no_choice_are_refused(
    people: People, quote: Quote, path: str
) -> None:
    other = issued(people.stranger, company=make_company(people.stranger, "Other Ltd"))
    must = QuoteLine.objects.get(quote=quote, optional=False).pk
    before = ChangeSet.objects.count()
    for wrong in (optional(other), [must], [*optional(quote), 10**9]):
        totals = Client().get(f"{path}/totals", {"take": wrong}).content.decode()
        assert "Other Ltd" not in totals
        answer = send(path, "accept", take=wrong)
        assert answer.status_code == 422
        assert "cannot be chosen" in answer.content.decode()
    assert ChangeSet.objects.count() == before
    assert not QuoteLine.objects.filter(chosen=True).exists()
    assert fresh(other).status == fresh(quote).status == Status.SENT


def test_an_answer_is_given_once(quote: Quote, path: str) -> None:
    assert send(path, "accept").status_code == 302
    held = QuoteAnswer.objects.get()
    for do in ("accept", "reject", "comment"):
        answer = send(path, do, name="Mallory", text="No", take=optional(quote))
        assert answer.status_code == 422
        assert "cannot be answered any more" in answer.content.decode()
    assert QuoteAnswer.objects.get() == held
    assert fresh(quote).status == Status.ACCEPTED
    assert not QuoteLine.objects.filter(chosen=True).exists()


def test_an_answer_needs_the_forms_token_and_no_session(path: str) -> None:
    careful = Client(enforce_csrf_checks=True)
    assert send(path, "accept", careful).status_code == 403
    assert careful.post(f"{path}/opened").status_code == 403
    page = careful.get(path)
    assert set(careful.cookies) == {"csrftoken"}
    mark = str(page.context["csrf_token"])
    big = send(path, "accept", careful, text="x" * 40_000, csrfmiddlewaretoken=mark)
    assert big.status_code == 413
    assert not QuoteAnswer.objects.exists()
    assert send(path, "accept", careful, csrfmiddlewaretoken=mark).status_code == 302
    assert "sessionid" not in careful.cookies


def test_pages_are_kept_and_found_by_nobody_and_framed_nowhere(path: str) -> None:
    for address in (path, f"{path}/totals"):
        answer = Client().get(address)
        assert answer["Cache-Control"] == "private, no-store"
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] == "DENY"
    answer = Client().get(f"{path}/pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer["Cache-Control"] == "private, no-store"
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_get_writes_nothing(path: str) -> None:
    before = ChangeSet.objects.count()
    for address in (path, f"{path}?take=1&do=accept&name=x", f"{path}/totals", f"{path}/pdf"):
        assert Client().get(address).status_code == 200
    assert Client().get(f"{path}/opened").status_code == 405
    assert ChangeSet.objects.count() == before


def test_a_guest_reads_nothing_else(people: People, quote: Quote, path: str) -> None:
    Quote.objects.filter(pk=quote.pk).update(team=people.north)
    client = Client()
    page = client.get(path).content.decode()
    for secret in (people.owner.email, str(people.owner), "/quotes/", "/companies", 'data-user="'):
        assert secret not in page, secret
    for address in ("/quotes", f"/quotes/{quote.pk}", f"/quotes/{quote.pk}/pdf", "/", "/search?q=H",
                    f"/api/v1/quotes/{quote.pk}"):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code in (302, 401), address
    for query in ("?user=1", "?expand=owner", "?fields=owner", "?lang=xx"):
        assert people.owner.email not in client.get(path + query).content.decode()


def test_who_is_signed_in_does_not_matter(people: People, path: str, client: Client) -> None:
    client.force_login(people.stranger)
    page = client.get(path).content.decode()
    assert "Stranger" not in page
    assert send(path, "accept", client).status_code == 302
    assert ChangeSet.objects.latest("pk").actor is None


def test_scripts_stay_words(people: People, path: str, quote: Quote) -> None:
    assert SCRIPT not in send(path, "accept", name=SCRIPT * 3).content.decode()
    send(path, "comment", name=SCRIPT, text=SCRIPT)
    send(path, "reject", name=SCRIPT, text=SCRIPT)
    client = Client()
    client.force_login(people.owner)
    for page in (
        Client().get(path),
        client.get(f"/quotes/{quote.pk}"),
        client.get("/notifications"),
    ):
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_one_address_and_one_link_have_so_many_calls(path: str, settings: Any) -> None:
    settings.VINCULO_CONFIRM_RATE = 30
    buckets.clear()
    try:
        codes = [Client().get(path).status_code for _ in range(40)]
        assert codes[:20] == [200] * 20
        assert 429 in codes[20:]
        codes = [Client().get(f"/q/{'x' * 20}{n}").status_code for n in range(10)]
        assert set(codes) == {429}, "guessing meets the limit of its address"
        assert send(path, "accept").status_code == 429
    finally:
        buckets.clear()
    assert not QuoteAnswer.objects.exists()


def test_a_flood_of_words_ends(people: People, quote: Quote, path: str) -> None:
    codes = [send(path, "comment", text=f"Word {at}").status_code for at in range(32)]
    assert codes == [302] * 30 + [422] * 2
    assert QuoteAnswer.objects.count() == 30
