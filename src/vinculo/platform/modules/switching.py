"""Switching a module: an administrator's action, in the journal, with undo. Its data stays."""

from django.utils.translation import gettext_lazy

from vinculo.kernel.errors import Conflict, NotFound, _
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only, hold_rights
from vinculo.platform.models import ModuleSwitch, User
from vinculo.platform.models.custom import new_stamp
from vinculo.platform.modules.declared import Module, modules, needed_by
from vinculo.platform.modules.known import forget


@action("platform.switch_module", label=gettext_lazy("Switch a module"), granted=False)
def switch_module(*, actor: User, name: str, on: bool) -> None:
    """Switch a module on or off; nothing of its data is touched."""
    administrators_only(actor)
    hold_rights()
    module = modules().get(name)
    if module is None:
        raise NotFound(_("This is no longer there, or you may not see it."))
    switches = {one.name: one for one in ModuleSwitch.objects.all()}
    running = {each for each in modules() if each not in switches or switches[each].on}
    wanting = [one for one in needed_by(name) if one.name in running]
    missing = [modules()[need] for need in module.needs if need not in running]
    if not on and wanting:
        message = _("“%(other)s” cannot run without “%(name)s”. Switch it off first.")
        raise Conflict(message, name=module.label, other=_told(wanting))
    if on and missing:
        message = _("“%(name)s” cannot run without “%(other)s”. Switch it on first.")
        raise Conflict(message, name=module.label, other=_told(missing))
    switch = switches.get(name) or ModuleSwitch(name=name)
    switch.on, switch.stamp = on, new_stamp()
    switch.save()
    journal.relabel(str(module.label))
    forget()


def _told(some: list[Module]) -> str:
    return ", ".join(str(one.label) for one in some)
