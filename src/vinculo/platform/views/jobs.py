"""Settings → Jobs: the work of all workers, for administrators."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vinculo.kernel.ids import row_id
from vinculo.platform.job_list import (
    STATES,
    cancel_queued_job,
    job_counts,
    job_lines,
    retry_job,
)
from vinculo.platform.views.common import done, for_administrators, show, signed_in


@require_safe
@for_administrators
def jobs(request: HttpRequest) -> HttpResponse:
    """What waits, runs and failed; `state` and `q` narrow it."""
    user = signed_in(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    name = request.GET.get("q", "")
    lines, after = job_lines(
        user, state=state, name=name, before=row_id(request.GET.get("before", ""))
    )
    counts = job_counts(user)
    kept = {key: value for key, value in (("state", state), ("q", name)) if value}
    context = {
        "lines": lines,
        "state": state,
        "q": name,
        "all": sum(counts.values()),
        "tabs": [(key, STATES[key][1], counts[key]) for key in STATES],
        "next_url": f"/settings/jobs?{urlencode({**kept, 'before': after})}" if after else "",
        "here": f"/settings/jobs?{urlencode(kept)}" if kept else "/settings/jobs",
        "first_page": "before" not in request.GET,
    }
    return show(request, "platform/jobs.html", "jobs", context)


@require_POST
@for_administrators
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Try a failed job again."""
    retry_job(actor=signed_in(request), job_id=job_id)
    return done(request, "/settings/jobs", _("It is tried again."))


@require_POST
@for_administrators
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Take a job out of the queue or ask it to stop."""
    cancel_queued_job(actor=signed_in(request), job_id=job_id)
    return done(request, "/settings/jobs", _("The job is cancelled, or stops at its next step."))
