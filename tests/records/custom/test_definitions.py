"""Definitions: made, changed, moved, deleted and brought back, by administrators alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests.personas import People
from tests.records.custom.kinds import BY_KIND, CHOICES, add
from tests.records.test_surfaces import signed_in
from tests.samples import make_company, make_person
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.parties.models import Company
from vinculo.platform.custom import known
from vinculo.platform.models import ChangeSet, CustomField
from vinculo.platform.undo import undo_change_set
from vinculo.records.custom.actions import (
    change_custom_field,
    delete_custom_field,
    move_custom_field,
    restore_custom_field,
)
from vinculo.records.custom.indexing import index_custom_field, indexes_of
from vinculo.records.custom.jobs import purge_custom_fields, refresh_search
from vinculo.records.custom.spelling import Wish, slug_for
from vinculo.records.custom.stored import Rules, stored
from vinculo.records.lists import matching, ordering, parse_list
from vinculo.records.registry import entities, entity
from vinculo.records.search import search
from vinculo.records.writing import create_record, edit_record

COMPANY = entity("parties.company")


def written(people: People, company: Company, **values: Any) -> Company:
    """The company after its owner has written these values."""
    found: Company = edit_record(actor=people.owner, entity=COMPANY, record=company, data=values)
    return found


def names(people: People) -> list[str]:
    """The custom fields that the owner sees."""
    return [one.name for one in COMPANY.fields_for(people.owner) if one.custom]


@pytest.mark.parametrize("who", ["owner", "manager", "stranger"])
def test_only_administrators_define(people: People, who: str) -> None:
    with pytest.raises(NotAllowed):
        add(getattr(people, who))
    client = signed_in(getattr(people, who))
    for url in ("/settings/fields", "/settings/fields/companies/new?kind=text"):
        assert client.get(url).status_code == 403
    assert not CustomField.objects.exists()


def test_every_record_type_takes_them(people: People) -> None:
    for one in entities():
        made = add(people.admin, key=one.key)
        assert made.name in {field.name for field in one.fields_for(people.admin)}


@pytest.mark.parametrize(
    ("wish", "where"),
    [
        (Wish({"": ""}), "label"),
        (Wish({"": "Industry"}), "label"),
        (Wish({"": "x" * 81}), "label"),
        (Wish({"": "A", "es": "Sector"}), "label_es"),
        (Wish({"": "A"}, kind="nothing"), "kind"),
        (Wish({"": "A"}, kind="choice"), "new_choices"),
        (Wish({"": "A"}, kind="choice", choices=(CHOICES[0], CHOICES[0])), "new_choices"),
        (Wish({"": "A"}, kind="money", currency="XYZW"), "currency"),
        (Wish({"": "A"}, kind="number", decimals=7), "decimals"),
        (Wish({"": "A"}, kind="relation", target="no.type"), "target"),
    ],
)
def test_what_does_not_hold_together_is_refused(people: People, wish: Wish, where: str) -> None:
    from vinculo.records.custom.actions import add_custom_field

    with pytest.raises(DomainError) as refused:
        add_custom_field(actor=people.admin, entity=COMPANY, wish=wish)
    assert refused.value.field == where
    assert not CustomField.objects.exists()


def test_a_key_is_never_used_again(people: People) -> None:
    first = add(people.admin, label="Contract end")
    assert first.slug == "contract_end"
    delete_custom_field(actor=people.admin, custom_field=first)
    second = add(people.admin, label="Contract end")
    assert second.slug == "contract_end_2"
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.latest("pk"))
    assert add(people.admin, label="Contract end").slug == "contract_end_3"


def test_keys_of_other_scripts() -> None:
    assert slug_for("合同到期", []) == "he_tong_dao_qi"
    assert slug_for("Año", []) == "ano"
    assert slug_for("2nd phone", []) == "f_2nd_phone"
    assert slug_for("☎", []) == "f"


def test_a_deleted_field_is_gone_everywhere_and_comes_back_with_its_values(people: People) -> None:
    made = add(people.admin)
    company = written(people, make_company(people.owner), **{made.name: "Kryptonite"})
    delete_custom_field(actor=people.admin, custom_field=made)
    assert names(people) == []
    assert (
        "Kryptonite" not in signed_in(people.owner).get(f"/companies/{company.pk}").content.decode()
    )
    client = signed_in(people.admin)
    assert "Bring back" in client.get("/settings/fields").content.decode()
    client.post(f"/settings/fields/{made.pk}/restore")
    assert names(people) == [made.name]
    company.refresh_from_db()
    assert COMPANY.all_fields[made.name].value(company) == "Kryptonite"


def test_values_of_a_field_go_for_good_after_thirty_days(people: People) -> None:
    made, other = add(people.admin), add(people.admin, label="Other")
    company = written(people, make_company(people.owner), **{made.name: "A", other.name: "B"})
    delete_custom_field(actor=people.admin, custom_field=made)
    purge_custom_fields()
    assert CustomField.objects.filter(pk=made.pk).exists()
    CustomField.objects.filter(pk=made.pk).update(deleted_at=now() - timedelta(days=31))
    with pytest.raises(DomainError):
        made.refresh_from_db()
        restore_custom_field(actor=people.admin, custom_field=made)
    purge_custom_fields()
    company.refresh_from_db()
    assert company.custom == {other.slug: "B"}
    assert not CustomField.objects.filter(pk=made.pk).exists()


def test_undo_of_definitions(people: People) -> None:
    made = add(people.admin, label="Before")
    change_custom_field(actor=people.admin, custom_field=made, wish=Wish({"": "After"}))
    assert str(COMPANY.all_fields[made.name].label) == "After"
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.latest("pk"))
    assert str(COMPANY.all_fields[made.name].label) == "Before"
    made.refresh_from_db()
    delete_custom_field(actor=people.admin, custom_field=made)
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.latest("pk"))
    assert names(people) == [made.name]


def test_two_values_of_a_record_are_undone_by_themselves(people: People) -> None:
    one, two = add(people.admin, label="One"), add(people.admin, label="Two")
    company = make_company(people.owner)
    written(people, company, **{one.name: "1"})
    first = ChangeSet.objects.latest("pk")
    written(people, company, **{two.name: "2"})
    undo_change_set(actor=people.owner, change_set=first)
    company.refresh_from_db()
    assert company.custom == {two.slug: "2"}


def test_a_deleted_record_comes_back_with_its_values(people: People) -> None:
    from vinculo.records.writing import delete_record

    made = add(people.admin)
    company = written(people, make_company(people.owner), **{made.name: "Kryptonite"})
    number = delete_record(actor=people.owner, entity=COMPANY, record=company)
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.get(pk=number))
    assert Company.objects.get(pk=company.pk).custom == {made.slug: "Kryptonite"}


def test_order(people: People) -> None:
    made = [add(people.admin, label=label) for label in ("A", "B", "C")]
    move_custom_field(actor=people.admin, custom_field=made[2], up=True)
    move_custom_field(actor=people.admin, custom_field=made[0], up=True)
    assert names(people) == ["custom_a", "custom_c", "custom_b"]


def test_a_retired_choice_is_told_but_not_offered(people: People) -> None:
    made = add(people.admin, "choice")
    company = written(people, make_company(people.owner), **{made.name: "gold"})
    change_custom_field(
        actor=people.admin, custom_field=made,
        wish=Wish(made.labels, kind="choice", choices=({"labels": {"": "Bronze"}},)),
    )  # fmt: skip
    client = signed_in(people.owner)
    assert "Gold" in client.get(f"/companies/{company.pk}").content.decode()
    assert "Gold" not in client.get("/companies/new").content.decode()
    # Who edits the record keeps it without being asked.
    assert "Gold" in client.get(f"/companies/{company.pk}/field/{made.name}").content.decode()
    other = make_company(people.owner, "Other")
    with pytest.raises(DomainError):
        written(people, other, **{made.name: "gold"})


def test_labels_and_choices_in_the_readers_language(people: People) -> None:
    from django.utils import translation

    made = add(people.admin, "choice", label="Level")
    made.labels = {**made.labels, "es": "Nivel"}
    made.save()
    known.forget()
    field = COMPANY.all_fields[made.name]
    with translation.override("es"):
        assert (str(field.label), str(field.choice_label("gold"))) == ("Nivel", "Oro")
    with translation.override("zh-hans"):
        assert (str(field.label), str(field.choice_label("gold"))) == ("Level", "Gold")


def test_decimals_and_currencies_stay(people: People) -> None:
    number = add(people.admin, "number", decimals=2)
    with pytest.raises(DomainError):
        wish = Wish(number.labels, kind="number", decimals=1)
        change_custom_field(actor=people.admin, custom_field=number, wish=wish)
    money = add(people.admin, "money")
    with pytest.raises(DomainError):
        wish = Wish(money.labels, kind="money", currency="USD")
        change_custom_field(actor=people.admin, custom_field=money, wish=wish)


def test_a_required_field_is_asked_for(people: People) -> None:
    made = add(people.admin, required=True, on_form=False)
    answer = signed_in(people.owner).post("/companies/new", {"name": "New"})
    assert answer.status_code == 422 and made.name in answer.context["form"].errors
    assert not Company.objects.exists()
    signed_in(people.owner).post("/companies/new", {"name": "New", made.name: "There"})
    assert Company.objects.get().custom == {made.slug: "There"}


def test_the_search_finds_it_once_asked_to(people: People) -> None:
    made = add(people.admin)
    company = written(people, make_company(people.owner), **{made.name: "Unobtainium"})
    assert search(people.owner, "unobtainium") == []
    change_custom_field(
        actor=people.admin, custom_field=made, wish=Wish(made.labels, searched=True)
    )
    refresh_search(field=made.pk)
    found = search(people.owner, "unobt")
    assert [record.pk for group in found for record in group.records] == [company.pk]
    person = add(people.admin, key="parties.person", label="Nick", searched=True)
    created = create_record(
        actor=people.owner, entity=entity("parties.person"),
        data={"name": "Ana", person.name: "Anita"},
    )  # fmt: skip
    assert [one.pk for group in search(people.owner, "anita") for one in group.records] == [
        created.pk
    ]


def test_a_hidden_field_is_not_found_by_the_search(people: People) -> None:
    made = add(people.admin, searched=True)
    company = make_company(people.owner)
    written(people, company, **{made.name: "Vibranium"})
    role = people.owner.active_roles()[0]
    role.field_rules = {"parties.company": {made.name: "hidden"}}
    role.save()
    people.owner.forget_rights()
    assert search(people.owner, "vibranium") == []
    page = signed_in(people.owner).get("/search?q=vibranium").content.decode()
    assert f'"/companies/{company.pk}"' not in page


@pytest.mark.django_db(transaction=True)
def test_an_index_is_made_and_dropped_beside_the_work(people: People) -> None:
    for kind in ("text", "number", "date", "datetime", "choices", "boolean"):
        made = add(people.admin, kind, indexed=True)
        index_custom_field(field=made.pk)
        (name,) = indexes_of(made)
        assert name in _indexes()
        delete_custom_field(actor=people.admin, custom_field=made)
        index_custom_field(field=made.pk)
        assert name not in _indexes()


def _indexes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'i'")
        return [row[0] for row in cursor.fetchall()]


def test_two_hundred_fields_cost_a_list_nothing(people: People) -> None:
    """The list asks as many questions as without them, and reads only the keys it shows."""
    make_company(people.owner)
    client = signed_in(people.owner)
    client.get("/companies")
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get("/companies")
    made = [add(people.admin, label=f"Field {number}") for number in range(200)]
    client.get("/companies")
    shown = made[7].name
    with CaptureQueriesContext(connection) as after:
        page = client.get(f"/companies?cols=name,{shown}")
    assert page.status_code == 200
    assert len(after) == len(before)
    asked = [one["sql"] for one in after if 'FROM "parties_party"' in one["sql"]]
    assert any(f"'{made[7].slug}'" in sql for sql in asked)
    assert not any(f"'{made[8].slug}'" in sql or '"parties_party"."custom",' in sql
                   for sql in asked)  # fmt: skip


def test_another_process_learns_of_a_new_field(people: People) -> None:
    made = add(people.admin)
    known._known = known.Known("1", {})  # what another process knew before
    assert made.name in signed_in(people.owner).get("/companies/new").content.decode()


def test_a_relation(people: People) -> None:
    made = add(people.admin, "relation", key="parties.company", target="parties.person")
    ana, hidden = make_person(people.owner, "Ana"), make_person(people.stranger, "Hidden Person")
    company = written(people, make_company(people.owner, "Holder"), **{made.name: ana})
    other = make_company(people.owner, "Other")
    client = signed_in(people.owner)
    page = client.get(f"/companies?cols=name,{made.name}").content.decode()
    assert "Ana" in page
    for asked, wanted in ((f"{made.name}.is={ana.pk}", "Holder"), (f"{made.name}.empty=1", "Other"),
                          (f"{made.name}.not={ana.pk}", "Other"),
                          (f"{made.name}.name.is=Ana", "Holder")):  # fmt: skip
        answer = client.get(f"/companies?{asked}")
        assert [str(row.record) for row in answer.context["rows"]] == [wanted], asked
    assert "Ana" in client.get(f"/companies?group={made.name}").content.decode()
    # Whom the reader may not see has no name anywhere.
    Company.objects.filter(pk=other.pk).update(custom={made.slug: hidden.pk})
    seen = "".join(
        client.get(url).content.decode()
        for url in (f"/companies?cols=name,{made.name}", f"/companies/{other.pk}",
                    f"/companies/{other.pk}/peek", f"/companies?group={made.name}",
                    f"/companies?cols=name,{made.name}&sort=name")
    )  # fmt: skip
    assert "Hidden Person" not in seen
    # One that is deleted is empty, and comes back with an undo.
    from vinculo.records.writing import delete_record

    delete_record(actor=people.owner, entity=entity("parties.person"), record=ana)
    assert client.get(f"/companies/{company.pk}").status_code == 200


# --- values ------------------------------------------------------------------------------------


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15),
                   max_value=10**15))  # fmt: skip
def test_amounts_are_kept_to_the_cent(value: Any) -> None:
    rules = Rules("x", "number", "decimal", currency="EUR")
    kept = stored(rules, value)
    assert kept == format(value, "f").replace("-0.00", "-0.00") and stored(rules, kept) == kept


@given(st.text(max_size=600))
def test_a_text_is_kept_as_it_is_or_refused(text: str) -> None:
    rules = Rules("x", "text", "text", max_length=500)
    if len(text) > 500:
        with pytest.raises(DomainError):
            stored(rules, text)
    else:
        assert stored(rules, text) == (text or None)


@given(st.one_of(st.text(max_size=20), st.floats(), st.booleans(), st.integers()))
def test_a_whole_number_is_whole_or_refused(value: Any) -> None:
    try:
        kept = stored(Rules("x", "whole", "number"), value)
    except DomainError as refused:
        assert refused.field == "x"
    else:
        assert kept is None or isinstance(kept, int)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["number", "money", "date", "datetime"])
def test_a_list_in_its_order_reads_the_index(kind: str, people: People) -> None:
    made = add(people.admin, kind, indexed=True)
    case = BY_KIND[kind]
    Company.objects.bulk_create(
        (
            Company(name=f"C{number}", kind="company", sort_name=f"c{number}", owner=people.owner,
                    custom={made.slug: case.kept} if number % 2 else {})
            for number in range(3000)
        ),
        batch_size=1000,
    )  # fmt: skip
    index_custom_field(field=made.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE parties_party")
    state = parse_list(COMPANY, people.admin, {"sort": made.name})
    plan = matching(state).order_by(*ordering(state)).values("pk")[:50].explain()
    assert [name for name in indexes_of(made) if name in plan], plan
