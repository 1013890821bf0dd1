"""Undo: the opposite of a change-set, refused where somebody changed the same since."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import connection

from tests.parties.makers import make_company, point
from tests.personas import People
from vinculo.interactions.models import Task
from vinculo.kernel.clock import frozen, now
from vinculo.kernel.errors import Conflict, NotAllowed
from vinculo.parties.models import Company, ContactPoint
from vinculo.platform.journal import change_set
from vinculo.platform.models import ChangeSet, Role, RoleAssignment, Team, User
from vinculo.platform.people_actions import save_profile
from vinculo.platform.undo import NothingUndone, Outcome, undo_change_set

pytestmark = pytest.mark.django_db


def undo(actor: User, number: int | None, *, with_dependents: bool = False) -> Outcome:
    found = ChangeSet.objects.get(pk=number)
    return undo_change_set(actor=actor, change_set=found, with_dependents=with_dependents)


def write(actor: User, company: Company, **columns: object) -> int:
    with change_set(actor=actor, verb="t.edit") as opened:
        Company.objects.filter(pk=company.pk).update(**columns)
    return opened.id


def now_of(company: Company) -> Company:
    return Company.objects.get(pk=company.pk)


@pytest.fixture
def acme(people: People) -> Company:
    return make_company("Acme", owner=people.owner, team=people.north, legal_name="Acme Ltd")


def test_a_single_edit_and_the_undo_of_its_undo(people: People, acme: Company) -> None:
    number = write(people.owner, acme, name="Acme 2", legal_name="Acme 2 Ltd")
    outcome = undo(people.owner, number)
    assert (now_of(acme).name, now_of(acme).legal_name) == ("Acme", "Acme Ltd")
    assert (outcome.restored, outcome.kept) == (1, [])
    undo(people.owner, outcome.changeset_id)
    assert (now_of(acme).name, now_of(acme).legal_name) == ("Acme 2", "Acme 2 Ltd")


def test_several_edits_in_one_set_go_back_to_the_beginning(people: People, acme: Company) -> None:
    with change_set(actor=people.owner, verb="t.edit") as opened:
        for name in ("A", "B", "C"):
            Company.objects.filter(pk=acme.pk).update(name=name)
    undo(people.owner, opened.id)
    assert now_of(acme).name == "Acme"


def test_a_delete_comes_back_with_its_cascade(people: People, acme: Company) -> None:
    phone = point(acme, "phone", "+49 30 1234567", "+49301234567")
    daughter = make_company("Daughter", parent=acme)
    with change_set(actor=people.owner, verb="t.delete") as opened:
        acme.delete()
    assert not ContactPoint.objects.filter(pk=phone.pk).exists()
    assert now_of(daughter).parent_id is None
    undo(people.owner, opened.id)
    acme = Company.objects.get(name="Acme")
    assert acme.owner == people.owner
    assert ContactPoint.objects.get(pk=phone.pk).typed == "+49 30 1234567"
    assert now_of(daughter).parent_id == acme.pk


def test_what_comes_back_finds_its_place_free_again(people: People, acme: Company) -> None:
    """The second phone came first when the first one went."""
    first = point(acme, "phone", "+49301", "+49301", is_primary=True)
    second = point(acme, "phone", "+49302", "+49302")
    with change_set(actor=people.owner, verb="t.remove") as opened:
        first.delete()
        ContactPoint.objects.filter(pk=second.pk).update(is_primary=True)
    undo(people.owner, opened.id)
    assert list(acme.contact_points.order_by("pk").values_list("typed", "is_primary")) == [
        ("+49301", True), ("+49302", False),
    ]  # fmt: skip


def test_a_field_somebody_changed_since_stays_and_the_rest_goes_back(
    people: People, acme: Company
) -> None:
    number = write(people.owner, acme, name="Acme 2", legal_name="Acme 2 Ltd")
    write(people.teammate, acme, name="Acme 3")
    outcome = undo(people.owner, number)
    assert (now_of(acme).name, now_of(acme).legal_name) == ("Acme 3", "Acme Ltd")
    kept = outcome.kept[0]
    assert (kept.column, kept.who, kept.reason) == ("name", "Teammate", "changed")
    assert abs((kept.when - now()).total_seconds()) < 60


def test_a_change_to_another_field_is_no_conflict(people: People, acme: Company) -> None:
    number = write(people.owner, acme, name="Acme 2")
    write(people.teammate, acme, legal_name="Other Ltd")
    assert undo(people.owner, number).kept == []
    assert (now_of(acme).name, now_of(acme).legal_name) == ("Acme", "Other Ltd")


def test_changed_and_changed_back_is_no_conflict(people: People, acme: Company) -> None:
    number = write(people.owner, acme, name="Acme 2")
    write(people.teammate, acme, name="Acme 3")
    write(people.teammate, acme, name="Acme 2")
    assert undo(people.owner, number).kept == []
    assert now_of(acme).name == "Acme"


def test_when_nothing_could_go_back_it_says_so_and_writes_nothing(
    people: People, acme: Company
) -> None:
    number = write(people.owner, acme, name="Acme 2")
    write(people.teammate, acme, name="Acme 3")
    before = ChangeSet.objects.count()
    with pytest.raises(NothingUndone, match="Teammate has changed this since"):
        undo(people.owner, number)
    assert ChangeSet.objects.count() == before
    assert now_of(acme).name == "Acme 3"


def test_a_created_record_that_is_used_stays_unless_asked(people: People) -> None:
    with change_set(actor=people.owner, verb="t.create") as opened:
        fresh = make_company("Fresh")
        other = make_company("Other")
    with change_set(actor=people.teammate, verb="t.phone"):
        point(fresh, "phone", "1")
    outcome = undo(people.owner, opened.id)
    assert [(kept.row_id, kept.reason, kept.who) for kept in outcome.kept] == [
        (fresh.pk, "used", "Teammate")
    ]
    assert Company.objects.filter(pk=fresh.pk).exists()
    assert not Company.objects.filter(pk=other.pk).exists()


def test_with_dependents_takes_the_newer_along(people: People) -> None:
    with change_set(actor=people.owner, verb="t.create") as opened:
        fresh = make_company("Fresh", owner=people.owner, team=people.north)
    with change_set(actor=people.teammate, verb="t.phone"):
        point(fresh, "phone", "1")
    undo(people.owner, opened.id, with_dependents=True)
    assert not Company.objects.filter(pk=fresh.pk).exists()
    assert not ContactPoint.objects.exists()


def test_an_undo_happens_once(people: People, acme: Company) -> None:
    number = write(people.owner, acme, name="Acme 2")
    undo(people.owner, number)
    with pytest.raises(Conflict, match="already"):
        undo(people.owner, number)


def test_who_may_undo_and_for_how_long(people: People, acme: Company) -> None:
    number = write(people.owner, acme, name="Acme 2")
    for name in ("teammate", "stranger", "manager"):
        with pytest.raises(NotAllowed):
            undo(people.all()[name], number)
    with frozen(now() + timedelta(days=31)), pytest.raises(Conflict, match="30 days"):
        undo(people.owner, number)
    assert now_of(acme).name == "Acme 2"
    undo(people.admin, number)
    assert now_of(acme).name == "Acme"


def test_undo_is_no_way_around_rights_lost(people: People, acme: Company) -> None:
    number = write(people.owner, acme, legal_name="Acme 2 Ltd")
    with change_set(actor=people.admin, verb="t.reassign"):
        Company.objects.filter(pk=acme.pk).update(owner=people.stranger, team=people.south)
    with pytest.raises(NothingUndone):
        undo(people.owner, number)
    assert now_of(acme).legal_name == "Acme 2 Ltd"
    undo(people.admin, number)
    assert now_of(acme).legal_name == "Acme Ltd"


def test_giving_a_record_away_can_be_taken_back_at_once(people: People, acme: Company) -> None:
    number = write(people.owner, acme, owner=people.stranger, team=people.south)
    undo(people.owner, number)
    assert now_of(acme).owner == people.owner


def test_dependents_of_others_go_only_with_the_right_to_delete_them(people: People) -> None:
    with change_set(actor=people.owner, verb="t.create") as opened:
        fresh = make_company("Fresh", owner=people.owner, team=people.north)
    with change_set(actor=people.teammate, verb="t.task"):
        Task.objects.create(
            title="Theirs", party_id=fresh.pk, owner=people.teammate, team=people.north
        )
    with pytest.raises(NothingUndone):
        undo(people.owner, opened.id, with_dependents=True)
    assert Task.objects.exists()
    undo(people.admin, opened.id, with_dependents=True)
    assert not Company.objects.filter(pk=fresh.pk).exists()


def test_who_is_no_administrator_any_more_puts_no_rights_back(people: People) -> None:
    chief = Role.objects.get(name="Chief")
    second = people.manager_as_admin()
    with change_set(actor=second, verb="platform.edit_user") as opened:
        RoleAssignment.objects.filter(user=people.admin, role=chief).delete()
        RoleAssignment.objects.create(user=people.owner, role=chief)
    with change_set(actor=people.owner, verb="platform.edit_user"):
        RoleAssignment.objects.filter(user=second, role=chief).delete()
    second.forget_rights()
    with pytest.raises(NotAllowed):
        undo(second, opened.id)
    assert not people.admin.role_assignments.filter(role=chief).exists()


def test_undoing_a_change_of_roles_ends_sessions_and_keeps_an_administrator(
    people: People,
) -> None:
    chief = Role.objects.get(name="Chief")
    with change_set(actor=people.admin, verb="platform.edit_user") as opened:
        RoleAssignment.objects.create(user=people.owner, role=chief)
    before = User.objects.get(pk=people.owner.pk).session_epoch
    undo(people.admin, opened.id)
    assert User.objects.get(pk=people.owner.pk).session_epoch == before + 1
    with change_set(actor=people.admin, verb="platform.edit_user") as opened:
        RoleAssignment.objects.create(user=people.owner, role=chief)
    with change_set(actor=people.owner, verb="platform.edit_user"):
        RoleAssignment.objects.filter(user=people.admin).delete()
    people.owner.forget_rights()
    with pytest.raises(Conflict, match="last administrator"):
        undo(User.objects.get(pk=people.owner.pk), opened.id)


def test_everybody_takes_back_their_own_profile(people: People) -> None:
    save_profile(
        actor=people.owner,
        name="Other",
        language="es",
        time_zone="",
        date_style="iso",
        number_style="comma",
    )
    undo(people.owner, ChangeSet.objects.get(verb="platform.save_profile").pk)
    assert User.objects.get(pk=people.owner.pk).name == "Owner"


def test_an_import_of_ten_thousand_with_its_updates(people: People, acme: Company) -> None:
    with change_set(actor=people.admin, verb="t.import") as opened, connection.cursor() as cursor:
        with cursor.copy("COPY platform_team (name) FROM STDIN") as copy:
            for row in range(10_000):
                copy.write_row([f"Imported {row}"])
        cursor.execute("UPDATE platform_team SET name = name || '!' WHERE name LIKE 'Imported %'")
        cursor.execute("UPDATE parties_party SET name = 'Acme 2' WHERE id = %s", [acme.pk])
    begin = time.perf_counter()
    outcome = undo(people.admin, opened.id)
    taken = time.perf_counter() - begin
    assert outcome.restored == 10_001
    assert now_of(acme).name == "Acme"
    assert not Team.objects.filter(name__startswith="Imported").exists()
    assert taken < 10
