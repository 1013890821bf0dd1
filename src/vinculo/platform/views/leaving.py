"""The page for a colleague who leaves."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from vinculo.platform.leaving.actions import begin_hand_over, close_account
from vinculo.platform.leaving.forms import LeaveForm
from vinculo.platform.leaving.owned import LOOKED_BACK, summed
from vinculo.platform.models import ChangeSet, User
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    show,
    signed_in,
    submit,
)

MOST_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def leave(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close the account, hand over the records, look at what was opened and taken away."""
    actor = signed_in(request)
    person: User = found(User.objects.visible_to(actor).filter(pk=user_id).first())
    form = LeaveForm(request.POST or None, user=person)
    if request.method == "POST":
        ok, handed = submit(form, lambda: _leave(actor, person, form))
        if ok:
            return done(request, request.path, _said(handed))
        person.refresh_from_db()
    context = {
        "form": form,
        "person": person,
        "accesses": summed(person),
        "days": LOOKED_BACK.days,
        "handed": _handed(actor, person),
        "oneself": person.pk == actor.pk,
    }
    return show(request, "platform/leave.html", "users", context, 422 if form.errors else 200)


def _handed(actor: User, person: User) -> list[ChangeSet]:
    """What has been handed over so far, the latest first."""
    made = ChangeSet.objects.visible_to(actor).filter(verb="platform.hand_over", label=person.name)
    return list(made.order_by("-pk")[:MOST_SHOWN])


@transaction.atomic
def _leave(actor: User, person: User, form: LeaveForm) -> int | None:
    """Both or neither: a refused successor leaves the account open, too."""
    if person.is_active:
        close_account(actor=actor, user=person)
    return begin_hand_over(actor=actor, user=person, successors=form.successors())


def _said(handed: int | None) -> str:
    if handed is None:
        return _(
            "The account is closed. A worker hands over the records; you are told when it is done."
        )
    return ngettext(
        "The account is closed and %(n)s record was handed over.",
        "The account is closed and %(n)s records were handed over.",
        handed,
    ) % {"n": handed}
