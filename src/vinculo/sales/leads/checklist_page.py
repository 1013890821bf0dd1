"""Settings → Leads: the checklist by which they are qualified."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from vinculo.platform.clean_text import CleanText
from vinculo.platform.views.common import done, for_administrators, saved, show, signed_in, submit
from vinculo.sales.leads.checklist import save_criteria
from vinculo.sales.pipelines.known import known

PAGE = "/settings/leads"


class CriteriaForm(forms.Form):
    """The checklist, an entry in each line."""

    names = CleanText(
        label=_("Checklist"), many_lines=True, required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One entry in each line. An entry that stays keeps its ticks."),
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {"names": self.cleaned_data["names"].splitlines()}


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def criteria(request: HttpRequest) -> HttpResponse:
    """What every lead is asked."""
    user = signed_in(request)
    now = {"names": "\n".join(one.name for one in known().criteria)}
    form = CriteriaForm(request.POST or None, initial=now)
    if request.method == "POST":
        ok, _made = submit(form, lambda: save_criteria(actor=user, **form.values()))
        if ok:
            return done(request, PAGE, saved())
    status = 422 if form.is_bound else 200
    return show(request, "sales/leads/settings.html", "leads", {"form": form}, status)
