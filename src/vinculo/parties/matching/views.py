"""The page of possible duplicates: look for them, compare and merge, or say that they are none."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from vinculo.kernel.errors import NotAllowed, NotFound, _
from vinculo.kernel.ids import row_id
from vinculo.parties.matching import actions, queries
from vinculo.parties.matching.finding import KINDS
from vinculo.parties.matching.scoring import LEAST
from vinculo.parties.models import Party
from vinculo.platform import journal
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.records.views.common import Request, moved_to, toast, told

#: How sure the groups shown are at least, in percent.
THRESHOLDS = (int(LEAST * 100), 75, 90, 99)
USUAL = 90


@login_required
@require_safe
def duplicates(request: Request) -> HttpResponse:
    """Groups of records that may be one customer, the surest first."""
    kinds = _kinds(request.user)
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else kinds[0]
    least = _least(request.GET.get("least", ""))
    page = min(row_id(request.GET.get("page", "")) or 1, 5_000)
    found, more = queries.clusters(request.user, kind, least, page)
    context: dict[str, Any] = {
        "kinds": [(one, entity(f"parties.{one}")) for one in kinds],
        "kind": kind,
        "entity": entity(f"parties.{kind}"),
        "least": least,
        "thresholds": THRESHOLDS,
        "clusters": [_shown(request.user, kind, cluster) for cluster in found],
        "count": queries.count_of(request.user, kind, least),
        "page": page,
        "more": more,
        "search": queries.latest_search(kind),
        "may_find": rights_of(request.user).may("parties.find_duplicates"),
        "may_merge": rights_of(request.user).scope(f"parties.{kind}", "delete") is not Scope.NONE,
        "working": queries.search_under_way(),
    }
    return render(request, "parties/matching/page.html", context)


@login_required
@require_POST
def find(request: Request) -> HttpResponse:
    """Begin a search."""
    actions.find_duplicates(actor=request.user)
    if not request.htmx:
        return redirect(actions.PAGE)
    return told(moved_to(actions.PAGE), toast=toast(gettext("Looking for duplicates …")))


@login_required
@require_POST
def different(request: Request) -> HttpResponse:
    """These are not the same customer."""
    ids = [number for text in request.POST.getlist("ids")[:50] if (number := row_id(text))]
    parties = list(Party.objects.filter(pk__among=ids).visible_to(request.user))
    if len(parties) < len(set(ids)):
        raise NotFound(_("There is no such record, or you may not see it."))
    with journal.change_set(actor=request.user, verb="parties.say_different") as opened:
        actions.say_different(actor=request.user, parties=parties)
    back = _back(request)
    if not request.htmx:
        return redirect(back)
    done = toast(gettext("Noted: different customers."), undo=opened.id)
    return told(moved_to(back), toast=done)


@login_required
@require_POST
def merge_all(request: Request) -> HttpResponse:
    """Merge every group above the threshold, as a job."""
    kind = request.POST.get("kind", "")
    if kind not in _kinds(request.user):
        raise NotFound(_("There is no such record, or you may not see it."))
    least = _least(request.POST.get("least", ""))
    work = actions.start_merging(actor=request.user, kind=kind, least=least)
    said = (
        ngettext("%(n)s group is being merged …", "%(n)s groups are being merged …", work.total)
        % {"n": work.total}
        if work
        else gettext("There is nothing here that you may merge.")
    )
    if not request.htmx:
        return redirect(_back(request))
    return told(moved_to(_back(request)), toast=toast(said, level="success" if work else "info"))


def _kinds(user: User) -> list[str]:
    """The record types that the reader may look through."""
    rights = rights_of(user)
    kinds = [one for one in KINDS if rights.scope(f"parties.{one}", "edit") is not Scope.NONE]
    if not kinds:
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
    return kinds


def _least(text: str) -> int:
    return int(text) if text.isdigit() and int(text) in THRESHOLDS else USUAL


def _back(request: Request) -> str:
    kind, least = request.POST.get("kind", ""), _least(request.POST.get("least", ""))
    return f"{actions.PAGE}?kind={kind}&least={least}" if kind in KINDS else actions.PAGE


def _shown(user: User, kind: str, cluster: queries.Cluster) -> dict[str, Any]:
    """A group with what speaks for and against it, of the fields that the reader sees."""
    rights = rights_of(user)
    key = f"parties.{kind}"
    fields = {"place": "city", "street": "street"}
    levels = [
        (label, level)
        for name, level in cluster.levels.items()
        if rights.field_rule(key, fields.get(name, name)) != "hidden"
        and (label := _word(name, level))
    ]
    hidden = {
        name for name in ("phone", "email", "city") if rights.field_rule(key, name) == "hidden"
    }
    return {
        "number": cluster.number,
        "score": cluster.score,
        "parties": cluster.parties,
        "levels": levels,
        "hidden": hidden,
        "query": "&".join(f"ids={party.pk}" for party in cluster.parties),
    }


def _word(field: str, level: str) -> str:
    """How far records agree in a field, in words; "" for what is not worth a word."""
    words: dict[tuple[str, str], str] = {
        ("name", "same"): pgettext("duplicates", "same name"),
        ("name", "other_name"): gettext("same name in another script"),
        ("name", "similar"): gettext("similar name"),
        ("name", "one_part"): gettext("one part of the name"),
        ("name", "alike"): gettext("name looks alike"),
        ("name", "differs"): gettext("different name"),
        ("tax_id", "same"): pgettext("duplicates", "same tax id"),
        ("tax_id", "similar"): gettext("similar tax id"),
        ("tax_id", "differs"): gettext("different tax id"),
        ("birthday", "same"): gettext("same birthday"),
        ("birthday", "similar"): gettext("similar birthday"),
        ("birthday", "differs"): gettext("different birthday"),
        ("email", "same"): pgettext("duplicates", "same e-mail"),
        ("email", "differs"): gettext("different e-mail"),
        ("phone", "same"): pgettext("duplicates", "same phone"),
        ("phone", "differs"): gettext("different phone"),
        ("website", "same"): gettext("same website"),
        ("website", "differs"): gettext("different website"),
        ("street", "same"): gettext("same street"),
        ("street", "similar"): gettext("similar street"),
        ("place", "same"): gettext("same place"),
        ("place", "similar"): gettext("same town or postal code"),
        ("place", "differs"): gettext("different town"),
    }
    return words.get((field, level), "")
