"""13: what somebody typed is never a template or a program: not in a name, a condition or a form.

Texts that template engines, formatters and shells would evaluate are planted in every text of
every record type and in what administrators call their things, past the forms; then pages, files
and programs are asked for them.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.personas import People
from tests.sales.makers import deal
from tests.samples import make_sample
from tests.security.test_formulas import TEXTS
from vinculo.kernel.errors import DomainError
from vinculo.platform.journal import change_set
from vinculo.records.entity import Entity
from vinculo.records.registry import entities, entity
from vinculo.sales.deals.models import CloseReason
from vinculo.sales.leads.models import Criterion
from vinculo.sales.pipelines.known import forget
from vinculo.sales.pipelines.models import Pipeline, Stage
from vinculo.sales.plans.actions import Step, save_plan
from vinculo.sales.pools.actions import change_pool, create_pool, save_recycle_rule
from vinculo.sales.scoring.points.actions import save_point_rule
from vinculo.sales.scoring.points.models import PointRule
from vinculo.sales.webforms.setting import Wish, save_web_form

pytestmark = pytest.mark.django_db

#: 191 × 193: no page holds it unless something was reckoned.
PRODUCT = re.compile(r"36[,. \u202f]?863")
EVIL = (
    "{{ 191*193 }}",
    "{% widthratio 191 1 193 %}{% debug %}",
    "${191*193}#{191*193}<%= 191*193 %>",
    "{0.__class__.__init__.__globals__}{settings.SECRET_KEY}",
    "%(settings)s %s %d %(secret)n",
    '#eval("191*193") #read("/etc/passwd")',
    "__import__('os').environ[chr(83)]",
)
#: Filters of a list that reach for what is no field of it.
CONDITIONS = (
    "owner__password.contains=a",
    "owner.password.contains=a",
    "owner.session_epoch.min=0",
    "company__owner__email.contains=a",
    "__class__.is=1",
    "pk__in.is=1",
    "name.__class__=1",
    "name.regex=.*",
    "custom__x.contains=') OR 1=1 --",
    "name;drop table sales_deal.is=1",
    "any1.owner.password.contains=a",
)


def seen(client: Client, address: str) -> str:
    """The page of an address: nothing in it was worked out, and no secret stands in it."""
    return harmless(address, client.get(address, follow=True))


def harmless(address: str, answer: Any) -> str:
    """What was answered, if nothing in it was worked out."""
    assert answer.status_code == 200, (address, answer.status_code)
    body = answer.getvalue().decode("utf-8", "replace")
    assert not PRODUCT.search(body), address
    for secret in (settings.SECRET_KEY, "root:x:0", "SECRET_KEY &#x27;", "__globals__&#x27;:"):
        assert secret not in body, (address, secret)
    return body


def plant(one: Entity, record: Any, text: str) -> bool:
    """The text in every text column of the record; whether it stays in one: others follow from
    elsewhere."""
    columns = {column.name: column for column in one.model._meta.fields}
    values, stays = {}, False
    for field in one.all_fields.values():
        column = columns.get(field.column or "")
        if field.kind in TEXTS and not (field.choices or field.sensitive) and column is not None:
            cut = text[: column.max_length or 500]
            values[column.name] = [cut[:40]] if hasattr(column, "base_field") else cut
            stays = stays or field.editable
    with change_set(actor=record.owner, verb="records.edit"):
        one.model._default_manager.filter(pk=record.pk).update(**values)
        if one.derive is not None:
            one.derive([record.pk])
    return stays


@pytest.mark.parametrize("text", EVIL)
def test_no_text_of_a_record_is_worked_out(text: str, people: People) -> None:
    client = Client()
    client.force_login(people.owner)
    for one in entities():
        record = make_sample(one, people.owner)
        stays = plant(one, record, text)
        base, url = f"/{one.path}", one.url(record)
        pages = [base, url, f"{url}/peek", f"{url}/edit", f"{url}/history", f"/api/v1{url}"]
        pages += [f"{base}?layout=board"] if one.board else []
        told = [seen(client, address) for address in pages]
        assert not stays or any(text[:3] in body for body in told), one.key
        file = harmless(base, client.post(f"{base}/export.csv"))
        assert not stays or text[:3] in file, one.key
    for address in ("/sales-report", "/forecast", "/my-day", f"/search?q={text[:5]}"):
        seen(client, address)


@pytest.mark.parametrize("text", EVIL)
def test_no_name_that_an_administrator_gives_is_worked_out(text: str, people: People) -> None:
    for model, length in ((Pipeline, 80), (Stage, 80), (CloseReason, 80), (Criterion, 80)):
        with change_set(actor=people.admin, verb="records.edit"):
            model.objects.update(name=text[:length])
    forget()
    save_plan(actor=people.admin, name=text, steps=[Step(text, 1)])
    save_point_rule(
        actor=people.admin, entity="sales.deal", where="amount.min=1", points=1, reason=text
    )
    create_pool(actor=people.admin, name=text, entity_key="parties.company", teams=[people.north])
    form = save_web_form(
        actor=people.admin,
        wish=Wish(name=text, language="en", owner=people.owner, fields={"notes": "asked",
                  "email": "required"}, consent={"en": text}, labels={"notes": {"en": text}}),
    )  # fmt: skip
    deal(people.owner, name=text)
    client = Client()
    client.force_login(people.admin)
    for address in ("/settings/pipelines", "/settings/plans", "/settings/points",
                    "/settings/pools", "/settings/webforms", f"/settings/webforms/{form.pk}",
                    "/deals?layout=board", "/leads?layout=board", "/sales-report", "/forecast",
                    "/pools"):  # fmt: skip
        seen(client, address)
    assert text[:3] in seen(Client(), f"/f/{form.token}")


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_of_a_rule_reads_fields_and_nothing_else(
    condition: str, people: People
) -> None:
    deal(people.owner)
    with pytest.raises(DomainError):
        save_point_rule(
            actor=people.admin, entity="sales.deal", where=condition, points=1, reason="X"
        )
    pool = create_pool(
        actor=people.admin, name="Nobody's", entity_key="parties.company", teams=[people.north]
    )
    for wrong in (
        lambda: change_pool(
            actor=people.admin, pool=pool, name="N", query=condition, teams=[people.north],
            shown=["name"], is_active=True,
        ),
        lambda: save_recycle_rule(actor=people.admin, pool=pool, query=condition, no_contact=30),
        lambda: save_recycle_rule(
            actor=people.admin, pool=pool, date_field=condition.partition(".")[0], days_after=1
        ),
    ):  # fmt: skip
        with pytest.raises(DomainError):
            wrong()
    assert not PointRule.objects.exists()
    client = Client()
    client.force_login(people.admin)
    for one in (entity("sales.deal"), entity("sales.lead"), entity("sales.quote")):
        answer = client.get(f"/{one.path}?{condition}")
        assert answer.status_code in (200, 422), (one.key, answer.status_code)
