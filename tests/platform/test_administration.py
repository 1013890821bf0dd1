"""People, teams, roles and keys: only administrators give rights, and somebody always can."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from tests.personas import PASSWORD, People, make_people, make_role
from vinculo.kernel.clock import frozen, now
from vinculo.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from vinculo.platform import firststeps, installation, journal
from vinculo.platform.access import rights_of
from vinculo.platform.administration import administrators
from vinculo.platform.firststeps import accept_link, find_link, first_admin_link
from vinculo.platform.key_actions import create_api_key, revoke_api_key, user_of_key
from vinculo.platform.models import ApiKey, Change, ChangeSet, FirstLink, Role, Team, User
from vinculo.platform.people_actions import edit_user, invite_user, renew_invitation
from vinculo.platform.role_actions import delete_role, save_role
from vinculo.platform.team_actions import add_team, delete_team, edit_team, tree

pytestmark = pytest.mark.django_db


def accept(secret: str, email: str = "first@example.com") -> User:
    return accept_link(
        actor=None,
        secret=secret,
        name="Ada",
        email=email,
        password=PASSWORD,
        language="es",
        time_zone="Europe/Madrid",
    )


def change(actor: User, user: User, *, roles: list[Role], active: bool = True) -> User:
    return edit_user(
        actor=actor,
        user=user,
        name=user.name,
        email=user.email,
        roles=roles,
        teams=[],
        main_team=None,
        is_active=active,
    )


def secret_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def test_default_roles_are_there_with_every_verb_spelled() -> None:
    names = set(Role.objects.values_list("name", flat=True))
    assert {"Administrator", "Sales manager", "Salesperson", "Service agent"} <= names
    grants = Role.objects.get(name="Salesperson").grants["parties.company"]
    assert grants == {"view": "team", "add": "own", "edit": "own", "delete": "own", "export": "own"}


def test_the_first_link_makes_an_administrator_once() -> None:
    link = first_admin_link()
    secret = secret_of(link)
    assert secret not in str(FirstLink.objects.values_list("digest", flat=True))
    user = accept(secret)
    assert rights_of(user).administrator
    assert user.check_password(PASSWORD)
    with pytest.raises(NotFound):
        accept(secret, "second@example.com")
    assert first_admin_link() == ""


def test_only_the_newest_first_link_works_and_only_for_a_day() -> None:
    old, new = secret_of(first_admin_link()), secret_of(first_admin_link())
    with pytest.raises(NotFound):
        find_link(old)
    find_link(new)
    with frozen(now() + timedelta(hours=25)), pytest.raises(NotFound):
        find_link(new)


def test_an_older_first_link_dies_when_somebody_is_administrator(people: People) -> None:
    FirstLink.objects.create(digest=firststeps.token_digest("x"), expires_at=now() + timedelta(1))
    with pytest.raises(NotFound):
        find_link("x")


def test_an_invitation_keeps_its_address(people: People) -> None:
    role = make_role("Helper", "own")
    user, link = invite_user(
        actor=people.admin, email=" New@Example.com ", name="Neu", roles=[role], team=people.north
    )
    assert not user.has_usable_password()
    accepted = accept(secret_of(link), "somebody.else@example.com")
    assert accepted.pk == user.pk
    assert accepted.email == "new@example.com"
    assert not rights_of(accepted).administrator
    with pytest.raises(DomainError):
        invite_user(actor=people.admin, email="NEW@example.com", name="x", roles=[])


@pytest.mark.parametrize("name", ["owner", "teammate", "stranger", "manager"])
def test_nobody_else_gives_rights_and_a_refusal_writes_nothing(people: People, name: str) -> None:
    actor = people.all()[name]
    admins = Role.objects.get(name="Chief")
    own = Role.objects.get(name="Own rows")
    before = (Change.objects.count(), ChangeSet.objects.count())
    for attempt in (
        lambda: change(actor, actor, roles=[admins]),
        lambda: invite_user(actor=actor, email="x@example.com", name="x", roles=[admins]),
        lambda: renew_invitation(actor=actor, user=people.admin),
        lambda: save_role(
            actor=actor,
            role=own,
            name="Own rows",
            description="",
            administrator=True,
            grants={},
            actions=[],
            field_rules={},
        ),
        lambda: delete_role(actor=actor, role=own),
        lambda: add_team(actor=actor, name="Mine"),
        lambda: delete_team(actor=actor, team=people.south),
        lambda: create_api_key(actor=actor, name="k", role=admins, days=5),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert (Change.objects.count(), ChangeSet.objects.count()) == before


def test_the_last_administrator_stays(people: People) -> None:
    own = Role.objects.get(name="Own rows")
    with pytest.raises(Conflict):
        change(people.admin, people.admin, roles=[own])
    with pytest.raises(Conflict):
        change(people.admin, people.admin, roles=[Role.objects.get(name="Chief")], active=False)
    people.admin.refresh_from_db()
    assert people.admin.is_active
    chief = Role.objects.get(name="Chief")
    with pytest.raises(Conflict):
        save_role(
            actor=people.admin,
            role=chief,
            name="Chief",
            description="",
            administrator=False,
            grants={},
            actions=[],
            field_rules={},
        )
    change(people.admin, people.manager, roles=[chief])
    change(people.manager, people.admin, roles=[own])


def test_a_team_cannot_be_part_of_itself(people: People) -> None:
    with pytest.raises(DomainError):
        edit_team(actor=people.admin, team=people.company, name="Company", parent=people.north)
    edit_team(actor=people.admin, team=people.south, name="South", parent=people.north)
    assert [(team.name, depth) for team, depth in tree()] == [
        ("Company", 0),
        ("North", 1),
        ("South", 2),
    ]
    with pytest.raises(DomainError):
        add_team(actor=people.admin, name="north", parent=people.company)


def test_only_an_empty_team_is_deleted(people: People) -> None:
    with pytest.raises(DomainError):
        delete_team(actor=people.admin, team=people.company)
    with pytest.raises(DomainError):
        delete_team(actor=people.admin, team=people.south)
    empty = add_team(actor=people.admin, name="Empty")
    delete_team(actor=people.admin, team=empty)
    assert not Team.objects.filter(name="Empty").exists()


def test_a_right_beyond_seeing_is_refused(people: People) -> None:
    with pytest.raises(DomainError) as refusal:
        save_role(
            actor=people.admin,
            role=None,
            name="Blind",
            description="",
            administrator=False,
            grants={"parties.company": {"view": "own", "edit": "all"}},
            actions=[],
            field_rules={},
        )
    assert refusal.value.field == "grant:parties.company:view"


def test_a_key_narrows_to_its_role_and_ends(people: People) -> None:
    role = Role.objects.get(name="Own rows")
    key, secret = create_api_key(actor=people.owner, name="Shop", role=role, days=3)
    assert secret not in str(ApiKey.objects.values())
    user = user_of_key(secret)
    assert user == people.owner
    _by_admin, admin_secret = create_api_key(actor=people.admin, name="x", role=role, days=3)
    narrowed = user_of_key(admin_secret)
    assert narrowed is not None
    assert not rights_of(narrowed).administrator
    with frozen(now() + timedelta(days=4)):
        assert user_of_key(secret) is None
    with pytest.raises(NotAllowed):
        revoke_api_key(actor=people.teammate, key=key)
    revoke_api_key(actor=people.owner, key=key)
    assert user_of_key(secret) is None
    assert user_of_key(secret + "x") is None


def test_a_key_dies_with_its_owners_role(people: People) -> None:
    role = Role.objects.get(name="Own rows")
    _key, secret = create_api_key(actor=people.owner, name="Shop", role=role, days=3)
    change(people.admin, people.owner, roles=[])
    assert user_of_key(secret) is None


def test_demo_personas_only_in_a_demo(people: People, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    User.objects.filter(pk=people.owner.pk).update(is_demo=True)
    settings.INSTALLATION_FILE = tmp_path / "installation.json"
    assert not installation.is_demo()
    settings.INSTALLATION_FILE.write_text('{"kind": "real"}')
    assert firststeps.demo_personas() == []
    with pytest.raises(NotAllowed):
        firststeps.demo_persona(people.owner.pk)
    settings.INSTALLATION_FILE = tmp_path / "demo.json"
    settings.INSTALLATION_FILE.write_text('{"kind": "demo"}')
    assert firststeps.demo_personas() == [people.owner]
    with pytest.raises(NotFound):
        firststeps.demo_persona(people.admin.pk)


def test_everything_is_in_the_journal(people: People) -> None:
    add_team(actor=people.admin, name="East")
    made = ChangeSet.objects.get(verb="platform.add_team")
    assert made.actor == people.admin
    assert made.changes.get().table == "platform_team"
    assert journal.current() is None


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_depose_each_other_at_once() -> None:
    people = make_people()
    second = people.manager_as_admin()
    own = Role.objects.get(name="Own rows")
    both_ready = threading.Barrier(2)
    outcomes: list[str] = []

    def depose(actor: User, victim: User) -> None:
        try:
            both_ready.wait(10)
            change(User.objects.get(pk=actor.pk), User.objects.get(pk=victim.pk), roles=[own])
            outcomes.append("done")
        except DomainError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=depose, args=pair)
        for pair in ((people.admin, second), (second, people.admin))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["done", "refused"]
    assert administrators() == 1
