"""Settings → Modules: what runs in this installation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from vinculo.kernel.errors import DomainError
from vinculo.platform.modules.declared import Module, modules, needed_by
from vinculo.platform.modules.known import is_on
from vinculo.platform.modules.switching import switch_module
from vinculo.platform.refusals import sentence, status_of
from vinculo.platform.views.common import done, for_administrators, found, show, signed_in

ACTIVE = "modules"
BASE = "/settings/modules"


@for_administrators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every module, on or off, and what it hangs on."""
    context = {"modules": [_told(one) for one in modules().values()]}
    return show(request, "platform/modules.html", ACTIVE, context)


def _told(module: Module) -> dict[str, Any]:
    on = is_on(module.name)
    return {
        "module": module,
        "on": on,
        "needs": [modules()[name].label for name in module.needs],
        "missing": []
        if on
        else [modules()[name].label for name in module.needs if not is_on(name)],
        "wanting": [one.label for one in needed_by(module.name) if is_on(one.name)] if on else [],
    }


@for_administrators
@require_POST
def switch(request: HttpRequest, name: str) -> HttpResponse:
    """On or off."""
    module: Module = found(modules().get(name))
    on = request.POST.get("on") == "1"
    try:
        switch_module(actor=signed_in(request), name=name, on=on)
    except DomainError as refusal:
        if status_of(refusal) in (403, 404):
            raise
        messages.error(request, sentence(refusal))
        return HttpResponseRedirect(BASE)
    said = gettext("“%(name)s” is on.") if on else gettext("“%(name)s” is off. Its data stays.")
    return done(request, BASE, said % {"name": module.label})
