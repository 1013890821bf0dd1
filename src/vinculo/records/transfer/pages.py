"""What the wizard's pages show of an import."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext, ngettext, pgettext

from vinculo.platform.models import User
from vinculo.records.transfer import imports
from vinculo.records.transfer.held import held
from vinculo.records.transfer.models import Import
from vinculo.records.transfer.plan import Plan
from vinculo.records.transfer.refusals import sentence
from vinculo.records.transfer.writer import writer_of

STEPS = ("file", "mapping", "check", "report")


def steps(current: str) -> list[dict[str, Any]]:
    """The wizard's steps with where we are."""
    names = {
        "file": gettext("File"),
        "mapping": gettext("Columns"),
        "check": gettext("Check"),
        "report": pgettext("of an import", "Report"),
    }
    at = STEPS.index(current)
    return [
        {"label": names[key], "done": index < at, "current": index == at}
        for index, key in enumerate(STEPS)
    ]


def own_import(user: User, pk: int) -> Import:
    """The user's import; Http404 when there is none such."""
    found = Import.objects.visible_to(user).select_related("work", "changeset")
    imported = found.filter(pk=pk).first()
    if imported is None:
        raise Http404(gettext("There is no such import, or you may not see it."))
    return imported


def page(imported: Import, step: str) -> dict[str, Any]:
    """What every page of an import shows."""
    return {
        "imported": imported,
        "entity": held(imported.entity),
        "state": imported.state,
        "work": imported.work,
        "steps": steps(step),
        "together": imports.together(imported),
    }


def outcome_page(imported: Import, step: str) -> dict[str, Any]:
    """Counts, reasons and sample rows of a check or a run."""
    counts, report = imported.counts, imported.report
    samples = report.get("samples", {})
    plan = Plan.from_json(imported.settings)
    return {
        **page(imported, step),
        "seen": counts.get("seen", 0),
        "outcomes": [
            {
                "key": key,
                "label": label,
                "tone": tone,
                "count": counts.get(key, 0),
                "samples": [_sample(one) for one in samples.get(key, [])],
            }
            for key, label, tone in _outcomes(finished=step == "report")
        ],
        "reasons": [
            {"outcome": outcome, "text": sentence(reason, params), "count": count}
            for outcome, reason, params, count in report.get("reasons", [])
            if outcome != "warned"
        ],
        "warned": [
            {"text": sentence(reason, params), "count": count}
            for outcome, reason, params, count in report.get("reasons", [])
            if outcome == "warned"
        ],
        "notes": _notes(imported, report),
        "returned": report.get("returned", 0),
        "nothing_to_do": counts.get("created", 0) + counts.get("updated", 0) == 0,
        "plan": plan,
    }


def _outcomes(*, finished: bool) -> list[tuple[str, str, str]]:
    if finished:
        return [
            ("created", gettext("created"), "is-ok"),
            ("updated", gettext("updated"), "is-info"),
            ("skipped", gettext("skipped"), ""),
            ("refused", gettext("refused"), "is-bad"),
        ]
    return [
        ("created", gettext("to be created"), "is-ok"),
        ("updated", gettext("to be updated"), "is-info"),
        ("skipped", gettext("skipped"), ""),
        ("refused", gettext("refused"), "is-bad"),
    ]


def _sample(one: dict[str, Any]) -> dict[str, Any]:
    reason = sentence(one["reason"], one["params"]) if one["reason"] else ""
    shown = " · ".join(cell for cell in one["cells"] if cell)
    return {"row": one["row"], "reason": reason, "text": shown}


def _notes(imported: Import, report: dict[str, Any]) -> list[str]:
    """How oddities of the file were read: said, so that nothing is lost in silence."""
    quirks = report.get("quirks", {})
    told = []
    if count := quirks.get("blank_rows", 0):
        told.append(
            ngettext(
                "%(n)s blank row was passed over.", "%(n)s blank rows were passed over.", count
            )
            % {"n": count}
        )
    if count := quirks.get("nothing_words", 0):
        told.append(
            ngettext(
                "%(n)s cell that says NULL, N/A or the like was read as empty.",
                "%(n)s cells that say NULL, N/A or the like were read as empty.",
                count,
            )
            % {"n": count}
        )
    if count := quirks.get("short_rows", 0):
        told.append(
            ngettext(
                "%(n)s row is shorter than the header; the missing cells were read as empty.",
                "%(n)s rows are shorter than the header; the missing cells were read as empty.",
                count,
            )
            % {"n": count}
        )
    labels = _labels(imported)
    for key, count in report.get("left_out", {}).items():
        told.append(
            ngettext(
                "%(n)s value of “%(field)s” does not fit and is left out.",
                "%(n)s values of “%(field)s” do not fit and are left out.",
                count,
            )
            % {"n": count, "field": labels.get(key, key)}
        )
    return told


def _labels(imported: Import) -> dict[str, str]:
    writer = writer_of(held(imported.entity))
    return {target.key: str(target.label) for target in writer.targets(imported.owner)}
