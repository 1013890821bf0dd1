"""A customer looks at their data behind a link, corrects it, and a colleague decides."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.parties.confirming_help import filled, link_of, make_customer, send, setting
from tests.parties.makers import make_company, point
from tests.personas import People

from vinculo.kernel.clock import now
from vinculo.kernel.errors import Conflict, NotAllowed, NotFound
from vinculo.parties.confirming import proposals
from vinculo.parties.confirming.links import end_link, language_of
from vinculo.parties.confirming.models import ConfirmLink, ConsentSaid, Proposal
from vinculo.parties.merging.actions import merge
from vinculo.parties.models import ContactPoint, Person
from vinculo.platform.journal import change_set
from vinculo.platform.models import ChangeSet, Notification
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.writing import delete_record, edit_record

pytestmark = pytest.mark.django_db
THANKS = "/confirm/thanks"


@pytest.fixture
def ana(people: People) -> Person:
    return make_customer(people, birthday=date(1980, 3, 22))


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def latest(verb: str) -> ChangeSet:
    return ChangeSet.objects.filter(verb=verb).latest("pk")


def decide_all(people: People, accept: list[str] | None = None) -> Proposal:
    """The owner takes over what is there, or some of it."""
    one = Proposal.objects.select_related("party").latest("pk")
    seen = {d.field.name: d.seen for d in proposals.differences(people.owner, one)}
    chosen = list(seen) if accept is None else accept
    return proposals.decide(actor=people.owner, proposal=one, accept=chosen, seen=seen)


# --- the page -----------------------------------------------------------------------------------


def test_the_page_shows_their_own_fields_and_nothing_of_the_house(
    people: People, ana: Person
) -> None:
    answer = Client().get(link_of(people.owner, ana))
    page = answer.content.decode()
    assert answer.status_code == 200
    for told in ("Ana", "Ruiz", "1980-03-22", "600 123 123", "ana@acme.example", "Calle Sol 3"):
        assert told in page, told
    for inside in ("Pays late", "difficult", "Owner", "ana@home.example", f"/{ana.pk}"):
        assert inside not in page, inside
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    assert ConfirmLink.objects.get().opened_at is None, "a program that fetches links opens nothing"


def test_the_language_is_the_customers_and_can_be_switched(people: People, ana: Person) -> None:
    path = link_of(people.owner, ana, language="")
    assert "¿Son correctos estos datos?" in Client().get(path).content.decode()
    answer = Client().get(f"{path}?lang=zh-hant")
    assert 'lang="zh-hant"' in answer.content.decode()
    assert answer["Content-Language"] == "zh-hant"


@pytest.mark.parametrize(
    ("language", "country", "wanted"),
    [("zh-hans", "ES", "zh-hans"), ("de", "ES", "en"), ("", "MX", "es"), ("", "HK", "zh-hant"),
     ("", "FR", "en")],
)  # fmt: skip
def test_a_customer_is_written_to_in_a_language_of_ours(
    language: str, country: str, wanted: str
) -> None:
    company = make_company("Acme", language=language, country=country)
    assert language_of(company) == wanted


def test_opening_is_noted_once_and_ends_nothing(people: People, ana: Person) -> None:
    path = link_of(people.owner, ana)
    assert Client().post(f"{path}/opened").status_code == 204
    first = ConfirmLink.objects.get().opened_at
    assert first is not None
    assert Client().post(f"{path}/opened").status_code == 204
    assert ConfirmLink.objects.get().opened_at == first
    assert Client().get(path).status_code == 200


# --- the answer ---------------------------------------------------------------------------------


def test_all_is_right_confirms_the_record_and_tells_the_owner(
    people: People, ana: Person, client: Client
) -> None:
    answer = send(link_of(people.owner, ana))
    assert answer.status_code == 302 and answer["Location"].startswith(THANKS)
    assert fresh(ana).confirmed_at == ConfirmLink.objects.get().answered_at
    assert not Proposal.objects.exists()
    notice = Notification.objects.get(user=people.owner, kind="confirmed")
    assert "all is right" in notice.message and notice.url == f"/people/{ana.pk}"
    client.force_login(people.owner)
    assert "Confirmed by the customer" in client.get(f"/people/{ana.pk}").content.decode()
    assert "Ana Ruiz" in client.get("/people?confirmed_at.filled=1").content.decode()
    assert "Ana Ruiz" not in client.get("/people?confirmed_at.empty=1").content.decode()


def test_corrections_wait_for_a_colleague_and_can_be_undone(
    people: People, ana: Person, client: Client
) -> None:
    answer = send(link_of(people.owner, ana), given_name="Anna", email="anna@acme.example")
    assert answer.status_code == 302
    assert (fresh(ana).given_name, fresh(ana).email) == ("Ana", "ana@acme.example")
    assert fresh(ana).confirmed_at is None
    one = Proposal.objects.get()
    assert one.values["given_name"] == {"old": "Ana", "new": "Anna", "state": "open"}
    assert set(one.values) == {"given_name", "email"}
    notice = Notification.objects.get(user=people.owner, kind="confirmed")
    assert notice.url == f"/proposed/{one.pk}"
    client.force_login(people.owner)
    assert "Anna" in client.get("/proposed").content.decode()
    decide_all(people)
    record = fresh(ana)
    assert (record.name, record.email) == ("Anna Ruiz", "anna@acme.example")
    assert record.confirmed_at == one.at
    assert Proposal.objects.get().state == "accepted"
    made = latest("parties.decide_proposal")
    assert made.actor == people.owner
    page = client.get(f"/people/{ana.pk}").content.decode()
    assert "Confirmed by the customer, " in page, "the facts say where the values come from"
    undo_change_set(change_set=made, actor=people.owner)
    assert (fresh(ana).name, fresh(ana).email) == ("Ana Ruiz", "ana@acme.example")
    assert fresh(ana).confirmed_at is None
    assert Proposal.objects.get().state == "open"


def test_some_are_taken_over_and_the_rest_declined(people: People, ana: Person) -> None:
    send(link_of(people.owner, ana), given_name="Anna", city="Toledo")
    assert decide_all(people, ["city"]).state == "partly"
    assert (fresh(ana).given_name, fresh(ana).city) == ("Ana", "Toledo")
    assert fresh(ana).confirmed_at is None
    with pytest.raises(Conflict):
        decide_all(people)


def test_a_rule_lets_a_phone_in_directly_and_a_name_by_approval(
    people: People, ana: Person
) -> None:
    setting(given_name="approve", phone="direct")
    send(link_of(people.owner, ana), given_name="Anna", phone="+34 600 999 999")
    assert fresh(ana).phone == "+34 600 999 999"
    assert set(Proposal.objects.get().values) == {"given_name"}
    made = latest("parties.answer_confirm_link")
    assert made.actor is None, "nobody of the house did it"
    undo_change_set(change_set=made, actor=people.admin)
    assert fresh(ana).phone == "+34 600 123 123"


def test_what_goes_in_directly_needs_the_rights_of_whoever_asked(
    people: People, ana: Person
) -> None:
    setting(phone="direct")
    path = link_of(people.owner, ana)
    people.owner.is_active = False
    people.owner.save()
    send(path, phone="+34 600 999 999")
    assert fresh(ana).phone == "+34 600 123 123"
    assert set(Proposal.objects.get().values) == {"phone"}


def test_what_a_colleague_changed_meanwhile_is_no_correction(people: People, ana: Person) -> None:
    path, client = link_of(people.owner, ana), Client()
    sent = filled(path, client, birthday="1980-03-23")
    edit_record(
        actor=people.owner, entity=entity("parties.person"), record=ana, data={"city": "Getafe"}
    )
    client.post(path, sent)
    assert set(Proposal.objects.get().values) == {"birthday"}
    assert fresh(ana).city == "Getafe"


def test_a_record_changed_since_is_a_conflict_that_is_shown_and_asked_for(
    people: People, ana: Person, client: Client
) -> None:
    send(link_of(people.owner, ana), city="Toledo")
    one = Proposal.objects.select_related("party").get()
    seen = {"city": proposals.differences(people.owner, one)[0].seen}
    edit_record(
        actor=people.owner, entity=entity("parties.person"), record=ana, data={"city": "Getafe"}
    )
    with pytest.raises(Conflict):
        proposals.decide(actor=people.owner, proposal=one, accept=["city"], seen=seen)
    assert proposals.accept_all(actor=people.owner, ids=[one.pk]) == (0, 1)
    assert fresh(ana).city == "Getafe"
    client.force_login(people.owner)
    page = client.get(f"/proposed/{one.pk}").content.decode()
    assert "was Madrid when they answered" in page
    decide_all(people)
    assert fresh(ana).city == "Toledo"


def test_many_are_accepted_at_once_and_taken_back_at_once(
    people: People, ana: Person, client: Client
) -> None:
    other = make_customer(people, given_name="Eva")
    send(link_of(people.owner, ana), city="Toledo")
    send(link_of(people.owner, other), city="Ávila")
    client.force_login(people.owner)
    ids = list(Proposal.objects.values_list("pk", flat=True))
    client.post("/proposed/accept", {"ids": ids})
    assert {fresh(ana).city, fresh(other).city} == {"Toledo", "Ávila"}
    undo_change_set(change_set=latest("parties.accept_proposals"), actor=people.owner)
    assert {fresh(ana).city, fresh(other).city} == {"Madrid"}
    assert set(Proposal.objects.values_list("state", flat=True)) == {"open"}


# --- consent ------------------------------------------------------------------------------------


def test_a_refusal_holds_at_once_for_every_address_of_its_kind(people: People, ana: Person) -> None:
    send(link_of(people.owner, ana), consent_email="no")
    emails = ContactPoint.objects.filter(party_id=ana.pk, kind="email")
    assert all(point.do_not_contact for point in emails) and len(emails) == 2
    assert not ContactPoint.objects.get(party_id=ana.pk, kind="phone").do_not_contact
    said = ConsentSaid.objects.get()
    assert (said.channel, said.allowed, said.source) == ("email", False, "link")
    assert fresh(ana).confirmed_at is not None and not Proposal.objects.exists()


def test_a_permission_holds_for_the_first_address_alone(people: People, ana: Person) -> None:
    ContactPoint.objects.filter(party_id=ana.pk, kind="email").update(do_not_contact=True)
    send(link_of(people.owner, ana), consent_email="yes")
    held = dict(
        ContactPoint.objects.filter(party_id=ana.pk, kind="email").values_list(
            "typed", "do_not_contact"
        )
    )
    assert held == {"ana@acme.example": False, "ana@home.example": True}


def test_no_undo_takes_a_refusal_back(people: People, ana: Person) -> None:
    send(link_of(people.owner, ana), consent_phone="no", given_name="Anna")
    made = latest("parties.answer_confirm_link")
    outcome = undo_change_set(change_set=made, actor=people.admin)
    assert not Proposal.objects.exists(), "the rest is taken back"
    assert ContactPoint.objects.get(party_id=ana.pk, kind="phone").do_not_contact
    assert [one.channel for one in ConsentSaid.objects.all()] == ["phone"]
    assert [(one.table, one.column) for one in outcome.kept] == [
        ("parties_contactpoint", "do_not_contact")
    ]


def test_a_refusal_is_shown_on_the_record_with_its_date(
    people: People, ana: Person, client: Client
) -> None:
    send(link_of(people.owner, ana), consent_phone="no")
    client.force_login(people.owner)
    page = client.get(f"/people/{ana.pk}").content.decode()
    assert "the customer does not want it" in page
    limit(people, phone="hidden")
    page = client.get(f"/people/{ana.pk}").content.decode()
    assert "the customer does not want it" not in page


def limit(people: People, **rules: str) -> None:
    """The owner's role has these field rules on people."""
    role = people.owner.active_roles()[0]
    role.field_rules = {"parties.person": rules}
    role.save()
    people.owner.forget_rights()


# --- links --------------------------------------------------------------------------------------


def test_every_link_that_does_not_work_is_answered_alike(people: People, ana: Person) -> None:
    used, ended, old = (link_of(people.owner, ana) for _ in range(3))
    links = list(ConfirmLink.objects.order_by("pk"))
    send(used)
    end_link(actor=people.owner, link=links[1])
    ConfirmLink.objects.filter(pk=links[2].pk).update(expires_at=now() - timedelta(seconds=1))
    never = ["/confirm/" + "x" * 32, "/confirm/x", "/confirm/" + "y" * 900]
    before = (Proposal.objects.count(), ConfirmLink.objects.filter(answered_at=None).count())
    answers = []
    for path in [used, ended, old, *never]:
        for answer in (Client().get(path), Client().post(path, {"given_name": "Eve"})):
            page = re.sub(r"\b[A-Za-z0-9]{64}\b", "TOKEN", answer.content.decode())
            answers.append((answer.status_code, page, sorted(answer.headers)))
    assert {answer[0] for answer in answers} == {410}
    assert len({str(answer) for answer in answers}) == 1
    after = (Proposal.objects.count(), ConfirmLink.objects.filter(answered_at=None).count())
    assert after == before


def test_only_the_digest_of_a_link_is_kept(people: People, ana: Person) -> None:
    from django.db import connection

    secret = link_of(people.owner, ana).rsplit("/", 1)[1]
    with connection.cursor() as cursor:
        for table in ("parties_confirmlink", "platform_change", "platform_changeset"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{secret}%"])
            assert cursor.fetchone()[0] == 0, table


def test_a_link_follows_a_merge_and_comes_back_with_its_undo(people: People, ana: Person) -> None:
    double = make_customer(people, given_name="Anita")
    path = link_of(people.owner, double)
    merge(actor=people.owner, keep=ana, gone=[double])
    assert "Ana" in Client().get(path).content.decode()
    send(path, city="Toledo")
    assert Proposal.objects.get().party_id == ana.pk


def test_a_link_of_a_deleted_record_dies_politely(people: People, ana: Person) -> None:
    path = link_of(people.owner, ana)
    delete_record(actor=people.owner, entity=entity("parties.person"), record=ana)
    assert Client().get(path).status_code == 410


def test_undoing_a_link_ends_it(people: People, ana: Person) -> None:
    path = link_of(people.owner, ana)
    undo_change_set(change_set=latest("parties.ask_to_confirm"), actor=people.owner)
    assert Client().get(path).status_code == 410


# --- whoever asks and decides -------------------------------------------------------------------


def test_a_link_shows_nothing_that_its_maker_does_not_see(people: People, ana: Person) -> None:
    limit(people, birthday="hidden", phone="readonly")
    path = link_of(people.owner, ana)
    page = Client().get(path).content.decode()
    assert "1980-03-22" not in page and "600 123 123" in page
    send(path, phone="+34 600 999 999", birthday="1990-01-01")
    assert not Proposal.objects.exists()


def test_who_may_not_change_a_record_makes_no_link(
    people: People, ana: Person, client: Client
) -> None:
    with pytest.raises(NotFound):
        link_of(people.stranger, ana)
    role = people.owner.active_roles()[0]
    role.grants["parties.person"]["edit"] = "none"
    role.save()
    people.owner.forget_rights()
    with pytest.raises(NotAllowed):
        link_of(people.owner, ana)
    client.force_login(people.owner)
    assert client.post(f"/people/{ana.pk}/confirm").status_code == 403
    assert not ConfirmLink.objects.exists()


def test_who_may_not_change_a_field_does_not_decide_on_it(
    people: People, ana: Person, client: Client
) -> None:
    send(link_of(people.owner, ana), given_name="Anna", city="Toledo", birthday="1980-03-23")
    limit(people, given_name="readonly", birthday="hidden")
    one = Proposal.objects.select_related("party").get()
    client.force_login(people.owner)
    page = client.get(f"/proposed/{one.pk}").content.decode()
    assert "Toledo" in page and "Anna" in page and "1980" not in page
    with pytest.raises(NotAllowed):
        proposals.decide(
            actor=people.owner, proposal=one, accept=["given_name"], seen={"given_name": "'Ana'"}
        )
    assert proposals.accept_all(actor=people.owner, ids=[one.pk]) == (0, 1)
    left = decide_all(people, ["city"])
    assert left.state == "open" and left.values["given_name"]["state"] == "open"
    assert (fresh(ana).given_name, fresh(ana).city) == ("Ana", "Toledo")


def test_strangers_see_no_proposals(people: People, ana: Person, client: Client) -> None:
    send(link_of(people.owner, ana), city="Toledo")
    client.force_login(people.stranger)
    assert "Toledo" not in client.get("/proposed").content.decode()
    one = Proposal.objects.get()
    assert client.get(f"/proposed/{one.pk}").status_code == 404
    assert client.post(f"/proposed/{one.pk}", {"decline": "1"}).status_code == 404
    client.post("/proposed/accept", {"ids": [one.pk]})
    assert fresh(ana).city == "Madrid" and Proposal.objects.get().state == "open"


def test_an_owner_is_told_only_of_customers_they_see(people: People, ana: Person) -> None:
    path = link_of(people.owner, ana)
    with change_set(actor=None, verb="records.edit"):
        Person.objects.filter(pk=ana.pk).update(owner=None, team=None)
    send(path, city="Toledo")
    assert not Notification.objects.exists()


def test_a_table_of_links_for_a_mail_merge(people: People, ana: Person, client: Client) -> None:
    mute = make_customer(people, given_name="=1+1")
    ContactPoint.objects.filter(party_id=mute.pk, kind="email").update(do_not_contact=True)
    client.force_login(people.owner)
    answer = client.post("/people/confirm", {"ids": [ana.pk, mute.pk]})
    lines = answer.content.decode("utf-8-sig")
    assert "ana@acme.example,es,http" in lines.replace("\r", "")
    assert "'=1+1 Ruiz,,es,http" in lines and "Does not want e-mails" in lines
    path = lines.split("/confirm/")[1][:32]
    assert Client().get(f"/confirm/{path}").status_code == 200
    label = latest("parties.ask_many_to_confirm").said
    assert label == "2 records (People)"
    role = people.owner.active_roles()[0]
    role.grants["parties.person"]["export"] = "none"
    role.save()
    people.owner.forget_rights()
    assert client.post("/people/confirm", {"ids": [ana.pk]}).status_code == 403
    assert ConfirmLink.objects.count() == 2


def test_the_mail_is_in_the_customers_language(people: People, ana: Person, client: Client) -> None:
    client.force_login(people.owner)
    page = client.post(f"/people/{ana.pk}/confirm", {"language": "es"}).content.decode()
    assert "mailto:ana%40acme.example" in page and "Hola Ana Ruiz" in page
    assert ConfirmLink.objects.get().language == "es"
    assert 'name="_once"' not in client.get(f"/people/{ana.pk}/confirm").content.decode(), (
        "the answer is not kept for a second time: it holds the link"
    )


def test_settings_are_the_administrators(people: People, client: Client) -> None:
    client.force_login(people.owner)
    assert client.get("/settings/confirming").status_code == 403
    client.force_login(people.admin)
    sent: dict[str, Any] = {"field_phone": "direct", "field_given_name": "show", "days": "7"}
    assert client.post("/settings/confirming?kind=person", sent).status_code == 302
    from vinculo.parties.confirming.asking import asking

    held = asking("person")
    assert dict(held.fields) == {"phone": "direct", "given_name": "show"}
    assert (held.consent, held.days) == (False, 7)
    assert client.post("/settings/confirming?kind=person", {"days": "0"}).status_code == 422


def test_a_company_is_asked_too(people: People) -> None:
    company = make_company("Acme", owner=people.owner, team=people.north)
    point(company, "phone", "+34 911 222 333", "+34911222333", is_primary=True)
    send(link_of(people.owner, company), name="Acme Ibérica, S.L.")
    decide_all(people)
    company.refresh_from_db()
    assert company.name == "Acme Ibérica, S.L."
