"""What is checked and completed before a deal is saved: its customer, its money, its way.

Called by the record machinery: forms, cells, boards, API, imports and bulk edits all pass here, so
that a deal gets from stage to stage by one set of rules only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, MoreNeeded, _
from vinculo.kernel.text import clean
from vinculo.platform.models import User
from vinculo.products.entities import checked_currency
from vinculo.records.registry import entity
from vinculo.sales.deals.models import Deal
from vinculo.sales.pipelines.known import Known, default_pipeline, known
from vinculo.sales.pipelines.models import Category, Ends, Pipeline, Stage

#: Why these are not typed where a deal has lines.
FOLLOWING = {
    "amount": _("The amount is the sum of the lines. Change them, or remove them all to type it."),
    "product": _("The product is that of the first line with one. Move the lines to change it."),
    "currency": _("The lines have their prices in this currency. Remove them to choose another."),
}


def fixed_of(deal: Deal) -> dict[str, str]:
    """What is not typed on this deal, and why."""
    return FOLLOWING if deal.by_lines else {}


def prepare_deal(user: User, record: Deal, data: dict[str, Any]) -> None:
    """Bring a deal's new values into order; DomainError on the field that cannot be."""
    _customer(record, data)
    if "currency" in data or not record.currency:
        data["currency"] = checked_currency(data.get("currency") or record.currency or "")
    if data.get("amount") is not None and data["amount"] < 0:
        raise DomainError(_("An amount is not negative."), field="amount")
    _left_to_lines(record, data)
    _read_reason(data)
    _place(user, record, data)
    _dates(record, data)
    _is_whole(record, data)


def _left_to_lines(record: Deal, data: dict[str, Any]) -> None:
    """What a deal with lines is worth, and what it is about, is not typed beside them."""
    if not record.by_lines:
        return
    for name, said in FOLLOWING.items():
        if name in data and data[name] != getattr(record, name):
            raise DomainError(said, field=name)


def _customer(record: Deal, data: dict[str, Any]) -> None:
    """A contact person brings their company along."""
    person = data.get("person")
    if person is not None and person.company_id and not _has(record, data, "company"):
        data["company"] = person.company


def _after(record: Deal, data: dict[str, Any], name: str) -> Any:
    """The row that a reference of the deal will mean once the data is written."""
    return data[name] if name in data else getattr(record, name)


def _has(record: Deal, data: dict[str, Any], name: str) -> bool:
    """Whether that reference will mean a row; without asking for the row."""
    if name in data:
        return data[name] is not None
    return getattr(record, f"{name}_id") is not None


def _is_whole(record: Deal, data: dict[str, Any]) -> None:
    """A deal is called something, and a won one was won from somebody.

    An open one may wait for its customer: see docs/adr on deals without one.
    """
    known_customer = _has(record, data, "company") or _has(record, data, "person")
    if record.status == Ends.WON and not known_customer:
        raise DomainError(_("A deal that is won needs a company or a person."), field="company")
    if not clean(str(data.get("name", record.name) or "")):
        customer = _after(record, data, "company") or _after(record, data, "person")
        parts = [_after(record, data, "product"), customer]
        data["name"] = " · ".join(str(part) for part in parts if part is not None)[:200]
        if not data["name"]:
            raise DomainError(
                _("Write a name, or say which product or which customer the deal is about."),
                field="name",
            )


def _place(user: User, record: Deal, data: dict[str, Any]) -> None:
    """Where the deal stands now, and what follows from coming there."""
    all_known = known()
    before = all_known.stages.get(record.stage_id)
    pipeline, stage = _wanted(user, record, data, all_known, before)
    data.pop("pipeline", None)
    data.pop("stage", None)
    record.pipeline, record.stage = pipeline, stage
    if before is not None and before.pk == stage.pk:
        return
    _may_come(record, data, before, stage, all_known)
    record.status, record.stage_since = stage.ends, now()
    data.setdefault("probability", stage.probability)
    data.setdefault("category", stage.category)
    if stage.ends == Ends.OPEN:
        data["closed_on"] = None
        data.setdefault("reason", None)
    else:
        data["closed_on"] = data.get("closed_on") or timezone.localdate(now())


def _wanted(
    user: User, record: Deal, data: dict[str, Any], all_known: Known, before: Stage | None
) -> tuple[Pipeline, Stage]:
    """The pipeline and stage that were asked for; the first stage of the usual one for a new deal."""
    stage = _numbered(data.get("stage"), all_known.stages, "stage")
    chosen = _numbered(
        data.get("pipeline"), {one.pk: one for one in all_known.pipelines}, "pipeline"
    )
    if (
        stage is None
        and before is not None
        and chosen in (None, all_known.pipeline(before.pipeline_id))
    ):
        stage = before
    pipeline = chosen or (
        all_known.pipeline(stage.pipeline_id) if stage is not None else default_pipeline(user)
    )
    if pipeline is None:
        raise DomainError(
            _("There is no pipeline for you. An administrator makes one in the settings."),
            field="pipeline",
        )
    entered = before is None or before.pipeline_id != pipeline.pk
    if entered and not pipeline.is_active:
        raise DomainError(
            _("The pipeline “%(name)s” is out of use."), field="pipeline", name=pipeline.name
        )
    stage = stage or all_known.first_stage(pipeline.pk)
    if stage is None:
        raise DomainError(
            _("The pipeline “%(name)s” has no open stage."), field="pipeline", name=pipeline.name
        )
    if stage.pipeline_id != pipeline.pk:
        raise DomainError(
            _("The stage “%(stage)s” is not in the pipeline “%(name)s”."),
            field="stage",
            stage=stage.name,
            name=pipeline.name,
        )
    return pipeline, stage


def _numbered(value: Any, among: dict[int, Any], field: str) -> Any:
    """A row by its number, however an input says it; None for none."""
    if value is None or value == "":
        return None
    if not isinstance(value, int | str):
        return value
    found = among.get(int(value)) if str(value).isdecimal() else None
    if found is None:
        raise DomainError(_("Choose one from the list."), field=field)
    return found


def _may_come(
    record: Deal, data: dict[str, Any], before: Stage | None, stage: Stage, all_known: Known
) -> None:
    """Refuse a way that the pipeline does not allow, and ask for what the stage needs."""
    if before is not None and before.pipeline_id == stage.pipeline_id:
        allowed = [pk for pk in before.leads_to if pk in all_known.stages]
        if allowed and stage.pk not in allowed:
            names = ", ".join(all_known.stages[pk].name for pk in allowed)
            raise DomainError(
                _("From “%(stage)s” a deal goes to: %(names)s."),
                field="stage",
                stage=before.name,
                names=names,
            )
    if before is None and stage.ends != Ends.OPEN:
        return  # brought along as it was decided elsewhere
    missing = [name for name in stage.required if _is_empty(record, data, name)]
    if missing:
        raise needs(stage, missing)


def needs(stage: Stage, missing: Iterable[str]) -> MoreNeeded:
    """The refusal of a stage that asks for more than is filled in."""
    fields = entity("sales.deal").all_fields
    names = [name for name in missing if name in fields]
    return MoreNeeded(
        _("“%(stage)s” needs: %(names)s."),
        fields=tuple(names),
        field=names[0] if len(names) == 1 else None,
        stage=stage.name,
        names=", ".join(str(fields[name].label) for name in names),
    )


def _is_empty(record: Deal, data: dict[str, Any], name: str) -> bool:
    field = entity("sales.deal").all_fields.get(name)
    if field is None:
        return False  # a field that was deleted since
    value = data[name] if name in data else field.value(record)
    return value is None or value == "" or value == []


def _read_reason(data: dict[str, Any]) -> None:
    """A reason by its number, as the row that the column wants."""
    if "reason" in data:
        data["reason"] = _numbered(data["reason"], known().reasons, "reason")


def _dates(record: Deal, data: dict[str, Any]) -> None:
    """A deal is closed after it was opened, and not in the future; an open one is not closed."""
    today = timezone.localdate(now())
    closed: date | None = data.get("closed_on", record.closed_on)
    opened: date = data.get("opened_on") or record.opened_on or closed or today
    if "opened_on" in data or not record.opened_on:
        data["opened_on"] = opened
    if record.status == Ends.OPEN and closed is not None:
        raise DomainError(_("An open deal has no closing day."), field="closed_on")
    if record.status != Ends.OPEN and closed is None:
        raise DomainError(_("Say on which day the deal was closed."), field="closed_on")
    # What stands there was past for whoever wrote it, in whatever zone they live.
    if "closed_on" in data and closed is not None and closed > today:
        raise DomainError(_("A deal cannot be closed on a day to come."), field="closed_on")
    if closed is not None and "opened_on" in data and opened > closed:
        raise DomainError(_("A deal is closed after it was opened."), field="opened_on")
    reason = data.get("reason", record.reason if record.reason_id else None)
    if reason is not None and record.status != Ends.OPEN and reason.ends != record.status:
        raise DomainError(_("This reason is for other deals."), field="reason")
    if "category" in data and not data["category"]:
        data["category"] = record.stage.category
    if record.status != Ends.OPEN:
        wanted = Category.CLOSED if record.status == Ends.WON else Category.OMITTED
        data["category"] = wanted
        data["probability"] = record.stage.probability
    record.cycle_days = max(0, (closed - opened).days) if closed is not None else None
    began = closed or opened
    if record.pk is None and began < today:
        # Brought along from elsewhere: as far as we know it stands there since that day.
        record.stage_since = timezone.make_aware(datetime.combine(began, time.min))
