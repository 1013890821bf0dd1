"""The verbs of the demo company: make it, take it away."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from vinculo.demo import making, removing
from vinculo.demo.staff import COMPANY, make_staff
from vinculo.kernel.errors import Conflict, NotAllowed, _
from vinculo.parties.models import Party
from vinculo.platform import installation, journal
from vinculo.platform.access import rights_of
from vinculo.platform.actions import action
from vinculo.platform.models import User

SEED = 1


@action(removing.MADE, label=gettext_lazy("Make the demo company"), icon="sparkles", granted=False)
def create_demo(*, actor: User | None, scale: str = "small", seed: int = SEED) -> None:
    """Make Aurora Trading in an installation that is a demo or still empty.

    Raises NotAllowed where real records are, Conflict where the company is already.
    """
    if actor is not None and not rights_of(actor).administrator:
        raise NotAllowed(_("Only an administrator can do this."))
    if removing.is_there():
        raise Conflict(_("The demo company is here already. Remove it first."))
    if not installation.is_demo() and Party.objects.exists():
        raise NotAllowed(
            _(
                "This installation holds real records: the demo company is only made in an empty one."
            )
        )
    journal.relabel(COMPANY)
    making.fill(make_staff(), making.SCALES[scale], seed)


@action(
    removing.REMOVED,
    label=gettext_lazy("Remove the demo company"),
    icon="trash-2",
    granted=False,
    confirm=gettext_lazy("Everything of the demo company goes, with what was added to it."),
)
def remove_demo(*, actor: User | None) -> None:
    """Take Aurora Trading away with everything that hangs on it; other records stay.

    Personas who did something stay in the journal but can no longer sign in. The installation is
    a real one afterwards. Raises Conflict when there is no demo company.
    """
    if actor is not None and not rights_of(actor).administrator:
        raise NotAllowed(_("Only an administrator can do this."))
    if not removing.is_there():
        raise Conflict(_("There is no demo company here."))
    journal.relabel(COMPANY)
    removing.remove_rows()
