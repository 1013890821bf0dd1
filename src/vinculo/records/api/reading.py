"""What can be read of a record type: pages of its list, one record, its history."""

import hashlib
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext

from vinculo.platform import journal
from vinculo.platform.access import require
from vinculo.platform.access_events import note_list, note_record
from vinculo.records import lists
from vinculo.records.api.errors import (
    ApiError,
    Problem,
    invalid,
    json_response,
    not_found,
    to_json,
)
from vinculo.records.api.values import (
    BASE,
    HIDDEN,
    LARGEST_ID,
    api_url,
    linked,
    plain,
    raw_path,
    raw_row,
    represent,
    unknown,
)
from vinculo.records.entity import Entity
from vinculo.records.fields import Field
from vinculo.records.history import Altered, Entry, told_history
from vinculo.records.merged import kept_instead_of
from vinculo.records.saved.shelf import within_view
from vinculo.records.views.common import Request

#: Parameters of a list beside its filters, which have a dot in their name.
LIST_PARAMETERS = ("q", "view", "sort", "limit", "after", "before", "fields", "count")


def list_records(request: Request, entity: Entity) -> HttpResponse:
    """One page of the records that match, and where the next and the previous page are."""
    require(request.user, entity.key, "view")
    known_parameters(request, LIST_PARAMETERS, filters=True)
    fields = chosen_fields(request, entity, in_lists=True)
    state = lists.parse_list(entity, request.user, request.GET)
    one_way(request)
    if "view" in request.GET:
        ordered = bool(request.GET.get("sort", ""))
        state = within_view(state, request.GET["view"], ordered=ordered)
    state = replace(state, columns=tuple(fields))
    page = _page(state, fields)
    answer: dict[str, Any] = {
        "data": represent(entity, request.user, fields, page.records),
        "next": page_url(request, entity.path, "after", page.next),
        "previous": page_url(request, entity.path, "before", page.previous),
    }
    note_list(request.user, "api_list", entity.key, len(page.records), request.META["QUERY_STRING"])
    if request.GET.get("count", "") not in ("", "0"):
        counted = lists.count_of(state)
        answer["count"] = {"number": counted.number, "exact": counted.exact}
    return json_response(answer)


def one_way(request: Request) -> None:
    """422 for a page that is both after one place and before another."""
    if request.GET.get("after", "") and request.GET.get("before", ""):
        message = gettext("Use either “after” or “before”, not both.")
        raise invalid([Problem("after", message), Problem("before", message)])


def _page(state: lists.ListState, fields: list[Field]) -> lists.Page:
    paths = [raw_path(field) for field in fields]
    # The values of the order go along for the cursor; a query takes each column once.
    keys = [key.path for key in lists.keys_of(state)]
    taken = list(dict.fromkeys(["pk", *paths, *keys]))
    places = [*(taken.index(key) for key in keys), 0]
    return lists.cut(
        state,
        lambda rows: rows.values_list(*taken),
        lambda row: [row[place] for place in places],
    )


def known_parameters(request: Request, known: tuple[str, ...], *, filters: bool = False) -> None:
    """422 for others: a misspelt parameter that was ignored would answer with rows nobody asked for."""
    message = gettext("There is no parameter called “%(name)s” here.")
    strange = [
        Problem(name[:60], message % {"name": name[:60]})
        for name in request.GET
        if name not in known and not (filters and "." in name)
    ]
    if strange:
        raise invalid(strange)


def page_url(request: Request, path: str, name: str, cursor: str) -> str | None:
    """The address of another page of the list that was asked for; None where there is none."""
    if not cursor:
        return None
    query = request.GET.copy()
    for other in ("after", "before"):
        query.pop(other, None)
    query[name] = cursor
    return f"{BASE}/{path}?{query.urlencode()}"


def chosen_fields(request: Request, entity: Entity, *, in_lists: bool = False) -> list[Field]:
    """The fields in `fields=a,b`, or all that the caller may see; in lists only stored ones,
    because a value that is looked up record by record would make a page two hundred questions."""
    seen = {
        field.name: field
        for field in entity.fields_for(request.user)
        if field.column or not in_lists
    }
    chosen = ",".join(request.GET.getlist("fields"))
    names = [name.strip() for name in chosen.split(",") if name.strip()]
    if not names:
        return list(seen.values())
    strange = [Problem("fields", unknown(name)) for name in names if name not in seen]
    if strange:
        raise invalid(strange[:20])
    return [seen[name] for name in dict.fromkeys(names)]


def read_record(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """One record; 304 when the caller has it already, 302 where it was merged into another."""
    require(request.user, entity.key, "view")
    known_parameters(request, ("fields",))
    fields = chosen_fields(request, entity)
    try:
        data, tag = current(request, entity, pk, fields)
    except ApiError:
        kept = kept_instead_of(entity.key, _id(pk))
        if kept is None or not entity.visible(request.user).filter(pk=kept).exists():
            raise
        message = gettext("This record was merged into another one.")
        leads_to = {"Location": api_url(entity, kept)}
        raise ApiError(302, "merged", message, headers=leads_to) from None
    note_record(request.user, "api", entity.key, pk)
    return told_once(request, data, tag)


def told_once(request: Request, data: dict[str, Any], tag: str) -> HttpResponse:
    """What was asked for, or 304 when the caller has it already."""
    if _matches(request.headers.get("If-None-Match", ""), tag):
        response = HttpResponse(status=304)
    else:
        response = json_response({"data": data})
    response["ETag"] = tag
    return response


def current(
    request: Request, entity: Entity, pk: int, fields: list[Field]
) -> tuple[dict[str, Any], str]:
    """A record as the caller may see it now, with its entity tag; 404 through the one door."""
    # The number of the last change in the same question: a tag that is too new would let the
    # caller overwrite what they have not seen.
    change = journal.last_change_column(entity.model._meta.db_table, _id(pk))
    found = entity.visible(request.user).filter(pk=pk).annotate(last_change_id=change)[:1]
    record = next(iter(found), None)
    if record is None:
        raise not_found()
    data = represent(entity, request.user, fields, [raw_row(record, fields)])[0]
    return data, tag_of(record, record.last_change_id or 0, data)


def tag_of(record: Any, last: int, data: dict[str, Any]) -> str:
    """The entity tag of a record as `data` shows it: the state it is in, and how it looks."""
    looks = hashlib.sha256(to_json(data)).hexdigest()[:12]
    return f'"{version(record, last)}-{looks}"'


def version(record: Any, last: int) -> str:
    """What a record's own state is called: its last change, and when its parts last changed
    (a new phone number is a change of another table, but touches the record)."""
    touched = getattr(record, "updated_at", None)
    micros = int(touched.timestamp() * 1_000_000) if touched else 0
    return f"{last:x}-{micros:x}"


def _id(pk: int) -> int:
    if pk > LARGEST_ID:
        raise not_found()
    return pk


def _matches(header: str, tag: str) -> bool:
    told = parse_etags(header)
    return "*" in told or tag in [one.removeprefix("W/") for one in told]


def same_version(header: str, record: Any, last: int) -> bool:
    """Whether an `If-Match` header names the state the record is in: the same record read with
    other fields has another tag but the same state."""
    told = parse_etags(header)
    return "*" in told or any(one.startswith(f'"{version(record, last)}-') for one in told)


def find_record(request: Request, entity: Entity, pk: int) -> Any:
    """The record through the one door; 404 for what the caller may not know of."""
    require(request.user, entity.key, "view")
    rows = lists.narrow(entity.visible(request.user), [], entity, None)
    record = rows.filter(pk=_id(pk)).first()
    if record is None:
        raise not_found()
    return record


# --- history -----------------------------------------------------------------------------------


def read_history(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """Who changed what, the newest first: at most the last two hundred changes."""
    known_parameters(request, ())
    record = find_record(request, entity, pk)
    note_record(request.user, "history", entity.key, pk)
    told = told_history(entity, record, request.user)
    untold = [
        {
            "field": one.field.name,
            "label": str(one.field.label),
            "since": one.since.isoformat() if one.since else None,
        }
        for one in told.untold
    ]
    return json_response(
        {"data": [_entry(request, entry) for entry in told.entries], "untold": untold}
    )


def _entry(request: Request, entry: Entry) -> dict[str, Any]:
    made = entry.change_set
    actor = made.actor
    return {
        "change_set": made.pk,
        "at": entry.at.isoformat(),
        "by": {"id": actor.pk, "name": str(actor), "url": None} if actor else None,
        "verb": made.verb,
        "label": str(entry.label),
        "via": made.via,
        "created": entry.created,
        "undoable": entry.undoable,
        "changes": [_altered(request, altered) for altered in entry.altered],
        "parts": [
            {"kind": str(kind), "what": PARTS.get(how, how), "words": words}
            for kind, how, words in entry.parts
        ],
        "about": [{"kind": str(kind), "name": name, "url": url} for kind, name, url in entry.about],
    }


PARTS = {"I": "added", "U": "changed", "D": "removed"}


def _altered(request: Request, altered: Altered) -> dict[str, Any]:
    item = altered.item
    return {
        "field": item.name,
        "label": str(altered.label),
        "old": _journalled(request, item, altered.was),
        "new": _journalled(request, item, altered.became),
    }


def _journalled(request: Request, item: Field, value: Any) -> Any:
    if value is None or not item.is_reference:
        return plain(value)
    return linked(item, [value], request.user).get(value, HIDDEN)
