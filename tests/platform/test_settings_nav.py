"""The settings' navigation in groups, and record types in one order on all pages about rights."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.personas import People
from tests.samples import make_sample
from vinculo.platform.models import User
from vinculo.platform.views.common import GROUPS, PAGES
from vinculo.records.registry import entities

pytestmark = pytest.mark.django_db


def page(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(address).content.decode()


def navigation(text: str) -> list[str]:
    """Headings and links in their order."""
    nav = re.search(r'<nav class="settings-nav".*?</nav>', text, re.S)
    assert nav is not None
    return re.findall(r'class="nav-(?:section|label)"[^>]*>([^<]+)<', nav[0])


def test_administrators_find_pages_under_what_they_are_about(people: People) -> None:
    found = navigation(page(people.admin, "/settings/profile"))
    heads = [str(label) for label in GROUPS.values()]
    assert [one for one in found if one in heads] == [
        "You", "Company", "Records", "Sales", "System",
    ]  # fmt: skip
    assert found.index("Company") < found.index("Roles") < found.index("Records")
    assert found.index("Records") < found.index("Layouts") < found.index("System")
    assert found.index("System") < found.index("Webhooks")
    assert {one.group for one in PAGES} == set(GROUPS)


def test_one_group_alone_has_no_heading(people: People) -> None:
    found = navigation(page(people.owner, "/settings/profile"))
    assert found == ["Profile", "Sign-in and security", "What I may do", "API keys"]


@pytest.mark.parametrize(
    "language",
    [("es", "Usted Empresa Registros Sistema"), ("zh-hans", "个人 公司 记录 系统")],
    ids=lambda one: one[0],
)
def test_headings_are_in_the_readers_language(language: tuple[str, str], people: People) -> None:
    people.admin.language = language[0]
    people.admin.save()
    found = navigation(page(people.admin, "/settings/profile"))
    assert [one for one in found if one in language[1].split()] == language[1].split()


def test_record_types_stand_in_one_order(people: People) -> None:
    for entity in entities():
        make_sample(entity, people.owner)
    role = people.owner.role_assignments.get().role
    orders = {
        "role": r'name="grant:([a-z.]+):view"',
        "leaving": r'name="to:([a-z.]+)"',
    }
    shown = {
        "role": page(people.admin, f"/settings/roles/{role.pk}"),
        "leaving": page(people.admin, f"/settings/users/{people.owner.pk}/leave"),
    }
    order = re.findall(orders["role"], shown["role"])
    assert len(order) == len(entities())
    assert re.findall(orders["leaving"], shown["leaving"]) == order
    labels = {str(one.label_plural): one.key for one in entities()}
    rights = re.findall(r'<th scope="row">([^<]+)', page(people.owner, "/settings/rights"))
    assert [labels[label] for label in rights] == order
    assert order[0] == "parties.company"
