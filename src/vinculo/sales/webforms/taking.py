"""A stranger sends a web form in: a lead and what they consented to, once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import _
from vinculo.parties.choices import Language, Source
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.events import emit
from vinculo.platform.models import User
from vinculo.platform.notifications import notify
from vinculo.records.writing import check_values
from vinculo.sales.leads.models import Channel, Lead
from vinculo.sales.leads.rules import complete, refresh
from vinculo.sales.webforms.asking import OFFERED
from vinculo.sales.webforms.models import Submission, WebForm

#: The same sent once more within so long is a second click.
AGAIN = timedelta(minutes=10)
LOCK = "SELECT pg_advisory_xact_lock(hashtext('vinculo.web_form.' || %s))"


@action("sales.take_submission", label=_t("A web form was sent in"), granted=False)
def take_submission(
    *,
    actor: User | None,
    form: WebForm,
    values: Mapping[str, Any],
    utm: Mapping[str, str],
    consent: str,
    address: str,
    language: str = "",
) -> Lead | None:
    """Make a lead of what a stranger has filled in; None where the same came just before.

    Only what the form asks is taken of `values`; source, campaign and whose the lead is are the
    form's. `consent` is the text that was ticked, "" for none; `language` the one in which it was
    filled in. Raises DomainError for a value that cannot be, and then has written nothing.
    """
    told = {name: values[name] for name in OFFERED if name in form.fields and values.get(name)}
    digest = _digest(form, told)
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [digest])
    at = now()
    if Submission.objects.filter(form=form, digest=digest, at__gte=at - AGAIN).exists():
        return None
    lead = _lead(form, told, utm, language)
    Submission.objects.create(
        form=form, lead=lead, at=at, address=address, digest=digest, consented=bool(consent),
        consent_version=form.consent_version if consent else None, consent_text=consent,
    )  # fmt: skip
    emit("sales.lead_created", {"lead": lead.pk, "form": form.pk})
    _tell_owner(form, lead)
    journal.relabel(lead.name)
    return lead


def _tell_owner(form: WebForm, lead: Lead) -> None:
    """Whoever the form's leads are for learns of each; of one for nobody, whom the rules choose."""
    if lead.owner is not None:
        notify(
            lead.owner,
            _("%(form)s was sent in: %(name)s"),
            params={"form": form.name, "name": lead.name},
            url=f"/leads/{lead.pk}",
            kind="webform",
            subject=lead,
        )


def _lead(form: WebForm, told: dict[str, Any], utm: Mapping[str, str], language: str) -> Lead:
    owner = form.owner if form.owner is not None and form.owner.is_active else None
    lead = Lead(
        source=form.source or Source.WEB,
        channel=Channel.FORM,
        campaign=form.campaign or utm.get("utm_campaign", ""),
        utm=dict(utm),
        language=language if language in Language.values else "",
        owner=owner,
        team_id=form.team_id or (owner.main_team_id() if owner is not None else None),
    )
    complete(lead, told)
    for name, value in told.items():
        setattr(lead, name, value)
    check_values(lead)
    lead.save()
    refresh([lead.pk])
    return lead


def _digest(form: WebForm, told: Mapping[str, Any]) -> str:
    text = json.dumps([form.pk, sorted((name, str(value)) for name, value in told.items())])
    return hashlib.sha256(text.encode()).hexdigest()
