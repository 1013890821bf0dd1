"""Renaming record types and fields: all pages, four languages, undone, and only by administrators."""

from __future__ import annotations

import csv
import io
import re
from functools import cache

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.personas import People
from tests.samples import make_sample
from tests.web.languages import Words
from tests.web.test_nouns import LANGUAGES, OTHER_SENSES, messages, named, without_places
from tests.web.test_translations import addresses

from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.parties.importing.writer import PartyWriter
from vinculo.platform.models import ChangeSet, Team, Term, User
from vinculo.platform.terms.nouns import nouns
from vinculo.platform.terms.renaming import Words as Wish
from vinculo.platform.terms.renaming import rename_words
from vinculo.platform.terms.rewording import article
from vinculo.records.registry import entities, entity
from vinculo.records.transfer.headers import guess_mapping

pytestmark = pytest.mark.django_db

OWN = {
    "parties.company": ("Klient", "Klients"),
    "parties.person": ("Mensch", "Mensches"),
    "interactions.interaction": ("Kontakta", "Kontaktas"),
    "interactions.task": ("Arbeit", "Arbeits"),
    "interactions.file": ("Akte", "Aktes"),
    "products.product": ("Ware", "Wares"),
    "products.pricelist": ("Tarifa", "Tarifas"),
    "products.listedprice": ("Betraga", "Betragas"),
    "sales.quote": ("Angebota", "Angebotas"),
    "sales.deal": ("Vorhaba", "Vorhabas"),
    "sales.lead": ("Anbahna", "Anbahnas"),
}


#: Names that programs know: `interactions.file_attached`, `/companies`.
FOR_PROGRAMS = re.compile(r"[a-z_]+(\.[a-z_]+)+|/\S*")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rename_all(actor: User, language: str) -> None:
    """Every record type gets another noun of the other gender."""
    for key, (one, many) in OWN.items():
        gender = {"f": "m", "m": "f"}.get(nouns()[key].genders.get(language, ""), "")
        rename_words(
            actor=actor,
            entity=key,
            language=language,
            words=Wish(one=one, many=many, gender=gender),
        )


def rename(actor: User, one: str, many: str, language: str = "en", **labels: str) -> None:
    rename_words(
        actor=actor,
        entity="parties.company",
        language=language,
        words=Wish(one=one, many=many, labels=labels),
    )


#: Where a lone word of another sense may stand: "Company" over settings, "File" of an import.
LONE_WORDS_ON = ("/settings", "/accounts/", "/import", "/undo", "/accesses")


@cache
def meant_otherwise(language: str, *, lone: bool) -> re.Pattern[str]:
    """Whole texts that say one of the nouns in another sense, with whatever stands in their places."""
    other = {line.split(": ", 1)[1] for line in OTHER_SENSES.read_text("utf-8").splitlines()}
    forms = [
        part
        for message, some in messages(language)
        if message in other and (lone or "|" not in message)
        for text in some
        for part in re.split(r"<[^>]*>", text)
        if part.strip()
    ]
    places = re.compile(r"%\(\w+\)s|%%")
    return re.compile(
        "|".join(".*".join(re.escape(one) for one in places.split(" ".join(part.split()))) for part in forms),
        re.DOTALL,
    )  # fmt: skip


def old_nouns_on(page: str, address: str, language: str, names: set[str]) -> list[str]:
    """The texts of a page that still say a noun the usual way."""
    other = meant_otherwise(language, lone=address.startswith(LONE_WORDS_ON))
    found = []
    for text in Words(page).texts:
        plain = without_places(text)
        if text in names or FOR_PROGRAMS.fullmatch(text) or other.fullmatch(text):
            continue
        if any(re.search(one, plain, re.IGNORECASE) for one in named(language).values()):
            found.append(text)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_says_the_old_noun(people: People, language: str) -> None:
    assert set(OWN) == set(nouns()) == {one.key for one in entities()}
    me = people.manager_as_admin()
    me.language = language
    me.save()
    names = {"Harmless Ltd"}  # a customer of the tests
    Team.objects.filter(pk=people.company.pk).update(name="Headquarters")
    rename_all(me, language)
    client, left, said = client_of(me), {}, 0
    for address in addresses(people, all_types=language == "es"):
        if address.startswith(("/settings/terms", "/api/", "/accounts/password/reset")):
            continue  # where the usual words stand beside the own ones, and what a library says
        answer = client.get(address, HTTP_ACCEPT_LANGUAGE=language)
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        page = answer.content.decode()
        said += "Klient" in page
        for text in old_nouns_on(page, address, language, names):
            left.setdefault(text, f"{answer.status_code} {address}")
    assert not left
    assert said > 20


def test_the_noun_stands_in_its_sentences_and_undo_brings_the_usual_one_back(
    people: People,
) -> None:
    client = client_of(people.admin)
    answer = client.post(
        "/settings/terms/companies/en", {"one": "Account", "many": "Accounts"}, follow=True
    )
    assert answer.status_code == 200
    page = client.get("/companies").content.decode()
    texts = Words(page).texts
    assert "Accounts" in texts
    assert "New account" in texts
    assert "Companies" not in texts
    assert "A company was created" not in client.get("/settings/webhooks/new").content.decode()
    assert "An account was created" in client.get("/settings/webhooks/new").content.decode()
    made = ChangeSet.objects.latest("pk")
    assert made.verb == "platform.rename_words"
    client.post(f"/changes/{made.pk}/undo")
    texts = Words(client.get("/companies").content.decode()).texts
    assert "New company" in texts
    assert "New account" not in texts


def test_each_language_has_its_own_words(people: People) -> None:
    rename(people.admin, "Account", "Accounts")
    people.owner.language = "es"
    people.owner.save()
    texts = Words(client_of(people.owner).get("/companies").content.decode()).texts
    assert "Nueva empresa" in texts
    rename_words(
        actor=people.admin,
        entity="parties.company",
        language="es",
        words=Wish(one="Cliente", many="Clientes", gender="m"),
    )
    texts = Words(client_of(people.owner).get("/companies").content.decode()).texts
    assert "Nuevo cliente" in texts


def test_what_people_typed_is_never_reworded(people: People) -> None:
    make_sample(entity("parties.company"), people.owner, "Company of companies")
    rename(people.admin, "Account", "Accounts")
    page = client_of(people.owner).get("/companies").content.decode()
    assert "Company of companies" in page


def test_a_field_is_called_so_wherever_it_is_shown(people: People) -> None:
    make_sample(entity("parties.company"), people.owner)
    rename(people.admin, "", "", name="Trading name", industry="Trade", tax_id="VAT number")
    client = client_of(people.admin)
    for address in ("/companies", "/companies/new", "/companies/filter?field=industry"):
        assert "Trade" in client.get(address).content.decode(), address
    answer = client.post("/companies/export.csv")
    parts = b"".join(answer.streaming_content) if answer.streaming else answer.content
    head = next(csv.reader(io.StringIO(parts.decode("utf-8-sig"))))
    assert "Trading name" in head
    told = client.get("/api/v1/companies").json()["data"][0]
    assert {"name", "industry", "tax_id"} <= set(told)


def test_imports_know_a_column_by_its_new_name_and_by_its_old_one(people: People) -> None:
    rename(people.admin, "Account", "Accounts", industry="Trade", name="Trading name")
    client_of(people.admin).get("/companies")
    targets = PartyWriter("company").targets(people.admin)
    with translation.override("en"):
        for header, key in (("Trade", "industry"), ("Industry", "industry"), ("Trading name", "name"),
                            ("Company name", "name"), ("Parent account", "parent"),
                            ("Parent company", "parent"), ("Sector", "industry")):  # fmt: skip
            assert guess_mapping([header], targets)[0].target == key, header


def test_only_administrators_rename(people: People) -> None:
    client = client_of(people.manager)
    assert client.get("/settings/terms").status_code == 403
    sent = {"one": "Account", "many": "Accounts"}
    assert client.post("/settings/terms/companies/en", sent).status_code == 403
    with pytest.raises(NotAllowed):
        rename(people.manager, "Account", "Accounts")
    assert not Term.objects.exists()


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(one="Account"), "many"),
        (Wish(one="100%", many="100%s"), "one"),
        (Wish(one="<b>", many="<b>s"), "one"),
        (Wish(one="Person", many="Folks"), "one"),
        (Wish(one="x" * 41, many="y"), "one"),
        (Wish(one="…", many="……"), "one"),
        (Wish(labels={"industry": "Tax id"}), "label_industry"),
        (Wish(labels={"industry": "Same", "size": "same"}), "label_size"),
    ],
)
def test_words_that_do_not_do_are_refused(people: People, wish: Wish, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        rename_words(actor=people.admin, entity="parties.company", language="en", words=wish)
    assert refused.value.field == field
    assert not Term.objects.exists()


def test_two_record_types_may_swap_their_words(people: People) -> None:
    """Person first becomes Contact, and only then may a company be a Person."""
    rename_words(
        actor=people.admin,
        entity="parties.person",
        language="en",
        words=Wish(one="Contact", many="Contacts"),
    )
    rename(people.admin, "Person", "People")
    client_of(people.admin).get("/companies")
    with translation.override("en"):
        assert translation.gettext("Companies and people") == "People and contacts"
        assert translation.gettext("A person joined a company") == "A contact joined a person"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("account", "an"),
        ("user", "a"),
        ("hour", "an"),
        ("NGO", "an"),
        ("client", "a"),
        ("VIP", "a"),
    ],
)
def test_the_english_article_follows_the_sound(word: str, said: str) -> None:
    assert article(word) == said


def test_other_processes_know_with_their_next_request(people: People) -> None:
    """A process that has not seen the change itself: it is told by the version alone."""
    from vinculo.platform.terms import known

    rename(people.admin, "Account", "Accounts")
    known._known = known.NONE  # as a process that started before
    assert "New account" in client_of(people.admin).get("/companies").content.decode()


def test_no_page_asks_a_question_more(people: People) -> None:
    client = client_of(people.admin)

    def counted() -> int:
        client.get("/companies")
        with CaptureQueriesContext(connection) as captured:
            client.get("/companies")
        return len(captured)

    before = counted()
    rename(people.admin, "Account", "Accounts", industry="Trade")
    assert counted() == before
