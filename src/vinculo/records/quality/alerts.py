"""Lines that figures should not cross: who is told when one does, and when it is back."""

from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from vinculo.kernel.clock import now
from vinculo.kernel.errors import _
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.formats import number_text
from vinculo.platform.models import User
from vinculo.platform.notifications import notify
from vinculo.records.quality.measures import Measure, Share, measures_of, share_of
from vinculo.records.quality.models import QualityAlert, QualityFigures
from vinculo.records.registry import find

CROSSED = _("Data quality: %(what)s. Now %(now)s.")
RECOVERED = _("Data quality is back in order: %(what)s. Now %(now)s.")


def measure_of(alert: QualityAlert) -> Measure | None:
    """What an alert watches; None where that is no longer there."""
    entity = find(alert.entity)
    return measures_of(entity).get(alert.measure) if entity is not None else None


def title_of(alert: QualityAlert) -> str:
    """What an alert is called: what it watches, and its line."""
    entity, measure = find(alert.entity), measure_of(alert)
    what = called(measure) if measure is not None else alert.measure
    whose = str(entity.label_plural) if entity is not None else alert.entity
    told = {"whose": whose, "what": what, "limit": line_text(alert)}
    if alert.line == QualityAlert.Line.BELOW:
        return gettext("%(whose)s, %(what)s: in order below %(limit)s") % told
    return gettext("%(whose)s, %(what)s: amiss more than %(limit)s") % told


def called(measure: Measure) -> str:
    """A measure's name where it stands alone."""
    if measure.part == "filled":
        return gettext("%(field)s filled in") % {"field": measure.label}
    return str(measure.label)


def line_text(alert: QualityAlert) -> str:
    """The threshold with its unit."""
    value = alert.threshold
    if alert.line == QualityAlert.Line.BELOW:
        return percent_text(value)
    return number_text(int(value))


def percent_text(value: Any) -> str:
    """A percentage with at most one decimal."""
    rounded = Decimal(str(value)).quantize(Decimal("0.1"))
    whole = rounded == rounded.to_integral_value()
    return f"{number_text(int(rounded) if whole else rounded)} %"


def is_crossed(alert: QualityAlert, share: Share) -> bool | None:
    """Whether a figure is on the bad side; None where there is nothing to have a share of."""
    if alert.line == QualityAlert.Line.ABOVE:
        return share.amiss > alert.threshold
    if not share.records:
        return None
    return 100 * (share.records - share.amiss) < alert.threshold * share.records


def tell_of_crossings() -> None:
    """Hold each alert against the latest figures; tell once when its line is crossed and once when
    the figure is back, not each night in between."""
    for alert in QualityAlert.objects.filter(active=True).order_by("pk").select_for_update():
        measure = measure_of(alert)
        kept = QualityFigures.objects.filter(entity=alert.entity, by="")
        latest = kept.order_by("-day").first()
        if measure is None or latest is None:
            continue
        share = share_of(measure, latest.records, latest.counts)
        crossed = is_crossed(alert, share) if share is not None else None
        if share is None or crossed is None or crossed == (alert.crossed_at is not None):
            continue
        alert.crossed_at = now() if crossed else None
        alert.save(update_fields=["crossed_at"])
        _tell(alert, measure, share, crossed=crossed)


def _tell(alert: QualityAlert, measure: Measure, share: Share, *, crossed: bool) -> None:
    for user in User.objects.filter(pk__in=alert.tells).order_by("pk"):
        if not may_hear(user, alert):
            continue
        with translation.override(user.language or translation.get_language() or "en"):
            what, amount = title_of(alert), amount_text(alert, share)
        notify(
            user,
            CROSSED if crossed else RECOVERED,
            params={"what": what, "now": amount},
            url=f"/quality/figure?of={find(alert.entity).path}&what={measure.name}",  # type: ignore[union-attr]
            kind="quality",
        )


def amount_text(alert: QualityAlert, share: Share) -> str:
    """The figure in the unit of the alert's line."""
    if alert.line == QualityAlert.Line.ABOVE or share.good is None:
        return number_text(share.amiss)
    return percent_text(share.good)


def may_hear(user: User, alert: QualityAlert) -> bool:
    """Whether a person may see such records, and the fields that the figure tells of."""
    entity = find(alert.entity)
    if entity is None or not user.is_active or rights_of(user).scope(entity.key) is Scope.NONE:
        return False
    return alert.measure in measures_of(entity, user)
