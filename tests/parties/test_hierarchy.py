"""Companies above companies: a circle is refused, also when two people draw it together."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from tests.parties.makers import make_company
from tests.personas import People, make_people

from vinculo.kernel.errors import Conflict, DomainError
from vinculo.parties import actions
from vinculo.parties.hierarchy import companies_above, companies_below
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record


def chain(people: People, *names: str) -> list[Company]:
    """Companies of the owner's, each below the one before."""
    made: list[Company] = []
    for name in names:
        parent = made[-1] if made else None
        made.append(make_company(name, owner=people.owner, team=people.north, parent=parent))
    return made


@pytest.mark.django_db
def test_a_company_is_not_its_own_parent_nor_its_grandchilds_child(people: People) -> None:
    top, middle, bottom = chain(people, "Top", "Middle", "Bottom")
    for parent in (top, middle, bottom):
        with pytest.raises(DomainError) as refused:
            actions.set_parent(actor=people.owner, company=top, parent=parent)
        assert refused.value.field == "parent"
    with pytest.raises(DomainError) as refused:
        edit_record(
            actor=people.owner,
            entity=entity("parties.company"),
            record=top,
            data={"parent": bottom},
        )
    assert refused.value.field == "parent"
    top.refresh_from_db()
    assert top.parent is None


@pytest.mark.django_db
def test_the_database_refuses_a_circle_whoever_writes_it(people: People) -> None:
    top, bottom = chain(people, "Top", "Bottom")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE parties_party SET parent_id = %s WHERE id = %s", [bottom.pk, top.pk])


@pytest.mark.django_db
def test_an_undo_that_would_make_a_circle_is_refused_in_words(people: People) -> None:
    top, bottom = chain(people, "Top", "Bottom")
    actions.set_parent(actor=people.owner, company=bottom, parent=None)
    freed = ChangeSet.objects.order_by("-pk")[0]
    actions.set_parent(actor=people.owner, company=top, parent=bottom)
    with pytest.raises(Conflict):
        undo_change_set(actor=people.owner, change_set=freed)
    bottom.refresh_from_db()
    assert bottom.parent is None


@pytest.mark.django_db
def test_the_tree_is_read_from_both_ends_as_far_as_one_may_see(people: People) -> None:
    top, middle, bottom = chain(people, "Top", "Middle", "Bottom")
    other = make_company("Elsewhere", owner=people.stranger, team=people.south, parent=middle)
    assert companies_above(bottom, people.owner) == [middle, top]
    found = [(branch.company.name, branch.depth) for branch in companies_below(top, people.owner)]
    assert found == [("Middle", 1), ("Bottom", 2)]
    everything = [branch.company for branch in companies_below(top, people.admin)]
    assert other in everything
    assert companies_above(other, people.stranger) == []


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_the_same_time_cannot_make_a_circle() -> None:
    people = make_people()
    for _round in range(5):
        left, right = (
            make_company(name, owner=people.owner, team=people.north) for name in ("Left", "Right")
        )
        start = threading.Barrier(2)
        outcomes: list[str] = []

        def move(company: Company, parent: Company, start=start, outcomes=outcomes) -> None:
            start.wait()
            try:
                actions.set_parent(actor=people.owner, company=company, parent=parent)
                outcomes.append("moved")
            except DomainError:
                outcomes.append("refused")
            finally:
                connection.close()

        moves = [
            threading.Thread(target=move, args=(left, right)),
            threading.Thread(target=move, args=(right, left)),
        ]
        for thread in moves:
            thread.start()
        for thread in moves:
            thread.join(timeout=20)
        left.refresh_from_db()
        right.refresh_from_db()
        assert sorted(outcomes) == ["moved", "refused"]
        assert not (left.parent_id == right.pk and right.parent_id == left.pk)
