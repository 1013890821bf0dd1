"""The settings page from which the demo company is taken away."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from vinculo.demo import removing
from vinculo.demo.actions import remove_demo
from vinculo.parties.models import Company
from vinculo.platform import installation
from vinculo.platform.firststeps import first_admin_link
from vinculo.platform.views.common import for_administrators, show, signed_in


@for_administrators
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """What the demo company holds, and the button that removes it."""
    user = signed_in(request)
    context = {
        "is_there": removing.is_there(),
        "companies": Company.objects.visible_to(user).count(),
    }
    return show(request, "demo/settings.html", "demo", context)


@for_administrators
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Remove it; the visitor goes on as the first administrator of a real installation."""
    remove_demo(actor=signed_in(request))
    installation.become_real()
    logout(request)
    return HttpResponseRedirect(first_admin_link() or "/accounts/login/")
