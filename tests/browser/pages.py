"""A company with everything in it, and the address of every page there is to look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.browser.conftest import work_off_jobs
from tests.personas import make_role
from tests.records.transfer.test_wizard import decisions
from tests.routes import Route, routes
from vinculo.demo.actions import create_demo
from vinculo.interactions.composer import KINDS
from vinculo.interactions.models import File
from vinculo.kernel.clock import now
from vinculo.parties.collisions.models import CollisionRule
from vinculo.parties.confirming.links import ask_to_confirm
from vinculo.parties.confirming.models import Proposal
from vinculo.parties.models import Company, ContactPoint, Relation
from vinculo.parties.standardising.models import StandardisingRun
from vinculo.platform.actions import actions
from vinculo.platform.firststeps import another_link
from vinculo.platform.journal import change_set
from vinculo.platform.models import ApiKey, CustomField, Role, RoleAssignment, Team, User
from vinculo.records.custom.actions import add_custom_field
from vinculo.records.custom.spelling import Wish
from vinculo.records.quality.models import QualityAlert
from vinculo.records.registry import entities, entity
from vinculo.records.saved.actions import keep_favourite, save_view
from vinculo.records.saved.models import SavedView
from vinculo.records.transfer.models import Import
from vinculo.records.writing import create_record
from vinculo.sales.around.actions import add_competitor
from vinculo.sales.assigning.actions import save_assign_rule
from vinculo.sales.assigning.models import AssignRule
from vinculo.sales.deals.actions import win_deal
from vinculo.sales.deals.lines import add_line as add_deal_line
from vinculo.sales.deals.models import CloseReason, DealLine
from vinculo.sales.leads.contacts.actions import add_lead_note, log_lead_call
from vinculo.sales.leads.models import Lead
from vinculo.sales.pipelines.models import Stage
from vinculo.sales.plans.actions import Step, save_plan
from vinculo.sales.plans.models import ActivityPlan
from vinculo.sales.pools.actions import change_pool, create_pool, save_recycle_rule
from vinculo.sales.pools.models import Pool
from vinculo.sales.quotes.actions import issue_quote
from vinculo.sales.quotes.lines import add_line
from vinculo.sales.quotes.offering.answering import comment_offer
from vinculo.sales.quotes.offering.links import make_quote_link
from vinculo.sales.scoring.points.actions import save_point_rule
from vinculo.sales.scoring.points.models import PointRule
from vinculo.sales.webforms.models import WebForm
from vinculo.sales.webforms.setting import Wish as FormWish
from vinculo.sales.webforms.setting import save_web_form

FILE = "name,city,email,phone\nAcme 株式会社,Bonn,info@acme.de,+49 228 1234\nBroken,Rome,none,\n"
#: Shown by a library that asks for the password again first, or sends elsewhere: not ours to look at.
NO_PAGES = ("accounts/3rdparty/", "accounts/social/", "accounts/oidc/")


@dataclass
class World:
    """The demo company, seen by somebody who may see all of it."""

    user: User
    welcome: str
    confirm: str
    offer: str

    @property
    def client(self) -> Client:
        """A session of that user outside of any browser."""
        client = Client()
        client.force_login(self.user)
        return client


def make_world() -> World:
    """The demo company, imports in each state, a key; and a role that may see all of it."""
    create_demo(actor=None)
    user = User.objects.get(email="ana.torres@aurora.example")
    RoleAssignment.objects.create(user=user, role=make_role("Sees all", "all"))
    user.forget_rights()
    with change_set(actor=user, verb="records.edit"):
        long = Company.objects.order_by("pk").first()
        assert long is not None
        Company.objects.filter(pk=long.pk).update(name=f"{'Donaudampfschifffahrts' * 5} 有限公司")
    world = World(user, welcome_link(), confirm_link(user, long), offer_link(user, long))
    bring_imports(world.client)
    world.client.post("/settings/standardising/preview", {"token": "world"})
    work_off_jobs()
    add_computed(user)
    sell(user, long)
    QualityAlert.objects.create(
        entity="parties.company", measure="doubt.phone_invalid", line="below", threshold=90,
        tells=[user.pk],
    )  # fmt: skip
    for one in entities():
        view = save_view(
            actor=user, entity=one, name=f"Newest {one.path}", query="sort=-created_at"
        )
        keep_favourite(actor=user, entity=one, view=view)
    return world


def sell(user: User, company: Company) -> None:
    """A product, and deals of a customer: stale and without a next step, and won in another currency."""
    goods = {"name": "Hochdruckpumpe 高压泵", "code": "HP-1", "price": 99, "currency": "USD"}
    pump = create_record(actor=user, entity=entity("products.product"), data=goods)
    prices = create_record(actor=user, entity=entity("products.pricelist"),
                           data={"name": "Großhandel 批发", "currency": "EUR", "company": company})  # fmt: skip
    create_record(actor=user, entity=entity("products.listedprice"), data={
        "price_list": prices, "product": pump, "from_quantity": 10, "price": Decimal("88.5"),
    })  # fmt: skip
    for name, currency in (("Donau 泵站 " * 12, "EUR"), ("Spare parts", "USD")):
        data = {"name": name, "company": company, "amount": 12_345, "currency": currency}
        deal = create_record(actor=user, entity=entity("sales.deal"), data=data)
    add_deal_line(actor=user, deal=deal, product=pump, description="Auf Paletten " * 9)
    add_deal_line(actor=user, deal=deal, name="Montage 安装", price=Decimal(780), unit="Tage")
    win_deal(actor=user, deal=deal)
    add_competitor(actor=user, deal=deal, name="Konkurrenz 竞争")
    create_record(actor=user, entity=entity("sales.lead"), data={
        "name": "Fragt nach Pumpen 询问水泵", "family_name": "Nováková", "source": "web",
    })  # fmt: skip
    chief = RoleAssignment.objects.filter(role__administrator=True)[0].user
    asked = {"family_name": "asked", "email": "required", "notes": "asked"}
    consent = {"de": "", "en": "You may write to me about this.", "zh-hans": "同意"}
    save_web_form(
        actor=chief,
        wish=FormWish("Kontakt 联系", "en", asked, consent=consent, sites=("https://a.example",)),
    )
    save_plan(actor=chief, name="New customer", steps=[Step("Send the offer", 3)])
    open_pool(chief, user)


def open_pool(chief: User, user: User) -> None:
    """A pool in which something lies, with a rule by which more comes."""
    team = Team.objects.get(pk=user.main_team_id())
    pool = create_pool(actor=chief, name="公海 Donau", entity_key="parties.company", teams=[team])
    change_pool(
        actor=chief, pool=pool, name=pool.name, query="", teams=[team], shown=pool.shown,
        is_active=True, most_claims=5,
    )  # fmt: skip
    save_recycle_rule(
        actor=chief, pool=pool, no_contact=90, date_field="created_at", days_after=30,
        query="value_class.in=C,D",
    )  # fmt: skip
    leads = create_pool(actor=chief, name="线索公海 Leads", entity_key="sales.lead", teams=[team])
    change_pool(
        actor=chief, pool=leads, name=leads.name, query="", teams=[team], shown=leads.shown,
        is_active=True,
    )  # fmt: skip
    save_recycle_rule(actor=chief, pool=leads, no_contact=30)
    given_up = Lead.objects.filter(status="new").order_by("-pk").first()
    with change_set(actor=chief, verb="records.edit"):
        Lead.objects.filter(pk=given_up.pk if given_up else 0).update(owner=None, team=None)
    worked_on = Lead.objects.exclude(status="converted").filter(owner=user).first()
    if worked_on is not None:
        log_lead_call(actor=user, lead=worked_on, at=now(), outcome="reached", body="Möchte 联系")
        add_lead_note(actor=user, lead=worked_on, body="Budget")
    save_assign_rule(actor=chief, name="Iberia 伊比利亚", team=team)
    unsold = Company.objects.filter(deals__isnull=True).order_by("-pk")
    released = list(unsold.values_list("pk", flat=True)[:2])
    with change_set(actor=chief, verb="records.edit"):
        Company.objects.filter(pk__in=released).update(owner=None, team=None)
    save_point_rule(
        actor=chief,
        entity="sales.deal",
        where="source.is=referral",
        points=10,
        reason="Sent by a customer",
    )


def welcome_link() -> str:
    """The secret of an invitation that nobody used yet."""
    invited = User.objects.create_user("new@aurora.example", "New Colleague")
    return another_link(invited).rsplit("/", 1)[1]


def confirm_link(user: User, company: Company) -> str:
    """The secret of a customer's link; what they corrected by another one waits."""
    with change_set(actor=user, verb="records.edit"):
        corrected = {"name": {"old": company.name, "new": "Donau 有限公司", "state": "open"}}
        Proposal.objects.create(party_id=company.pk, at=now(), values=corrected)
    return ask_to_confirm(actor=user, party=company).url.rsplit("/", 1)[1]


def offer_link(user: User, company: Company) -> str:
    """The secret of a customer's link to a quote, with an optional line and a comment."""
    data = {"name": "Pumpen 水泵 " * 9, "company": company, "language": "en", "terms": "30 days"}
    quote = create_record(actor=user, entity=entity("sales.quote"), data=data)
    add_line(actor=user, quote=quote, name="Hochdruckpumpe " * 9, price=Decimal("12345.67"),
             discount_percent=Decimal(5), tax_rate=Decimal(21))  # fmt: skip
    add_line(actor=user, quote=quote, name="Visit 访问", price=Decimal(90), optional=True)
    issue_quote(actor=user, quote=quote)
    secret = make_quote_link(actor=user, quote=quote).url.rsplit("/", 1)[1]
    comment_offer(actor=None, secret=secret, name="Jürgen", address="127.0.0.1", text="Blue?")
    return secret


def add_computed(user: User) -> None:
    """A formula and a roll-up of companies, as an administrator makes them."""
    tasks = {"of": "interactions.task", "by": "company", "how": "count"}
    company = entity("parties.company")
    chief = Role.objects.filter(administrator=True)[0]
    RoleAssignment.objects.get_or_create(user=user, role=chief)
    user.forget_rights()
    for wish in (
        Wish({"": "Open tasks"}, kind="rollup", rollup={**tasks, "where": "done_at.empty=1"}),
        Wish({"": "Busy"}, kind="formula", formula="if(custom_open_tasks > 2, 'Busy', 'Quiet')"),
    ):
        add_custom_field(actor=user, entity=company, wish=wish)


def bring_imports(client: Client) -> None:
    """One that waits for its columns, one that is checked, one that is done."""
    for state in ("uploaded", "checked", "done"):
        file = SimpleUploadedFile(f"{state}.csv", FILE.encode())
        client.post("/import/", {"as": "parties.company", "file": file})
        made = Import.objects.latest("pk")
        if state != "uploaded":
            client.post(f"/import/{made.pk}/decide", decisions(client, made))
        if state == "done":
            client.post(f"/import/{made.pk}/run")
            work_off_jobs()


def fillings(route: Route) -> list[dict[str, Any]]:
    """Values for the blanks of an address, so that there is something at it."""
    if "import/" in route.pattern:
        return [{"pk": pk} for pk in Import.objects.order_by("pk").values_list("pk", flat=True)]
    if route.pattern.startswith("proposed/<"):
        return [{"pk": pk} for pk in Proposal.objects.values_list("pk", flat=True)[:1]]
    if "settings/terms/<" in route.pattern:
        return [{"path": "companies", "language": "es"}]
    if "settings/layouts/<" in route.pattern:
        return [{"path": "companies", "way": "up"}]
    if "standardising/runs" in route.pattern:
        return [{"pk": pk} for pk in StandardisingRun.objects.values_list("pk", flat=True)[:1]]
    if route.pattern.endswith("standardising/<slug:key>/switch"):
        return [{"key": "person_case"}]
    if "settings/collisions/<" in route.pattern:
        return [{"pk": pk} for pk in CollisionRule.objects.values_list("pk", flat=True)[:1]]
    if route.pattern.startswith("settings/fields/<int"):
        return [{"pk": pk} for pk in CustomField.objects.values_list("pk", flat=True)]
    if "settings/pipelines/reasons/<" in route.pattern:
        return [{"pk": pk} for pk in CloseReason.objects.values_list("pk", flat=True)[:1]]
    if "settings/assignment/<" in route.pattern:
        return [{"pk": pk} for pk in AssignRule.objects.values_list("pk", flat=True)[:1]]
    if "pools/<" in route.pattern:
        lying = Pool.objects.all()
        return [{"pk": one.pk, "row": 1, "rule": one.rules.get().pk} for one in lying]
    if "settings/webforms/<" in route.pattern or route.pattern.startswith("f/<"):
        return list(WebForm.objects.values("pk", "token")[:1])
    if "settings/points/<" in route.pattern:
        return [{"pk": pk} for pk in PointRule.objects.values_list("pk", flat=True)[:1]]
    if "settings/plans/<" in route.pattern:
        return [{"pk": pk} for pk in ActivityPlan.objects.values_list("pk", flat=True)[:1]]
    if "settings/pipelines/<" in route.pattern:
        stage = Stage.objects.order_by("pk")[0]
        return [{"pk": stage.pipeline_id, "stage": stage.pk}]
    if route.pattern == "deals/<int:pk>/lines/<int:row>":
        return [{"pk": one.deal_id, "row": one.pk} for one in DealLine.objects.all()[:1]]
    if "settings/quality/<" in route.pattern:
        return [{"pk": pk} for pk in QualityAlert.objects.values_list("pk", flat=True)[:1]]
    if route.key:
        found = entity(route.key)
        record = found.model._default_manager.order_by("pk").first()
        names: list[str] = [""]
        if route.pattern.endswith("field/<slug:name>"):
            names = [name for name, field in found.all_fields.items() if field.editable][:1]
        elif route.pattern.endswith("how/<slug:name>"):
            names = [name for name, field in found.all_fields.items() if field.computed]
        elif "do/" in route.pattern:
            names = [entry.name for entry in actions().values() if route.key in entry.on]
        view = SavedView.objects.filter(entity=route.key).first()
        view_id = view.pk if view is not None else 1
        return [{"pk": record.pk, "name": n, "view_id": view_id} for n in names] if record else []
    first = {
        "contacts": ContactPoint,
        "relations": Relation,
        "parties": Company,
        "timeline": Company,
    }.get(route.pattern.split("/")[0], Company)
    row = first._default_manager.order_by("pk").first()
    others = {
        "user_id": User.objects.order_by("pk").first(),
        "team_id": Team.objects.order_by("pk").first(),
        "role_id": Role.objects.order_by("pk").first(),
        "key_id": ApiKey.objects.order_by("pk").first(),
    }
    values = {name: found.pk for name, found in others.items() if found is not None}
    values |= {
        "pk": row.pk if row else 1,
        "token": File.objects.values_list("token", flat=True).first(),
    }
    if "compose" in route.pattern:
        return [{**values, "name": kind.name} for kind in KINDS]
    return [values]


def addresses(world: World) -> list[str]:
    """Every address that answers with a whole page, once each."""
    found: dict[str, None] = {}
    client = world.client
    for route in routes():
        if route.is_api or route.pattern.startswith(NO_PAGES):
            continue
        for values in fillings(route):
            url = route.url(**values)
            answer = client.get(url)
            if answer.status_code == 200 and is_page(answer):
                found[url] = None
            if answer.streaming:
                b"".join(answer.streaming_content)
    found["/search?q=a"] = found["/companies?q=zzzz"] = None
    found["/companies?city.contains=a&sort=-name"] = None
    found["/sales-report?tab=cohorts"] = found["/sales-report?tab=activity"] = None
    for layout in ("companies?layout=board", "tasks?layout=month", "activities?layout=week",
                   "deals?layout=board", "deals?layout=month",
                   "leads?layout=board"):  # fmt: skip
        found[f"/{layout}"] = None
    return list(found)


def is_page(answer: Any) -> bool:
    """Whether it is a whole document: no part of one, and no file."""
    return not answer.streaming and b"<html" in answer.content[:300]


def essential(urls: list[str]) -> list[str]:
    """One page of each kind: what every record type shares is looked at once, and each record page,
    which has panels of its own."""
    others = [one for one in entities() if one.key != "parties.company"]
    shared = tuple(f"/{one.path}" for one in others)
    own = re.compile(rf"/(?:{'|'.join(one.path for one in others)})/\d+")
    return [url for url in urls if not url.startswith(shared) or own.fullmatch(url)]
