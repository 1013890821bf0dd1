"""The wizard's second step: what the columns mean, what is done to their values, saved mappings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from vinculo.kernel.errors import DomainError
from vinculo.platform import journal
from vinculo.platform.refusals import sentence as said
from vinculo.platform.refusals import status_of
from vinculo.records.saved.forms import shares
from vinculo.records.transfer import imports
from vinculo.records.transfer.forms import OptionsForm, ReadingForm
from vinculo.records.transfer.headers import Target, guess_mapping
from vinculo.records.transfer.held import held, importable
from vinculo.records.transfer.mappings import (
    delete_mapping,
    fitting_mappings,
    mapped_by,
    save_mapping,
    shared_with,
)
from vinculo.records.transfer.models import Import, ImportMapping
from vinculo.records.transfer.pages import own_import, page
from vinculo.records.transfer.plan import SAMPLE_ROWS, Plan, first_plan, preset_of, with_styles
from vinculo.records.transfer.presets import Preset, recognise
from vinculo.records.transfer.reading import Table
from vinculo.records.transfer.transforms import (
    CHANGES,
    MOST_STEPS,
    Step,
    Transforms,
    changed,
    checked_step,
)
from vinculo.records.transfer.writer import BulkWriter, writer_of
from vinculo.records.views.common import Request


@login_required
@require_POST
def reread(request: Request, pk: int) -> HttpResponse:
    """Read the file as other records, or with another encoding, delimiter or sheet; guess anew."""
    imported = own_import(request.user, pk)
    plan = Plan.from_json(imported.settings)
    table = imports.open_import(imported, plan)
    form = reading_form(request, imported, plan, table, request.POST)
    if not form.is_valid():
        return redirect(f"/import/{pk}?step=mapping")
    chosen = dict(form.cleaned_data)
    imported.entity = chosen.pop("entity", "") or imported.entity
    wanted = replace(plan, **{name: value for name, value in chosen.items() if value})
    try:
        table = imports.open_import(imported, wanted)
        writer = writer_of(held(imported.entity))
        sample = table.sample(SAMPLE_ROWS)
        plan, _guesses = first_plan(
            table, sample, writer.targets(request.user), writer, request.user
        )
        _keep(request, imported, plan)
    except DomainError as refusal:
        return mapping_page(request, imported, error=said(refusal), status=status_of(refusal))
    return redirect(f"/import/{pk}?step=mapping")


def reading_form(
    request: Request, imported: Import, plan: Plan, table: Table, data: QueryDict | None = None
) -> ReadingForm:
    """How the file is read, and as what."""
    kinds = [(one.key, one.label_plural) for one in importable(request.user)]
    return ReadingForm(data, plan=plan, sheets=table.sheets, entity=imported.entity, kinds=kinds)


def _keep(request: Request, imported: Import, plan: Plan) -> None:
    if imported.state in ("checking", "running", "done", "undone"):
        return
    with journal.change_set(actor=request.user, verb="records.upload", label=imported.name):
        Import.objects.filter(pk=imported.pk).update(
            settings=plan.as_json(), status=Import.Status.UPLOADED, entity=imported.entity
        )


@login_required
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Second step done: keep the decisions and check what would happen; or only show them."""
    imported = own_import(request.user, pk)
    plan = Plan.from_json(imported.settings)
    table = imports.open_import(imported, plan)
    try:
        plan = _posted_plan(request, imported, plan, table)
        if "preview" in request.POST:
            return mapping_page(request, imported, posted=request.POST)
        imports.decide_plan(actor=request.user, imported=imported, plan=plan)
        imports.check(actor=request.user, imported=imported)
    except DomainError as refusal:
        return mapping_page(
            request, imported, posted=request.POST, error=said(refusal), status=status_of(refusal)
        )
    return redirect(f"/import/{pk}")


@login_required
@require_POST
def remember(request: Request, pk: int) -> HttpResponse:
    """Keep what the columns mean under a name."""
    imported = own_import(request.user, pk)
    plan = Plan.from_json(imported.settings)
    table = imports.open_import(imported, plan)
    try:
        plan = _posted_plan(request, imported, plan, table)
        role, team = shared_with(request.user, request.POST.get("mapping_shared", ""))
        kept = save_mapping(
            actor=request.user,
            entity=imported.entity,
            name=request.POST.get("mapping_name", ""),
            headers=table.headers,
            plan=plan,
            role=role,
            team=team,
        )
    except DomainError as refusal:
        return mapping_page(
            request, imported, posted=request.POST, error=said(refusal), status=status_of(refusal)
        )
    _keep(request, imported, replace(plan, mapping=kept.name))
    return redirect(f"/import/{pk}?step=mapping")


@login_required
@require_POST
def use(request: Request, pk: int, mapping: int) -> HttpResponse:
    """Read the file as a saved mapping says."""
    imported = own_import(request.user, pk)
    plan = Plan.from_json(imported.settings)
    table = imports.open_import(imported, plan)
    kept = _mapping(request, imported, mapping)
    targets = writer_of(held(imported.entity)).targets(request.user)
    plan = mapped_by(plan, kept, table.headers)
    _keep(request, imported, with_styles(plan, targets, table.sample(SAMPLE_ROWS)))
    return redirect(f"/import/{pk}?step=mapping")


@login_required
@require_POST
def forget(request: Request, pk: int, mapping: int) -> HttpResponse:
    """Delete a saved mapping."""
    imported = own_import(request.user, pk)
    delete_mapping(actor=request.user, mapping=_mapping(request, imported, mapping))
    return redirect(f"/import/{pk}?step=mapping")


def _mapping(request: Request, imported: Import, pk: int) -> ImportMapping:
    rows = ImportMapping.objects.visible_to(request.user).filter(entity=imported.entity)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(gettext("There is no such mapping, or you may not see it."))
    return found


def _posted_plan(request: Request, imported: Import, plan: Plan, table: Table) -> Plan:
    """The plan as the page says now. DomainError for what cannot be meant."""
    writer = writer_of(held(imported.entity))
    form = _options(request, plan, writer, request.POST, styled=True)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise DomainError(str(errors[0]), field=field)
    plan = replace(
        plan,
        columns=_columns(request.POST, table),
        transforms=_transforms(request.POST, table),
        **form.cleaned_data,
    )
    return with_styles(plan, writer.targets(request.user), table.sample(SAMPLE_ROWS))


def _options(
    request: Request, plan: Plan, writer: BulkWriter, posted: QueryDict | None, *, styled: bool
) -> OptionsForm:
    return OptionsForm(
        posted,
        plan=plan,
        keys=writer.keys(request.user),
        styled=styled,
        makes=writer.makes(request.user),
    )


def _columns(posted: QueryDict, table: Table) -> tuple[tuple[int, str], ...]:
    chosen = ((at, posted.get(f"column-{at}", "")) for at in range(len(table.headers)))
    return tuple((at, key) for at, key in chosen if key)


def _transforms(posted: QueryDict, table: Table) -> Transforms:
    found: dict[int, tuple[Step, ...]] = {}
    for at in range(len(table.headers)):
        steps = tuple(
            checked_step(
                name, posted.get(f"first-{at}-{n}", ""), posted.get(f"second-{at}-{n}", "")
            )
            for n in range(MOST_STEPS)
            if (name := posted.get(f"step-{at}-{n}", ""))
        )
        if steps:
            found[at] = steps
    return found


def mapping_page(
    request: Request,
    imported: Import,
    *,
    posted: QueryDict | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of the second step, as kept or as posted."""
    plan = Plan.from_json(imported.settings)
    table = imports.open_import(imported, plan)
    writer = writer_of(held(imported.entity))
    targets = writer.targets(request.user)
    sample = table.sample(SAMPLE_ROWS)
    if posted is not None:
        plan = replace(plan, columns=_columns(posted, table), transforms=_readable(posted, table))
    options = _options(request, plan, writer, posted, styled=bool(plan.styles))
    recognised = recognise(table.headers)
    cells = [row.cells for row in sample if row.error is None]
    context = {
        **page(imported, "mapping"),
        "error": error,
        "columns": _shown_columns(plan, table, targets, cells, preset_of(writer, recognised)),
        "targets": targets,
        "changes": [(name, gettext(change.label)) for name, change in CHANGES.items()],
        "options": options,
        "reading": reading_form(request, imported, plan, table),
        "quirks": table.quirks,
        "unreadable": sum(row.error is not None for row in sample),
        "preset": recognised,
        "preset_fits": recognised is not None and recognised.entity == imported.entity,
        "plan": plan,
        "mappings": fitting_mappings(request.user, imported.entity, table.headers),
        "shares": shares(request.user),
        "mapping_name": posted.get("mapping_name", "") if posted else plan.mapping,
    }
    return render(request, "records/import/mapping.html", context, status=status)


def _readable(posted: QueryDict, table: Table) -> Transforms:
    try:
        return _transforms(posted, table)
    except DomainError:
        return {}


def _shown_columns(
    plan: Plan,
    table: Table,
    targets: Sequence[Target],
    cells: list[list[str]],
    preset: Preset | None,
) -> list[dict[str, Any]]:
    """Each column with its samples, what it is taken for, and its values before and after."""
    guesses = guess_mapping(table.headers, targets, cells, preset)
    chosen = dict(plan.columns)
    shown = []
    for at, header in enumerate(table.headers):
        samples = list(dict.fromkeys(row[at] for row in cells if row[at]))[:3]
        steps = plan.transforms.get(at, ())
        blanks = (Step(""),) if len(steps) < MOST_STEPS else ()  # room for one more
        shown.append(
            {
                "at": at,
                "header": header,
                "samples": samples,
                "chosen": chosen.get(at, ""),
                "sure": guesses[at].confidence >= 0.8,
                "reason": gettext(guesses[at].reason)
                if guesses[at].target == chosen.get(at)
                else "",
                "steps": list(enumerate((*steps, *blanks))),
                "changed": bool(steps),
                "pairs": [(text, changed(text, steps)) for text in samples or [""]]
                if steps
                else [],
            }
        )
    return shown
