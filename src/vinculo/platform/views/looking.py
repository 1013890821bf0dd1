"""Beginning and ending to look through a colleague's eyes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vinculo.kernel.errors import DomainError
from vinculo.platform.models import User
from vinculo.platform.refusals import sentence
from vinculo.platform.viewing_as import begin, end, end_view_as, view_as
from vinculo.platform.views.common import for_administrators, found, signed_in


@require_POST
@for_administrators
def begin_view_as(request: HttpRequest, user_id: int) -> HttpResponse:
    """Look as this colleague from now on."""
    person = found(User.objects.visible_to(request.user).filter(pk=user_id).first())
    try:
        until = view_as(actor=signed_in(request), user=person)
    except DomainError as refusal:
        messages.error(request, sentence(refusal))
        return HttpResponseRedirect(f"/settings/users/{user_id}")
    begin(request, person, until)
    return HttpResponseRedirect("/")


@login_required
@require_POST
def end_viewing_as(request: HttpRequest) -> HttpResponse:
    """Look with one's own eyes again."""
    person = end(request)
    if person is None:
        return HttpResponseRedirect("/")
    end_view_as(actor=signed_in(request), user=person)
    messages.success(request, _("You see with your own eyes again."))
    return HttpResponseRedirect(f"/settings/users/{person.pk}")
