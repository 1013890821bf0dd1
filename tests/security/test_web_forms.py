"""Attacks on public web forms: nobody is signed in there, and nothing may be learnt or broken."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.personas import People
from tests.samples import make_company
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.platform.models import ChangeSet
from vinculo.platform.rates import buckets
from vinculo.sales.leads.converting import convert_lead
from vinculo.sales.leads.models import Lead
from vinculo.sales.webforms.counting import counts_of
from vinculo.sales.webforms.models import Submission, WebForm, WebFormCount
from vinculo.sales.webforms.setting import Wish, delete_web_form, save_web_form

pytestmark = pytest.mark.django_db

SITE = "https://www.company.example"
OURS = "http://testserver"
SENT = {"family_name": "Byron", "email": "ada@byron.example", "consent": "on"}


@pytest.fixture
def form(people: People) -> WebForm:
    """A form of the owner's, with a consent, that one site may show."""
    return save_web_form(actor=people.admin, wish=wish(people))


def wish(people: People, **other: Any) -> Wish:
    told: dict[str, Any] = {
        "name": "Contact", "language": "en", "owner": people.owner, "campaign": "Fair 2026",
        "fields": {"family_name": "asked", "email": "required", "website": "asked",
                   "notes": "asked"},
        "consent": {"en": "You may write to me."}, "sites": (f"{SITE}/",),
    }  # fmt: skip
    return Wish(**{**told, **other})


def send(form: WebForm, origin: str = OURS, **data: Any) -> Any:
    headers = {"Origin": origin} if origin else {}
    sent = {name: value for name, value in {**SENT, **data}.items() if value is not None}
    return Client(enforce_csrf_checks=True).post(f"/f/{form.token}", sent, headers=headers)


def counted(form: WebForm) -> dict[str, int]:
    return dict(WebFormCount.objects.filter(form=form).values_list("what", "count"))


def test_a_stranger_becomes_a_lead_with_what_they_consented_to(
    people: People, form: WebForm
) -> None:
    page = Client().get(f"/f/{form.token}?utm_source=news&utm_campaign=x").content.decode()
    assert 'name="utm_source" value="news"' in page
    answer = send(form, utm_source="news", notes="Pumps, please")
    assert answer.status_code == 302
    assert "Thank you" in Client().get(answer["Location"]).content.decode()
    made = Lead.objects.get()
    assert (made.family_name, made.email, made.notes) == (
        "Byron", "ada@byron.example", "Pumps, please",
    )  # fmt: skip
    assert (made.source, made.channel, made.campaign, made.utm) == (
        "web", "form", "Fair 2026", {"utm_source": "news"},
    )  # fmt: skip
    assert (made.owner, made.team) == (people.owner, people.north)
    sent = Submission.objects.get()
    assert (sent.consented, sent.consent_version, sent.consent_text) == (
        True, 1, "You may write to me.",
    )  # fmt: skip
    assert (sent.address, sent.confirmed_at) == ("127.0.0.1", None)
    assert ChangeSet.objects.get(verb="sales.take_submission").actor is None
    client = Client()
    client.force_login(people.owner)
    page = client.get(f"/leads/{made.pk}").content.decode()
    assert "You may write to me." in page
    assert "utm_source" in page


def test_without_the_consent_or_an_address_nothing_is_kept(form: WebForm) -> None:
    for wrong in ({"consent": None}, {"email": ""}, {"email": "no mail"}):
        assert send(form, **wrong).status_code == 422
    assert not Lead.objects.exists()
    assert counted(form) == {"invalid": 3}


def test_other_words_of_the_consent_are_another_version(people: People, form: WebForm) -> None:
    send(form)
    save_web_form(actor=people.admin, form=form, wish=wish(people, name="Contact us"))
    assert form.consent_version == 1
    other = wish(people, consent={"en": "You may ring me."})
    save_web_form(actor=people.admin, form=form, wish=other)
    send(form, family_name="Lovelace")
    versions = Submission.objects.order_by("pk").values_list("consent_version", "consent_text")
    assert list(versions) == [(1, "You may write to me."), (2, "You may ring me.")]
    with pytest.raises(DomainError, match="Switch it off"):
        delete_web_form(actor=people.admin, form=form)


def test_hidden_and_foreign_fields_are_not_read(people: People, form: WebForm) -> None:
    send(
        form, status="converted", owner=people.stranger.pk, team=people.south.pk, source="partner",
        campaign="Mine", rating="100", phone="912345678", tags="vip", converted_company="1",
    )  # fmt: skip
    made = Lead.objects.get()
    assert (made.status, made.owner, made.team) == ("new", people.owner, people.north)
    assert (made.source, made.campaign, made.rating, made.phone, made.tags) == (
        "web", "Fair 2026", 0, "", [],
    )  # fmt: skip


def test_scripts_stay_words(people: People, form: WebForm) -> None:
    evil = "<script>alert(1)</script>"
    assert send(form, website="javascript:alert(1)").status_code == 422
    assert evil not in send(form, email="no mail", family_name=evil).content.decode()
    send(form, family_name=evil, notes=f"<img src=x onerror=alert(1)>{evil}", utm_source=evil)
    client = Client()
    client.force_login(people.owner)
    for address in (f"/leads/{Lead.objects.get().pk}", "/leads", "/leads?layout=board"):
        page = client.get(address).content.decode()
        assert evil not in page
        assert "<img src=x" not in page
    assert evil not in Client().get(f"/f/{form.token}", {"utm_source": evil}).content.decode()


def test_what_a_stranger_wrote_runs_nowhere_that_it_travels_to(
    people: People, form: WebForm
) -> None:
    """From the lead to the notice, the company, the person and the deal that are made of it."""
    evil = '"><script>alert(1)</script><svg onload=alert(1)>{{ 191*193 }}'
    send(form, family_name=evil, notes=evil, utm_source=evil, utm_campaign=evil)
    lead = Lead.objects.get()
    deal = convert_lead(actor=people.owner, lead=lead, company="", name=evil)
    client = Client()
    client.force_login(people.owner)
    addresses = [
        f"/leads/{lead.pk}", f"/leads/{lead.pk}/peek", f"/leads/{lead.pk}/history", "/leads",
        f"/deals/{deal.pk}", f"/deals/{deal.pk}/peek", f"/deals/{deal.pk}/edit",
        "/deals?layout=board", "/deals?layout=month", f"/people/{deal.person_id}",
        "/notifications", "/my-day", "/palette?q=script", "/sales-report", "/forecast",
    ]  # fmt: skip
    for address in addresses:
        page = client.get(address, follow=True)
        assert page.status_code == 200, address
        body = page.content.decode()
        assert "<script>alert" not in body and "<svg onload" not in body, address
        assert "36863" not in body, address
    assert "&lt;script&gt;" in client.get(f"/deals/{deal.pk}").content.decode()


def test_only_our_page_and_the_forms_sites_may_send_and_frame_it(
    people: People, form: WebForm
) -> None:
    for origin in ("https://evil.example", "null", "", f"{SITE}.evil.example"):
        assert send(form, origin).status_code == 403, origin
    assert not Lead.objects.exists()
    assert send(form, SITE).status_code == 302
    assert counted(form) == {"site": 4, "stored": 1}
    shown = Client().get(f"/f/{form.token}")
    assert f"frame-ancestors {SITE};" in f"{shown['Content-Security-Policy']};"
    assert "X-Frame-Options" not in shown
    nowhere = save_web_form(actor=people.admin, wish=wish(people, sites=()))
    shown = Client().get(f"/f/{nowhere.token}")
    assert "frame-ancestors 'none'" in shown["Content-Security-Policy"]
    assert shown["X-Frame-Options"] == "DENY"


def test_a_program_and_a_second_click_are_thanked_and_not_kept(form: WebForm) -> None:
    assert send(form, fax="1").status_code == 302
    assert not Lead.objects.exists()
    assert [send(form).status_code for _time in range(3)] == [302] * 3
    assert Lead.objects.count() == 1
    assert counted(form) == {"robot": 1, "stored": 1, "again": 2}
    assert dict(counts_of(form))["Stored"] == 1


def test_a_flood_and_a_heap_come_no_further(form: WebForm, settings: Any) -> None:
    settings.VINCULO_CONFIRM_RATE = 20
    try:
        codes = [send(form, family_name=f"N{n}").status_code for n in range(24)]
    finally:
        buckets.clear()
    assert codes[-1] == 429
    assert Lead.objects.count() == codes.count(302) <= 21
    settings.VINCULO_CONFIRM_RATE = 0
    assert send(form, notes="x" * 70_000).status_code == 413
    assert send(form, notes="x" * 5_000).status_code == 422
    assert counted(form)["too_big"] == 1
    assert counted(form)["too_often"] == codes.count(429)


def test_a_guest_learns_nothing_of_what_is_here(people: People, form: WebForm) -> None:
    make_company(people.owner, "Zanzibar Holding")
    send(form, family_name="Zanzibar")
    page = Client().get(f"/f/{form.token}").content.decode()
    for secret in ("Zanzibar", "Fair 2026", str(people.owner), people.owner.email, "/choices"):
        assert secret not in page
    form.is_active = False
    form.save()
    for token in (form.token, "x" * 30, "é" * 5):
        assert Client().get(f"/f/{token}").status_code == 410
    assert send(form).status_code == 410


def test_the_page_counts_itself_and_a_get_writes_nothing(form: WebForm) -> None:
    before = ChangeSet.objects.count()
    Client().get(f"/f/{form.token}")
    assert (counted(form), ChangeSet.objects.count()) == ({}, before)
    Client().post(f"/f/{form.token}/seen", headers={"Origin": OURS})
    Client().post(f"/f/{form.token}/seen", headers={"Origin": "https://evil.example"})
    assert counted(form) == {"seen": 1}


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"redirect_url": "http://company.example/thanks"}, "redirect_url"),
        ({"redirect_url": "javascript:alert(1)"}, "redirect_url"),
        ({"sites": ("https://*",)}, "sites"),
        ({"sites": ("https://a.example; script-src *",)}, "sites"),
        ({"sites": ("http://a.example",)}, "sites"),
        ({"fields": {"city": "required", "owner": "asked"}}, None),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_is_no_form_is_refused(people: People, other: dict[str, Any], field: Any) -> None:
    with pytest.raises(DomainError) as refused:
        save_web_form(actor=people.admin, wish=wish(people, **other))
    assert refused.value.field == field
    assert not WebForm.objects.exists()


def test_administrators_make_forms_on_their_page(people: People) -> None:
    with pytest.raises(NotAllowed):
        save_web_form(actor=people.manager, wish=wish(people))
    client = Client()
    client.force_login(people.admin)
    assert client.get("/settings/webforms/new").status_code == 200
    sent = {"name": "Contact", "language": "es", "source": "web", "is_active": "on",
            "mode_email": "required", "mode_notes": "asked", "label_notes_es": "Su <consulta>",
            "consent_es": "Acepto.", "sites": f"{SITE}\n", "redirect_url": f"{SITE}/gracias"}  # fmt: skip
    assert client.post("/settings/webforms/new", sent).status_code == 302
    form = WebForm.objects.get()
    page = client.get(f"/settings/webforms/{form.pk}").content.decode()
    assert f"/f/{form.token}" in page
    assert "&lt;iframe" in page
    assert "Su &lt;consulta&gt;" in Client().get(f"/f/{form.token}").content.decode()
    answer = send(form, SITE, family_name=None)
    assert answer["Location"] == f"{SITE}/gracias"
    assert f"form-action 'self' {SITE}" in answer["Content-Security-Policy"]
    assert client.post(f"/settings/webforms/{form.pk}/delete").status_code == 422
