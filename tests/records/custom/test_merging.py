"""Merging records that have custom values, and fields that point to a record that goes."""

from __future__ import annotations

from tests.personas import People
from tests.records.custom.kinds import add
from tests.samples import make_company, make_task
from vinculo.parties.merging.actions import merge
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record


def test_nothing_is_lost_and_separating_brings_it_back(people: People) -> None:
    one, two = add(people.admin, label="One"), add(people.admin, label="Two")
    kept, gone = make_company(people.owner, "Kept"), make_company(people.owner, "Gone")
    Company.objects.filter(pk=kept.pk).update(custom={one.slug: "mine"})
    Company.objects.filter(pk=gone.pk).update(custom={one.slug: "theirs", two.slug: "other"})
    pointing = add(people.admin, "relation", key="interactions.task", target="parties.company")
    task = make_task(people.owner)
    edit_record(
        actor=people.owner, entity=entity("interactions.task"), record=task,
        data={pointing.name: Company.objects.get(pk=gone.pk)},
    )  # fmt: skip
    merge(actor=people.admin, keep=kept, gone=[gone])
    kept.refresh_from_db()
    task.refresh_from_db()
    assert kept.custom == {one.slug: "mine", two.slug: "other"}
    assert task.custom == {pointing.slug: kept.pk}
    change_set = ChangeSet.objects.filter(verb="parties.merge").latest("pk")
    undo_change_set(actor=people.admin, change_set=change_set)
    kept.refresh_from_db()
    task.refresh_from_db()
    assert kept.custom == {one.slug: "mine"} and task.custom == {pointing.slug: gone.pk}
    assert Company.objects.get(pk=gone.pk).custom == {one.slug: "theirs", two.slug: "other"}
