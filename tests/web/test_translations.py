"""Every page in every language: nothing of ours stays English, and the words fit their places."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation
from scripts import messages
from tests.personas import PASSWORD, People
from tests.routes import Route, one_of_each, routes
from tests.samples import make_sample
from tests.web.languages import Words, english_in

from vinculo.platform.models import Role
from vinculo.records.registry import entities
from vinculo.sales.leads.models import Criterion
from vinculo.sales.pipelines.known import known

LANGUAGES = ("es", "zh-hans", "zh-hant")
# English by decision: the reference of the API.
ENGLISH = {"api/v1/docs"}
# Each language under its own name.
NATIVE = {"English", "español", "简体中文", "繁體中文"}


def test_the_catalogues_hold_every_word_and_fit_it() -> None:
    found = [str(problem) for problem in messages.problems()]
    assert not found, "\n".join(found)


def addresses(people: People, *, all_types: bool) -> list[str]:
    """Every page a GET shows, with records where it wants them, and the dialogs of each field; or
    only one record type's page of each shape, which is the same code for all, without dialogs."""
    me = people.manager
    samples = {entity.key: make_sample(entity, me).pk for entity in entities()}
    role = Role.objects.get(name="Chief")

    def filled(route: Route) -> str:
        if route.key:
            return route.url(pk=samples[route.key])
        return route.url(
            pk=samples["parties.company"],
            user_id=people.owner.pk,
            team_id=people.north.pk,
            role_id=role.pk,
        )

    among = [route for route in routes() if not route.is_api and route.pattern not in ENGLISH]
    if not all_types:
        among = one_of_each(among)
    found = [filled(route) for route in among]
    company = samples["parties.company"]
    for entity in entities():
        base, one = f"/{entity.path}", f"/{entity.path}/{samples[entity.key]}"
        fields = entity.fields_for(me)
        found += [f"{base}?q=nothing-is-called-this"]
        if not all_types:
            continue
        found += [f"{base}/filter?field={field.name}" for field in fields if field.filterable]
        found += [f"{one}/field/{field.name}" for field in fields if field.editable]
        found += [f"{one}/do/{action.name}" for action in entity.actions_for(me)]
    found += [f"/timeline/{company}/compose/{kind}" for kind in ("call", "note", "visit", "task")]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shows_an_english_message(people: People, language: str) -> None:
    me = people.manager_as_admin()
    me.language = language
    me.save()
    client = Client()
    client.force_login(me)
    leftovers: dict[str, str] = {}
    pages = 0
    # What a page leaves unmarked stays English in every language, and that no language lacks a word
    # is the catalogues' test: one walk through all is enough.
    for address in addresses(people, all_types=language == "zh-hans"):
        answer = client.get(address, HTTP_ACCEPT_LANGUAGE=language)
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        pages += 1
        for text in english_in(answer.content.decode(), language):
            if text not in NATIVE and not _is_a_name(text, people):
                leftovers.setdefault(text, f"{answer.status_code} {address}")
    assert not leftovers
    assert pages > 60


def _is_a_name(text: str, people: People) -> bool:
    """Whether the text is what a persona, a team, a role, a pipeline, a stage or a question about
    leads is called: rows, in the words of whoever wrote them."""
    names = {user.name for user in people.all().values()}
    shaped = {str(one) for some in (known().pipelines, known().stages.values(),
              known().reasons.values(), Role.objects.all(), Criterion.objects.all())
              for one in some}  # fmt: skip
    return text in names | shaped | {people.company.name, people.north.name, people.south.name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_answer_in_the_language_of_the_reader(people: People, language: str) -> None:
    me = people.manager_as_admin()
    me.language = language
    me.set_password(PASSWORD)
    me.save()
    client = Client()
    client.force_login(me)
    refused = [
        ("/companies/new", {"name": ""}),
        ("/companies/new", {"name": "Acme", "website": "ftp://nowhere"}),
        ("/people/new", {}),
        ("/settings/users/invite", {"email": "nobody"}),
        ("/settings/keys/new", {}),
        ("/accounts/password/change/", {"oldpassword": "x", "password1": "short"}),
        ("/import/", {}),
    ]
    for address, given in refused:
        answer = client.post(address, given, HTTP_ACCEPT_LANGUAGE=language)
        assert answer.status_code in (200, 422), address
        page = answer.content.decode()
        left = [text for text in english_in(page, language) if text not in NATIVE]
        assert not [text for text in left if not _is_a_name(text, people)], address
        words = " ".join(Words(page).texts)
        assert "required" not in words
        assert "too short" not in words


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 day ago", "2 days ago"),
        ("es", "hace 1 día", "hace 2 días"),
        ("zh-hans", "1 天前", "2 天前"),
        ("zh-hant", "1 天前", "2 天前"),
    ],
)
def test_numbers_take_the_form_their_language_wants(language: str, one: str, many: str) -> None:
    with translation.override(language):
        said = [
            translation.ngettext("%(n)s day ago", "%(n)s days ago", n) % {"n": n} for n in (1, 2)
        ]
    assert said == [one, many]


def test_one_word_of_two_meanings_is_two_words_elsewhere() -> None:
    with translation.override("zh-hans"):
        assert translation.gettext("New") == "新建"
        assert translation.pgettext("unread", "New") == "未读"
        assert translation.gettext("Role") == "角色"
        assert translation.pgettext("in a company", "Role") == "职务"
        assert translation.gettext("Created") == "创建时间"
        assert translation.pgettext("done", "Created") == "已创建"
        assert translation.gettext("Person") == "联系人"
        assert translation.pgettext("colleague", "Person") == "人员"


def test_taiwan_has_its_own_words() -> None:
    expected = {
        "Import": "匯入",
        "File": "檔案",
        "Save": "儲存",
        "Person": "聯絡人",
        "Undo": "復原",
    }
    with translation.override("zh-hant"):
        assert {word: translation.gettext(word) for word in expected} == expected


def test_roles_that_vinculo_brings_along_speak_the_language_of_the_reader(db: None) -> None:
    brought, own = Role(name="Salesperson"), Role(name="Night watch")
    with translation.override("es"):
        assert (str(brought), str(own)) == ("Vendedor", "Night watch")


def test_titles_of_libraries_are_sentences_in_english_too(client: Client, db: None) -> None:
    page = client.get("/accounts/password/reset/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Reset password" in Words(page).texts
    assert "Password Reset" not in Words(page).texts
