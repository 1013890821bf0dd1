"""Doubles are found over all records at once, decided once, and merged as one change."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from tests.parties.makers import make_company, make_person, point
from tests.personas import People

from vinculo.kernel.clock import now
from vinculo.parties.derived import refresh
from vinculo.parties.matching import actions
from vinculo.parties.matching.clusters import Clusters
from vinculo.parties.matching.features import domain_of, name_key
from vinculo.parties.matching.febrl import judge
from vinculo.parties.matching.finding import find
from vinculo.parties.matching.models import DifferentCustomers, DuplicateSearch, PossibleDuplicate
from vinculo.parties.matching.queries import clusters
from vinculo.parties.models import Company, Person
from vinculo.platform.models import ChangeSet, Notification, User
from vinculo.platform.undo import undo_change_set
from vinculo.platform.work import start_work

pytestmark = pytest.mark.django_db
FEBRL = Path(__file__).resolve().parents[3] / "shared" / "data" / "febrl"


@pytest.fixture
def doubles(people: People) -> list[Company]:
    """Companies of the owner's, of which the first two are one, written differently."""
    mine = {"owner": people.owner, "team": people.north}
    made = [
        make_company("Furtado e Hijos, S.L.", tax_id="ESB12345678", **mine),
        make_company("FURTADO E HIJOS SL", website="https://furtado.example", **mine),
    ]
    point(made[0], "email", "info@furtado.example", "info@furtado.example", is_primary=True)
    point(made[1], "email", "INFO@furtado.example", "info@furtado.example", is_primary=True)
    trades = ("Aceros", "Bodegas", "Clinica", "Dulces", "Envases", "Farmacia", "Granja", "Hotel")
    for at in range(40):
        other = make_company(f"{trades[at % 8]} {'abcdefghij'[at // 4] * 4}{at}", **mine)
        point(other, "email", f"info{at}@other{at}.example", f"info{at}@other{at}.example")
        made.append(other)
    refresh([company.pk for company in made])
    return made


@pytest.fixture
def found(doubles: list[Company]) -> list[Company]:
    """The same, with what a search finds."""
    PossibleDuplicate.objects.create(
        kind="company", one_id=doubles[0].pk, other_id=doubles[1].pk, score=99, weight=12.0,
        levels={"name": "same", "email": "same"}, cluster=doubles[0].pk,
    )  # fmt: skip
    DuplicateSearch.objects.create(kind="company", at=now(), records=10, pairs=1, seconds=1)
    return doubles


def test_the_same_customer_written_differently_is_found(doubles: list[Company]) -> None:
    search = find("company")
    pair = PossibleDuplicate.objects.get()
    assert (pair.one_id, pair.other_id) == (doubles[0].pk, doubles[1].pk)
    assert pair.score >= 90
    assert pair.levels["email"] == "same"
    assert pair.levels["name"] == "same"
    assert (search.records, search.pairs) == (42, 1)


def test_a_new_search_replaces_what_was_found(doubles: list[Company]) -> None:
    find("company")
    doubles[1].delete()
    find("company")
    assert not PossibleDuplicate.objects.exists()
    assert DuplicateSearch.objects.get().pairs == 0


def test_who_said_that_they_differ_is_not_asked_again(
    people: People, doubles: list[Company]
) -> None:
    find("company")
    assert len(clusters(people.owner, "company", 90)[0]) == 1
    actions.say_different(actor=people.owner, parties=doubles[:2])
    assert clusters(people.owner, "company", 90)[0] == []
    undo_change_set(
        actor=people.owner, change_set=ChangeSet.objects.get(verb="parties.say_different")
    )
    assert len(clusters(people.owner, "company", 90)[0]) == 1


@pytest.mark.parametrize("who", ["stranger", "teammate"])
def test_groups_are_shown_to_those_who_see_the_records(
    people: People, found: list[Company], who: str
) -> None:
    assert clusters(getattr(people, who), "company", 50)[0] == []
    assert len(clusters(people.admin, "company", 50)[0]) == 1


def test_colleagues_who_share_a_switchboard_are_not_one_person(people: People) -> None:
    mine = {"owner": people.owner, "team": people.north}
    company = make_company("Northwind", **mine)
    point(company, "phone", "+34 955 111 222", "+34955111222", is_primary=True)
    for name in ("Maria Anders", "Maria Lopez", "Pedro Anders"):
        person = make_person(name, given_name=name.split()[0], family_name=name.split()[1],
                             company=company, **mine)  # fmt: skip
        point(person, "phone", "+34 955 111 222", "+34955111222", is_primary=True)
    find("person")
    assert not PossibleDuplicate.objects.exists()


def test_all_sure_groups_are_merged_as_one_change_that_can_be_undone(
    people: People, found: list[Company]
) -> None:
    work = start_work(people.owner, "Merge", kind="merge")
    actions.merge_later(actor=people.owner, kind="company", least=90, work_id=work.pk)
    assert Company.objects.count() == 41
    # The more complete record stays.
    assert Notification.objects.filter(user=people.owner, kind="duplicates").count() == 1
    undo_change_set(
        actor=people.owner, change_set=ChangeSet.objects.get(verb="parties.merge_duplicates")
    )
    assert Company.objects.count() == 42


def test_records_of_others_are_not_merged_in_bulk(people: People, found: list[Company]) -> None:
    assert actions.start_merging(actor=people.teammate, kind="company", least=90) is None
    assert Company.objects.count() == 42


def test_the_page_offers_what_the_reader_may(
    people: People, found: list[Company], client: Client
) -> None:
    client.force_login(people.owner)
    told = client.get("/duplicates?kind=company&least=90").content.decode()
    assert "FURTADO E HIJOS SL" in told
    assert f"/companies/merge?ids={found[0].pk}&amp;ids={found[1].pk}" in told
    answer = client.post(
        "/duplicates/different", {"ids": [found[0].pk, found[1].pk], "kind": "company"}
    )
    assert answer.status_code == 302
    assert DifferentCustomers.objects.count() == 1
    assert "FURTADO" not in client.get("/duplicates?kind=company&least=90").content.decode()
    client.force_login(people.stranger)
    ids = {"ids": [found[0].pk, found[1].pk]}
    assert client.post("/duplicates/different", ids).status_code == 404


def test_hidden_fields_say_nothing_of_why(
    people: People, found: list[Company], client: Client
) -> None:
    role = people.owner.active_roles()[0]
    role.field_rules = {"parties.company": {"email": "hidden"}}
    role.save()
    client.force_login(User.objects.get(pk=people.owner.pk))
    told = client.get("/duplicates?kind=company&least=50").content.decode()
    assert "FURTADO" in told
    assert "e-mail" not in told
    assert "furtado.example" not in told.lower().replace("furtado e hijos", "")


def test_one_search_at_a_time(people: People, client: Client) -> None:
    client.force_login(people.admin)
    assert client.post("/duplicates/find").status_code == 302
    assert client.post("/duplicates/find").status_code == 422


def test_groups_hang_together_by_pairs() -> None:
    groups = Clusters()
    for one, other in ((5, 9), (2, 9), (7, 8)):
        groups.join(one, other)
    assert [groups.of(record) for record in (2, 5, 9, 7, 8, 1)] == [2, 2, 2, 7, 7, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Furtado e Hijos, S.L.U.", "FURTADO E HIJOS SL"),
        ("上海远景科技股份有限公司", "上海遠景科技有限公司"),
        ("Acme Co., Ltd.", "ACME"),
    ],
)
def test_a_company_is_called_the_same_whatever_its_form(one: str, other: str) -> None:
    assert name_key("company", one) == name_key("company", other)


def test_a_public_mailbox_is_nobodys_site() -> None:
    assert domain_of("", "acme@gmail.com") == ""
    assert domain_of("http://www.acme.example:8080/x", "acme@gmail.com") == "acme.example"


@pytest.mark.skipif(not FEBRL.is_dir(), reason="../shared/data/febrl is not beside the checkout")
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_lists_with_known_doubles(number: int) -> None:
    quality = judge(FEBRL, number)
    assert quality.f1 >= 0.99, quality


def test_people_with_the_same_name_alone_are_not_sure(people: People) -> None:
    for _nth in range(2):
        make_person("Maria Garcia", given_name="Maria", family_name="Garcia")
    for nth in range(30):
        make_person(f"Somebody {nth}", given_name="Somebody", family_name=str(nth))
    refresh(list(Person.objects.values_list("pk", flat=True)))
    find("person")
    assert not PossibleDuplicate.objects.filter(score__gte=99).exists()
