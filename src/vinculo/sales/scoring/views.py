"""Settings → Scores: what was learned last, and whether it is worth anything."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from vinculo.platform.views.common import done, for_administrators, show, signed_in
from vinculo.records.registry import entity
from vinculo.sales.scoring import actions, telling
from vinculo.sales.scoring.models import ScoreTraining
from vinculo.sales.scoring.of_deals import DEALS
from vinculo.sales.scoring.subjects import SUBJECTS

ACTIVE = "scores"


@for_administrators
@require_safe
def scores(request: HttpRequest) -> HttpResponse:
    """The last training of a record type: what was decided, both models against the base rate,
    what was left out."""
    subject = SUBJECTS.get(request.GET.get("type", ""), DEALS)
    trainings = ScoreTraining.objects.visible_to(signed_in(request)).filter(entity=subject.key)
    training = trainings.order_by("-pk").first()
    status = entity(subject.key).declared_fields["status"]
    context: dict[str, Any] = {
        "training": training,
        "working": actions.under_way(),
        "good": status.choice_label(subject.good),
        "bad": status.choice_label(subject.bad),
        "tabs": [
            (entity(key).label_plural, f"{actions.PAGE}?type={key}", key == subject.key)
            for key in SUBJECTS
        ],
    }
    if training is not None:
        report = training.report
        context |= {
            "verdict": telling.verdict_said(training),
            "parts": telling.parts_said(report),
            "models": telling.models_said(report),
            "reliability": telling.reliability_said(report),
            "used": telling.used_said(subject, report),
            "left_out": telling.left_out_said(subject, report),
        }
    return show(request, "sales/scoring/page.html", ACTIVE, context)


@for_administrators
@require_POST
def learn(request: HttpRequest) -> HttpResponse:
    """Have a worker learn now."""
    actions.learn_scores(actor=signed_in(request))
    return done(
        request, actions.PAGE, gettext("Scores are being learned. You are told when that is done.")
    )
