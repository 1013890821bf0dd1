"""Small things to sell with."""

from __future__ import annotations

from typing import Any

from tests.samples import make_company
from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.records.writing import create_record
from vinculo.sales.deals.models import Deal
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Stage


def stage(name: str) -> Stage:
    """The stage of the usual pipeline that is called so."""
    return next(one for one in known().stages.values() if one.name == name)


def deal(owner: User, **data: Any) -> Deal:
    """A deal of `owner`, made as a form makes one."""
    company = data.pop("company", None) or make_company(owner, "Harmless Ltd")
    made: Deal = create_record(
        actor=owner,
        entity=entity("sales.deal"),
        data={"name": "Pumps", "company": company, **data},
    )
    return Deal.objects.get(pk=made.pk)
