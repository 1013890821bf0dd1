"""Records of one customer become one, and an undo separates them exactly as they were."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.parties.makers import make_company, make_person, point
from tests.personas import People

from vinculo.interactions.models import Interaction, Task
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound
from vinculo.parties.derived import refresh
from vinculo.parties.merging.actions import merge
from vinculo.parties.models import Company, ContactPoint, Party, Person, Relation
from vinculo.platform.events import deliver_waiting
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set
from vinculo.records import external, merged
from vinculo.records.models import Favourite

pytestmark = pytest.mark.django_db

TABLES = (
    "parties_party", "parties_contactpoint", "parties_relation", "interactions_interaction",
    "interactions_task", "interactions_file", "records_externalid", "records_favourite",
    "records_mergedrecord",
)  # fmt: skip


def everything() -> dict[str, list[Any]]:
    """Every row of every table that a merge may touch, but for when it was last written."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t) - 'updated_at' FROM {table} t ORDER BY id")
            found[table] = [
                json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor
            ]
    return found


def latest() -> ChangeSet:
    """The merge that was just made."""
    return ChangeSet.objects.filter(verb="parties.merge").latest("pk")


@pytest.fixture
def companies(people: People) -> tuple[Company, Company]:
    """The same company twice, both the owner's, each with something of its own."""
    mine = {"owner": people.owner, "team": people.north}
    kept = make_company(
        "Northwind", industry="food", tags=["gold"], description="Pays late.", **mine
    )
    gone = make_company(
        "Northwind Traders", website="https://northwind.example", tags=["gold", "fair"],
        description="Met in Sevilla.", external_id="N-2", **mine,
    )  # fmt: skip
    point(kept, "phone", "955 111", "+34955111", is_primary=True)
    point(gone, "phone", "955 222", "+34955222", is_primary=True)
    point(gone, "phone", "955111", "+34955111", do_not_contact=True)
    point(gone, "email", "info@northwind.example", "info@northwind.example", is_primary=True)
    refresh([kept.pk, gone.pk])
    return kept, gone


def test_nothing_that_one_record_knew_is_lost(
    people: People, companies: tuple[Company, Company]
) -> None:
    kept, gone = companies
    merge(actor=people.owner, keep=kept, gone=[gone])
    found = Company.objects.get()
    assert found.pk == kept.pk
    assert (found.name, found.industry, found.website) == (
        "Northwind", "food", "https://northwind.example",
    )  # fmt: skip
    assert found.tags == ["gold", "fair"]
    assert found.description == "Pays late.\n\nMet in Sevilla."
    assert found.external_id == "N-2"
    assert found.email == "info@northwind.example"


def test_a_number_is_kept_once_and_refusals_with_it(
    people: People, companies: tuple[Company, Company]
) -> None:
    kept, gone = companies
    merge(actor=people.owner, keep=kept, gone=[gone])
    phones = ContactPoint.objects.filter(party=kept.pk, kind="phone").order_by("value")
    assert [(p.value, p.is_primary, p.do_not_contact) for p in phones] == [
        ("+34955111", True, True),
        ("+34955222", False, False),
    ]


def test_the_chosen_values_stand(people: People, companies: tuple[Company, Company]) -> None:
    kept, gone = companies
    merge(
        actor=people.owner, keep=kept, gone=[gone],
        choices={"name": gone.pk, "phone": gone.pk, "description": kept.pk},
    )  # fmt: skip
    found = Company.objects.get()
    assert found.name == "Northwind Traders"
    assert found.phone == "955 222"
    assert found.description == "Pays late."


def test_what_hung_on_the_other_record_moves_along(
    people: People, companies: tuple[Company, Company]
) -> None:
    kept, gone = companies
    mine = {"owner": people.owner, "team": people.north}
    maria = make_person("Maria Anders", company=gone, **mine)
    Relation.objects.create(person=maria, company=gone, title="Buyer")
    branch = make_company("Northwind Madrid", parent=gone, **mine)
    Interaction.objects.create(party=gone, company=gone, kind="call", at=now(), **mine)
    Task.objects.create(title="Send prices", party=gone, company=gone, **mine)
    external.note("parties.company", {("shop", "A-17"): gone.pk})
    Favourite.objects.create(user=people.owner, entity="parties.company", row_id=gone.pk)
    refresh([maria.pk])
    merge(actor=people.owner, keep=kept, gone=[gone])
    assert Person.objects.get(pk=maria.pk).company_id == kept.pk
    assert Relation.objects.get().company_id == kept.pk
    assert Company.objects.get(pk=branch.pk).parent_id == kept.pk
    assert Interaction.objects.get().party_id == kept.pk
    assert Task.objects.get().company_id == kept.pk
    assert external.known("parties.company", [("shop", "A-17")]) == {("shop", "A-17"): kept.pk}
    assert Favourite.objects.get().row_id == kept.pk
    assert merged.kept_instead_of("parties.company", gone.pk) == kept.pk


def test_what_was_said_is_found_by_the_kept_name(
    people: People, companies: tuple[Company, Company]
) -> None:
    kept, gone = companies
    Party.objects.filter(pk=gone.pk).update(name="Nordwind")
    call = Interaction.objects.create(
        party=gone, company=gone, kind="call", at=now(), owner=people.owner, team=people.north
    )
    merge(actor=people.owner, keep=kept, gone=[gone])
    deliver_waiting()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(search) FROM interactions_interaction WHERE id = %s",
            [call.pk],
        )
        assert "northwind" in cursor.fetchone()[0]


def test_a_person_who_works_in_the_same_company_twice_works_there_once(people: People) -> None:
    mine = {"owner": people.owner, "team": people.north}
    company = make_company("Northwind", **mine)
    one = make_person("Maria Anders", company=company, **mine)
    two = make_person("María Anders", company=company, **mine)
    Relation.objects.create(person=one, company=company, started_on=date(2024, 5, 1))
    Relation.objects.create(person=two, company=company, started_on=date(2022, 1, 1), title="CEO")
    merge(actor=people.owner, keep=one, gone=[two])
    relation = Relation.objects.get()
    assert (relation.person_id, relation.started_on, relation.title) == (
        one.pk, date(2022, 1, 1), "CEO",
    )  # fmt: skip


def test_a_company_merged_with_its_parent_stands_where_that_stood(people: People) -> None:
    mine = {"owner": people.owner, "team": people.north}
    top = make_company("Group", **mine)
    parent = make_company("Northwind Holding", parent=top, **mine)
    kept = make_company("Northwind", parent=parent, **mine)
    merge(actor=people.owner, keep=kept, gone=[parent])
    assert Company.objects.get(pk=kept.pk).parent_id == top.pk


def test_merged_records_lead_on_however_often_they_are_merged(people: People) -> None:
    a, b, c = (make_company(name, owner=people.owner, team=people.north) for name in "ABC")
    merge(actor=people.owner, keep=b, gone=[a])
    merge(actor=people.owner, keep=c, gone=[b])
    assert merged.kept_instead_of("parties.company", a.pk) == c.pk


def test_the_address_of_a_merged_record_leads_on_for_those_who_may_see_where(
    people: People, companies: tuple[Company, Company], client: Client
) -> None:
    kept, gone = companies
    merge(actor=people.owner, keep=kept, gone=[gone])
    client.force_login(people.owner)
    for page in ("", "/history", "/peek"):
        answer = client.get(f"/companies/{gone.pk}{page}?from=list")
        assert answer.status_code == 302
        assert answer["Location"] == f"/companies/{kept.pk}{page}?from=list"
    client.force_login(people.stranger)
    assert client.get(f"/companies/{gone.pk}").status_code == 404
    client.force_login(people.owner)
    undo_change_set(actor=people.owner, change_set=latest())
    assert client.get(f"/companies/{gone.pk}").status_code == 200


def test_programs_are_led_on_too(
    people: People, companies: tuple[Company, Company], client: Client
) -> None:
    kept, gone = companies
    merge(actor=people.owner, keep=kept, gone=[gone])
    client.force_login(people.owner)
    answer = client.get(f"/api/v1/companies/{gone.pk}")
    assert (answer.status_code, answer["Location"]) == (302, f"/api/v1/companies/{kept.pk}")
    client.force_login(people.stranger)
    assert client.get(f"/api/v1/companies/{gone.pk}").status_code == 404


@pytest.mark.parametrize("who", ["stranger", "teammate"])
def test_who_may_not_see_a_record_cannot_merge_it(
    people: People, companies: tuple[Company, Company], who: str
) -> None:
    kept, gone = companies
    before = everything()
    with pytest.raises(NotFound), transaction.atomic():
        merge(actor=getattr(people, who), keep=kept, gone=[gone])
    assert everything() == before


def test_who_may_change_but_not_delete_cannot_merge(
    people: People, companies: tuple[Company, Company]
) -> None:
    kept, gone = companies
    role = people.owner.active_roles()[0]
    role.grants["parties.company"]["delete"] = "none"
    role.save()
    people.owner.forget_rights()
    before = everything()
    with pytest.raises(NotAllowed), transaction.atomic():
        merge(actor=people.owner, keep=kept, gone=[gone])
    assert everything() == before


def test_a_value_that_may_not_be_written_may_not_be_chosen(
    people: People, companies: tuple[Company, Company]
) -> None:
    kept, gone = companies
    role = people.owner.active_roles()[0]
    role.field_rules = {"parties.company": {"website": "readonly"}}
    role.save()
    people.owner.forget_rights()
    with pytest.raises(NotAllowed), transaction.atomic():
        merge(actor=people.owner, keep=kept, gone=[gone], choices={"website": gone.pk})


def test_a_company_and_a_person_are_never_one(people: People) -> None:
    company, person = make_company("Northwind"), make_person("Maria Anders")
    with pytest.raises(DomainError), transaction.atomic():
        merge(actor=people.admin, keep=company, gone=[person])
    with pytest.raises(DomainError), transaction.atomic():
        merge(actor=people.admin, keep=company, gone=[company])


# --- merge, then separate -----------------------------------------------------------------------

texts = st.sampled_from(["", "Northwind", "nördwind", "北风"])
phones = st.lists(st.sampled_from(["+34955111", "+34955222", "+34955333"]), max_size=3, unique=True)
records = st.fixed_dictionaries(
    {
        "website": texts, "tax_id": texts, "description": texts, "phones": phones,
        "tags": st.lists(st.sampled_from(["gold", "fair"]), max_size=2, unique=True),
        "calls": st.integers(0, 2), "people": st.integers(0, 2), "refused": st.booleans(),
    }
)  # fmt: skip


class Back(Exception):
    """Ends one example and takes all of it back."""


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=st.lists(records, min_size=2, max_size=4), choose=st.integers(0, 3), data=st.data())
def test_merging_and_separating_again_changes_nothing(
    people: People, told: list[dict[str, Any]], choose: int, data: st.DataObject
) -> None:
    mine = {"owner": people.owner, "team": people.north}
    try:
        with transaction.atomic():
            made = [_make(place, one, mine) for place, one in enumerate(told)]
            for company in made[1:]:
                if data.draw(st.booleans()):
                    Party.objects.filter(pk=company.pk).update(parent=made[0])
            ids = [company.pk for company in made]
            refresh([*ids, *Person.objects.values_list("pk", flat=True)])
            before = everything()
            source = ids[choose % len(ids)]
            merge(
                actor=people.owner, keep=made[0], gone=made[1:],
                choices={"phone": source, "website": source},
            )  # fmt: skip
            assert Company.objects.filter(pk__in=ids).count() == 1
            undo_change_set(actor=people.owner, change_set=latest())
            assert everything() == before
            raise Back
    except Back:
        pass


def test_a_merge_that_was_undone_is_done_again_whole(
    people: People, companies: tuple[Company, Company]
) -> None:
    kept, gone = companies
    merge(actor=people.owner, keep=kept, gone=[gone])
    merged = everything()
    undone = undo_change_set(actor=people.owner, change_set=latest())
    again = undo_change_set(
        actor=people.owner, change_set=ChangeSet.objects.get(pk=undone.changeset_id)
    )
    assert again.kept == []
    assert everything() == merged


def _make(place: int, told: dict[str, Any], mine: dict[str, Any]) -> Company:
    plain = {name: told[name] for name in ("website", "tax_id", "description", "tags")}
    company = make_company(f"Company {place}", **plain, **mine)
    for nth, number in enumerate(told["phones"]):
        point(company, "phone", number, number, is_primary=nth == 0, do_not_contact=told["refused"])
    for nth in range(told["people"]):
        person = make_person(f"Person {place} {nth}", company=company, **mine)
        Relation.objects.create(person=person, company=company)
    for _nth in range(told["calls"]):
        call = Interaction.objects.create(
            party=company, company=company, kind="call", status="done", at=now(), **mine
        )
        from vinculo.interactions.derived import refresh_interactions

        refresh_interactions([call.pk])
    return company


# --- the pages ------------------------------------------------------------------------------------


def test_the_records_stand_side_by_side_and_merge_as_chosen(
    people: People, companies: tuple[Company, Company], client: Client
) -> None:
    kept, gone = companies
    client.force_login(people.owner)
    page = client.get(f"/companies/merge?ids={kept.pk}&ids={gone.pk}")
    told = page.content.decode()
    assert "https://northwind.example" in told or "northwind.example" in told
    assert f'name="choose-name" value="{gone.pk}"' in told
    answer = client.post(
        "/companies/merge",
        {"ids": [kept.pk, gone.pk], "keep": gone.pk, "choose-name": kept.pk},
    )
    assert answer["Location"] == f"/companies/{gone.pk}"
    assert Company.objects.get().name == "Northwind"


def test_the_page_shows_nothing_of_fields_that_are_hidden(
    people: People, companies: tuple[Company, Company], client: Client
) -> None:
    kept, gone = companies
    role = people.owner.active_roles()[0]
    role.field_rules = {"parties.company": {"phone": "hidden", "description": "hidden"}}
    role.save()
    client.force_login(people.owner)
    told = client.get(f"/companies/merge?ids={kept.pk}&ids={gone.pk}").content.decode()
    assert "955 222" not in told
    assert "Pays late" not in told


def test_records_out_of_sight_are_not_compared(
    people: People, companies: tuple[Company, Company], client: Client
) -> None:
    kept, gone = companies
    client.force_login(people.stranger)
    assert client.get(f"/companies/merge?ids={kept.pk}&ids={gone.pk}").status_code == 404
    assert client.post("/companies/merge", {"ids": [kept.pk, gone.pk]}).status_code == 404
    assert client.get(f"/companies/{kept.pk}/merge").status_code == 404
    assert Company.objects.count() == 2


def test_those_that_look_like_it_are_offered(people: People, client: Client) -> None:
    mine = {"owner": people.owner, "team": people.north}
    one, two = make_company("Northwind", **mine), make_company("Northwind", **mine)
    make_company("Something else", **mine)
    refresh([one.pk, two.pk])
    client.force_login(people.owner)
    told = client.get(f"/companies/{one.pk}/merge").content.decode()
    assert f"ids={two.pk}" in told
    assert "same name" in told
    assert "Something else" not in told


def test_one_record_alone_is_refused_in_words(people: People, client: Client) -> None:
    company = make_company("Northwind", owner=people.owner, team=people.north)
    client.force_login(people.owner)
    answer = client.get(f"/companies/merge?ids={company.pk}")
    assert answer.status_code in (400, 409, 422)
    assert "at least two" in answer.content.decode()
