"""One row of everything, all of it the owner's: what others must not reach by any address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.personas import People
from tests.routes import Route
from tests.samples import make_sample
from vinculo.interactions.actions import attach_file
from vinculo.interactions.composer import KINDS
from vinculo.kernel.clock import now
from vinculo.parties.confirming.links import ask_to_confirm
from vinculo.parties.confirming.models import Proposal
from vinculo.parties.models import ContactPoint, Relation
from vinculo.platform.actions import actions
from vinculo.platform.journal import change_set
from vinculo.platform.models import ApiKey, ChangeSet, Notification, User, Work
from vinculo.platform.types import table_models
from vinculo.records.entity import Entity
from vinculo.records.registry import entities
from vinculo.records.saved.actions import keep_favourite, save_view
from vinculo.records.saved.models import SavedView
from vinculo.records.transfer.models import Import, ImportMapping
from vinculo.sales.quotes.offering.models import QuoteLink

#: No text of any page holds it by chance, and no search finds it but on purpose.
SECRET = "Zanzibarquill"
#: Changes with every request, whoever asks.
NOT_WATCHED = {"platform_changeset", "platform_change"}


@dataclass
class Theirs:
    """The owner's rows, by record type and by what an address calls them."""

    owner: User
    records: dict[str, Any]
    others: dict[str, Any] = field(default_factory=dict)

    def fillings(self, route: Route) -> list[dict[str, Any]]:
        """Values that lead to the owner's rows."""
        if route.key:
            record = self.records[route.key]
            names = [""]
            if "field/<slug:name>" in route.pattern:
                fields = _entity(route.key).all_fields.values()
                names = [one.name for one in fields if one.editable]
            elif "do/<str:name>" in route.pattern:
                names = [one.name for one in actions().values() if route.key in one.on]
            view_id = self.others.get(f"view of {route.key}", 1)
            named = [{"pk": record.pk, "name": name} for name in names or ["none.such"]]
            return [{**values, "view_id": view_id} for values in named]
        room = route.pattern.split("/")[0]
        values = dict(self.others)
        values["pk"] = self.others.get(room, self.records["parties.company"].pk)
        if "compose" in route.pattern:
            return [{**values, "name": kind.name} for kind in KINDS]
        if route.pattern == "api/v1/do/<str:name>":
            return [{"name": entry.name} for entry in actions().values()]
        return [values]


def _entity(key: str) -> Any:
    return next(one for one in entities() if one.key == key)


def make_theirs(people: People) -> Theirs:
    """One row of everything for `people.owner`."""
    owner = people.owner
    found = {one.key: make_sample(one, owner, SECRET) for one in entities()}
    company, person = found["parties.company"], found["parties.person"]
    with change_set(actor=owner, verb="records.edit", label=SECRET) as opened:
        number = "+34 555 1234"
        point = ContactPoint.objects.create(
            party_id=company.pk, kind="phone", typed=number, value=number
        )
        relation = Relation.objects.create(person_id=person.pk, company_id=company.pk, role=SECRET)
        file = attach_file(
            actor=owner,
            party=company,
            upload=SimpleUploadedFile(f"{SECRET}.txt", b"secret"),
        )
        asked = ask_to_confirm(actor=owner, party=company)
        offered = QuoteLink.objects.create(
            quote_id=found["sales.quote"].pk, digest="0" * 64, made_at=now(), made_by=owner
        )
        corrected = {"name": {"old": SECRET, "new": f"{SECRET} Ltd", "state": "open"}}
        proposal = Proposal.objects.create(party_id=company.pk, at=now(), values=corrected)
    views = {f"view of {one.key}": a_view(one, owner).pk for one in entities()}
    notification = Notification.objects.create(user=owner, at=now(), message=SECRET, url="/my-day")
    work = Work.objects.create(user=owner, kind="test", label=SECRET)
    client = Client()
    client.force_login(owner)
    table = SimpleUploadedFile(f"{SECRET}.csv", f"name\n{SECRET} import\n".encode())
    client.post("/import/", {"as": "parties.company", "file": table})
    mapping = ImportMapping.objects.create(
        owner=owner, entity="parties.company", name=SECRET, settings={"columns": {"name": "name"}}
    )
    others = {
        **views,
        "contacts": point.pk,
        "relations": relation.pk,
        "parties": company.pk,
        "timeline": company.pk,
        "confirm-links": asked.link.pk,
        "quote-links": offered.pk,
        "proposed": proposal.pk,
        "import": Import.objects.latest("pk").pk,
        "mapping": mapping.pk,
        "token": file.token,
        "notification_id": notification.pk,
        "work_id": work.pk,
        "changeset_id": opened.id,
        "user_id": owner.pk,
        "team_id": people.north.pk,
        "role_id": owner.role_assignments.get().role_id,
        "session_id": _session_of(client),
    }
    key = ApiKey.objects.filter(user=owner).first()
    if key is not None:
        others["key_id"] = key.pk
    return Theirs(owner, found, others)


def a_view(entity: Entity, owner: User) -> SavedView:
    """A private view of a list, kept among the owner's favourites."""
    view = save_view(actor=owner, entity=entity, name=SECRET, query="sort=-created_at")
    keep_favourite(actor=owner, entity=entity, view=view)
    return view


def _session_of(client: Client) -> int:
    from allauth.usersessions.models import UserSession

    client.get("/settings/security")
    session = UserSession.objects.filter(user_id=client.session["_auth_user_id"]).first()
    return session.pk if session else 1


def contents() -> dict[str, int]:
    """How much every table holds and a digest of it: equal before and after what is refused."""
    found = {}
    with connection.cursor() as cursor:
        for table in table_models():
            if table not in NOT_WATCHED:
                cursor.execute(
                    f'SELECT coalesce(sum(hashtextextended(t::text, 0)), 0) FROM "{table}" t'
                )
                found[table] = cursor.fetchone()[0]
    found["changes"] = ChangeSet.objects.count()
    return found


def signed_in(user: User, *, careful: bool = False) -> Client:
    """A session of `user`; `careful` checks form tokens as the real server does."""
    client = Client(enforce_csrf_checks=careful, raise_request_exception=False)
    client.force_login(user)
    return client
