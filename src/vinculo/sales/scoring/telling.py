"""What was learned, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from babel.dates import get_month_names
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.countries import country_name
from vinculo.platform.access import rights_of
from vinculo.platform.formats import number_locale, number_text
from vinculo.platform.models import Team, User
from vinculo.products.models import Product
from vinculo.records.fields import Label
from vinculo.records.registry import entity
from vinculo.sales.pipelines.known import known
from vinculo.sales.scoring.gathering import GIVEN
from vinculo.sales.scoring.models import DealScore, LeadScore, ScoreTraining, Verdict
from vinculo.sales.scoring.statistics.sheet import missing
from vinculo.sales.scoring.subject import Feature, Subject

COMPARES = {
    "more": _("more than usual"),
    "less": _("less than usual"),
    "usual": _("as usual"),
    "none": _("not known"),
}
MODELS = {"base": _("Share that ended well"), "logistic": _("Logistic regression"),
          "lightgbm": _("Boosted trees")}  # fmt: skip


class Factor(NamedTuple):
    """What moved a score: what it is, how it is in this record, by how many points."""

    label: Label
    how: Label
    points: int

    @property
    def said(self) -> str:
        """The points with their sign."""
        sign = "+" if self.points > 0 else "−"
        return f"{sign}{number_text(abs(self.points))}"


def factors_for(user: User, subject: Subject, score: DealScore | LeadScore) -> list[Factor]:
    """Why a record has its score, as far as the reader may see the fields it follows from."""
    found = []
    for name, points, compares, value in score.why:
        feature = subject.by_name.get(name)
        if feature is not None and sees(user, feature):
            found.append(Factor(feature.label, how_said(user, feature, compares, value), points))
    return found


def sees(user: User, feature: Feature) -> bool:
    """Whether the reader sees all fields that a feature follows from."""
    rights = rights_of(user)
    return all(rights.field_rule(key, name) != "hidden" for key, name in feature.tells)


def how_said(user: User, feature: Feature, compares: str, value: str | None) -> Label:
    """How a feature is in a record: what it is, or how it compares to what is usual."""
    if compares != "is" or value is None:
        return COMPARES.get(compares, COMPARES["none"])
    if feature.only_given:
        return pgettext("a field", "filled in") if value == GIVEN else COMPARES["none"]
    if feature.name == "month":
        return str(get_month_names("wide", "stand-alone", locale=number_locale())[int(value)])
    if feature.name == "owner":
        return str(User.objects.filter(pk=value).first() or "")
    if feature.name == "team":
        return str(Team.objects.filter(pk=value).first() or "")
    if feature.name == "product":
        return str(Product.objects.visible_to(user).filter(pk=value).first() or "")
    if feature.name == "pipeline":
        pipeline = known().pipeline(int(value))
        return pipeline.name if pipeline is not None else ""
    if feature.name == "country":
        return country_name(value, get_language() or "en")
    key, name = feature.tells[-1]
    field = entity(key).declared_fields[name]
    return field.choice_label(value) if field.choices else value


def verdict_said(training: ScoreTraining) -> str:
    """What came of it, in a sentence or two."""
    if training.verdict == Verdict.FEW:
        more = missing(training.won, training.lost)
        return ngettext(
            "%(n)s more has to be decided before anything can be learned: it takes 200 in all, and 20 of each outcome.",
            "%(n)s more have to be decided before anything can be learned: it takes 200 in all, and 20 of each outcome.",
            more,
        ) % {"n": number_text(more)}
    if training.verdict == Verdict.SPLIT:
        return gettext(
            "The decisions fell on too few different days, or nearly all in one way for a time: there are no newer ones by which to judge what was learned from older ones."
        )
    if training.verdict == Verdict.NONE:
        return gettext(
            "No signal: on the newest decisions, what was learned was no better than the plain share that ended well. A score would say nothing, so none is shown."
        )
    judged = training.report["judged"][training.report["chosen"]]
    return gettext(
        "There is a signal: of two that ended differently, the one that ended well has the higher score %(auc)s times of 100 (guessing: 50). Those still open have scores."
    ) % {"auc": number_text(round(100 * judged["auc"]))}


def models_said(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The base rate and both models, each with how it did on those that judge."""
    found = []
    for name, label in MODELS.items():
        judged = report.get("judged", {}).get(name)
        if judged is None:
            continue
        bounds = f"{_tenth(100 * judged['auc_low'])}–{_tenth(100 * judged['auc_high'])}"
        found.append(
            {
                "label": label,
                "chosen": report.get("chosen") == name,
                "log_loss": _exact(judged["log_loss"]),
                "brier": _exact(judged["brier"]),
                "auc": _tenth(100 * judged["auc"]),
                "bounds": bounds if name != "base" else "",
                "gain": "" if name == "base" else _exact(judged["gain"]),
                "gain_bounds": ""
                if name == "base"
                else f"{_exact(judged['gain_low'])} … {_exact(judged['gain_high'])}",
            }
        )
    return found


def _exact(value: float) -> str:
    return number_text(round(value, 3) or 0)


def _tenth(value: float) -> str:
    return number_text(round(value, 1))


def reliability_said(report: dict[str, Any]) -> list[dict[str, str]]:
    """What the scores said of those that judge, in groups, and what came."""
    return [
        {
            "said": number_text(round(100 * one["said"])),
            "came": number_text(round(100 * one["came"])),
            "count": number_text(int(one["deals"])),
        }
        for one in report.get("reliability", [])
    ]


def parts_said(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The three parts of what was decided: what for, how many, decided from when to when."""
    uses = (_("Learned from"), _("Calibrated by"), _("Judged by"))
    return [
        {
            "use": use,
            "count": number_text(count),
            "from": date.fromordinal(days[0]) if days else None,
            "to": date.fromordinal(days[1]) if days else None,
        }
        for use, count, days in zip(
            uses, report.get("deals", []), report.get("days", []), strict=False
        )
    ]


def left_out_said(subject: Subject, report: dict[str, Any]) -> list[tuple[str, Label]]:
    """What nothing was learned from, each with the reason."""
    found: list[tuple[str, Label]] = []
    for one in report.get("left_out", []):
        if one["column"] in subject.by_name:
            found.append((str(subject.by_name[one["column"]].label), _why_left_out(one)))
    found += [(_listed(subject, subject.ended), _("Filled in at the end."))]
    found += [(_listed(subject, subject.on_the_way), _("Changes on the way."))]
    return found


def _listed(subject: Subject, names: Iterable[str]) -> str:
    fields = entity(subject.key).declared_fields
    return " · ".join(str(fields[name].label) for name in names if name in fields)


def _why_left_out(one: dict[str, Any]) -> Label:
    if one["why"] == "late":
        return ngettext(
            "Was changed on the day of the decision or later, in %(n)s record.",
            "Was changed on the day of the decision or later, in %(n)s records.",
            one["deals"],
        ) % {"n": number_text(one["deals"])}
    if one["why"] == "alone":
        return gettext(
            "Tells good from bad ends suspiciously well by itself (%(auc)s of 100): it was probably filled in afterwards."
        ) % {"auc": _tenth(100 * one["auc"])}
    return gettext("The same everywhere.")


def used_said(subject: Subject, report: dict[str, Any]) -> list[tuple[Label, str]]:
    """What was learned from; with by how many points it moves a score on average, if it does."""
    weights = dict(report.get("weights", []))
    names = list(weights) or report.get("used", [])
    return [
        (subject.by_name[name].label, _tenth(weights[name]) if weights.get(name) else "")
        for name in names
        if name in subject.by_name
    ]
