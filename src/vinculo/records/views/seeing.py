"""Who can see this record, and why; and why oneself may do no more with it."""

from typing import Any

from django.http import HttpResponse

from vinculo.platform.access import VERBS
from vinculo.platform.sight import Seer, who_can_see
from vinculo.records.entity import Entity
from vinculo.records.views.common import Request, dialog_or_page, entity_view, get_record, may


@entity_view()
def who(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """Everybody who can see the record, by which role, team or duty."""
    record = get_record(request, entity, pk)
    names = {name: field.label or name for name, field in entity.all_fields.items()}
    seers = who_can_see(record, entity.key)
    context: dict[str, Any] = {
        "entity": entity,
        "heading": entity.title_of(record),
        "seers": [(seer, _hidden(seer, names)) for seer in seers],
        "count": len(seers),
        "mine": {verb: may(request, entity, record, verb) for verb in VERBS if verb != "add"},
        "url": entity.url(record),
    }
    return dialog_or_page(request, "records/who.html", context)


def _hidden(seer: Seer, names: dict[str, Any]) -> list[Any]:
    """The labels of the fields that this colleague does not see."""
    return sorted(str(names[name]) for name in seer.hidden if name in names)
