"""One door: roles, scopes, teams and parents compiled to the rows a person reaches."""

from __future__ import annotations

import pytest
from django.db.models import Model

from tests.parties.makers import make_company, make_person, point
from tests.personas import People, make_role, make_user
from vinculo.interactions.models import Task
from vinculo.kernel.errors import NotAllowed
from vinculo.parties.models import Company, ContactPoint, Party, Person
from vinculo.platform.access import Scope, combine, recheck, require, rights_of
from vinculo.platform.models import ApiKey, Membership, Notification, Role, Team, User
from vinculo.platform.notifications import notify

pytestmark = pytest.mark.django_db


@pytest.fixture
def companies(people: People) -> dict[str, Company]:
    return {
        "owner": make_company("Of owner", owner=people.owner, team=people.north),
        "teammate": make_company("Of teammate", owner=people.teammate, team=people.north),
        "stranger": make_company("Of stranger", owner=people.stranger, team=people.south),
        "nobody": make_company("Of nobody"),
    }


def names(model: type[Model], user: User, verb: str = "view") -> list[str]:
    rows = model._default_manager.visible_to(user, verb)  # type: ignore[attr-defined]
    return sorted(row.name for row in rows)


def test_own_team_and_all(people: People, companies: dict[str, Company]) -> None:
    assert names(Company, people.owner) == ["Of owner"]
    assert names(Company, people.stranger) == ["Of stranger"]
    assert names(Company, people.manager) == ["Of owner", "Of stranger", "Of teammate"]
    assert len(names(Company, people.admin)) == 4
    assert names(Company, make_user("nobody")) == []


def test_a_manager_reaches_the_teams_below_not_those_beside(
    people: People, companies: dict[str, Company]
) -> None:
    leader = make_user("leader", Role.objects.get(name="Team rows"), team=people.north)
    assert names(Company, leader) == ["Of owner", "Of teammate"]
    deep = Team.objects.create(name="Deep", parent=people.north)
    make_company("Of deep", team=deep)
    assert "Of deep" in names(Company, User.objects.get(pk=leader.pk))


def test_every_verb_has_its_own_reach(people: People, companies: dict[str, Company]) -> None:
    role = make_role("Mixed", "none")
    role.grants = {"parties.company": {"view": "all", "edit": "team", "delete": "own"}}
    role.save()
    user = make_user("mixed", role, team=people.north)
    own = make_company("Own", owner=user)
    assert len(names(Company, user)) == 5
    assert names(Company, user, "edit") == ["Of owner", "Of teammate", "Own"]
    assert names(Company, user, "delete") == [own.name]
    assert names(Company, user, "export") == []
    require(user, "parties.company", "edit")
    with pytest.raises(NotAllowed):
        require(user, "parties.company", "export")


def test_one_table_two_record_types(people: People, companies: dict[str, Company]) -> None:
    role = make_role("Companies only", "none")
    role.grants = {"parties.company": {"view": "all"}, "parties.person": {"view": "own"}}
    role.save()
    user = make_user("firms", role)
    make_person("Hidden")
    make_person("Mine", owner=user)
    assert names(Person, user) == ["Mine"]
    assert names(Party, user) == ["Mine", "Of nobody", "Of owner", "Of stranger", "Of teammate"]


def test_roles_add_up(people: People, companies: dict[str, Company]) -> None:
    both = make_user("both", Role.objects.get(name="Own rows"), team=people.south)
    assert names(Company, both) == []
    wide = make_role("Wide", "all")
    Membership.objects.filter(user=both).delete()
    rights = combine(both.pk, [], [Role.objects.get(name="Own rows"), wide])
    assert rights.scope("parties.company", "edit") is Scope.ALL
    assert rights.scope("parties.company", "fly") is Scope.NONE


def test_a_field_is_hidden_only_where_every_role_says_so() -> None:
    seeing = {"parties.company": {"view": "all"}}
    shut = Role(name="a", grants=seeing, field_rules={"parties.company": {"tax_id": "hidden"}})
    mild = Role(name="b", grants=seeing, field_rules={"parties.company": {"tax_id": "readonly"}})
    free = Role(name="c", grants=seeing)
    blind = Role(name="d", grants={})
    key = "parties.company"
    assert combine(1, [], [shut]).field_rule(key, "tax_id") == "hidden"
    assert combine(1, [], [shut, mild]).field_rule(key, "tax_id") == "readonly"
    assert combine(1, [], [shut, free]).field_rule(key, "tax_id") == ""
    assert combine(1, [], [shut, blind]).field_rule(key, "tax_id") == "hidden"


def test_named_actions_one_by_one_or_a_whole_room() -> None:
    one = combine(1, [], [Role(name="a", actions=["parties.merge"])])
    assert one.may("parties.merge")
    assert not one.may("parties.split")
    room = combine(1, [], [Role(name="b", actions=["parties.*"])])
    assert room.may("parties.split")
    assert not room.may("partiesx.split")
    assert not room.may("interactions.log_call")


def test_what_lies_inside_a_record_is_seen_with_it(
    people: People, companies: dict[str, Company]
) -> None:
    for key, company in companies.items():
        point(company, "phone", key)
        Task.objects.create(title=key, party_id=company.pk, owner=people.owner, team=people.north)
    Task.objects.create(title="loose", owner=people.owner, team=people.north)
    seen = {one.typed for one in ContactPoint.objects.visible_to(people.owner)}
    assert seen == {"owner"}
    tasks = {one.title for one in Task.objects.visible_to(people.owner)}
    assert tasks == {"owner", "loose"}, "own tasks, but not at customers out of reach"
    assert not Task.objects.visible_to(people.stranger).exists()


def test_personal_rows_are_nobody_elses(people: People) -> None:
    notify(people.owner, "Hello.")
    assert Notification.objects.visible_to(people.owner).count() == 1
    for name in ("teammate", "manager", "admin"):
        assert not Notification.objects.visible_to(people.all()[name]).exists()


def test_a_table_without_a_record_type_is_reached_by_its_owner(people: People) -> None:
    role = Role.objects.get(name="Own rows")
    ApiKey.objects.create(
        name="k", user=people.owner, role=role, digest="d", expires_at="2099-01-01T00:00Z"
    )
    assert ApiKey.objects.visible_to(people.owner).count() == 1
    assert ApiKey.objects.visible_to(people.manager).count() == 0
    assert ApiKey.objects.visible_to(people.admin).count() == 1
    assert User.objects.visible_to(people.owner).count() == 5
    assert User.objects.visible_to(people.owner, "edit").count() == 0


def test_after_a_save_the_row_must_be_within_reach(
    people: People, companies: dict[str, Company]
) -> None:
    mine = companies["owner"]
    recheck(mine, people.owner)
    Company.objects.filter(pk=mine.pk).update(owner=people.stranger)
    with pytest.raises(NotAllowed):
        recheck(mine, people.owner)


def test_who_left_reaches_nothing(people: People, companies: dict[str, Company]) -> None:
    people.owner.is_active = False
    assert names(Company, people.owner) == []
    people.admin.is_active = False
    assert names(Company, people.admin) == []


def test_rights_cost_one_query_once(people: People, django_assert_num_queries: object) -> None:
    user = User.objects.get(pk=people.owner.pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        rights_of(user)
        rights_of(user)
