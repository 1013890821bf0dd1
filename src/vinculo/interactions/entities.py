"""What interactions, tasks and files are, declared once; and the timeline on every customer."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from vinculo.interactions import actions
from vinculo.interactions.composer import kinds_for
from vinculo.interactions.derived import refresh_interactions, refresh_tasks
from vinculo.interactions.figures import ahead
from vinculo.interactions.models import File, Interaction, Task
from vinculo.interactions.panel import about_panel, compose_panel, timeline_panel
from vinculo.platform.access import tells
from vinculo.platform.models import User
from vinculo.records.entity import Board, Calendar, Entity, Panel, Section
from vinculo.records.fields import Field
from vinculo.records.palette.command import Command
from vinculo.records.palette.gathering import offer_on_records
from vinculo.records.registry import extend, register

#: Registered by being imported: the verbs of this room.
VERBS = actions.__all__


def itself(record: Interaction) -> list[int]:
    """The interaction that is about to be deleted: the journal still knows its customer."""
    return [record.pk]


INTERACTION = register(
    Entity(
        key="interactions.interaction",
        model=Interaction,
        path="activities",
        icon="messages-square",
        nav="activity",
        nav_order=40,
        fields=(
            Field("subject", searched=True),
            Field("kind", editable=False),
            Field("party", editable=False, sort="party__sort_name"),
            Field("company", editable=False, target="parties.company"),
            "at",
            Field("status", editable=False),
            "direction",
            "outcome",
            "minutes",
            "place",
            "body",
            "owner",
            "team",
            "created_at",
            "updated_at",
        ),
        columns=("subject", "kind", "party", "at", "status", "outcome", "owner"),
        form=("subject", "at", "outcome", "minutes", "place", "body"),
        sections=(
            Section(_("Facts"), ("kind", "party", "company", "at", "status", "owner", "team")),
            Section(_("What happened"), ("direction", "outcome", "minutes", "place")),
        ),
        title="subject",
        subtitle=("kind", "party", "at"),
        default_sort="-at",
        needs=("kind",),
        mark="interactions/mark_interaction.html",
        board=Board(
            "status",
            facts=("kind", "party", "at"),
            total="minutes",
            moves={"done": "interactions.hold_meeting", "cancelled": "interactions.cancel"},
        ),
        calendar=Calendar("at", facts=("party",), tone="status"),
        search="search",
        search_late=True,
        search_shortest=4,
        derive=refresh_interactions,
        # Deleting one changes when its customer was last in contact.
        neighbours=itself,
        creatable=False,
    )
)


def customer_of_task(user: User, record: Task, data: dict[str, Any]) -> None:
    """A task about a company is a task with that customer; a person's task keeps its person."""
    if "company" not in data:
        return
    company = data["company"]
    person = record.party if record.party is not None and record.party.kind == "person" else None
    if person is None or company is None or person.company_id != company.pk:
        record.party = company


TASK = register(
    Entity(
        key="interactions.task",
        model=Task,
        path="tasks",
        icon="square-check",
        nav="activity",
        nav_order=30,
        nav_filter="done_at.empty=1",
        add_label=_("New task"),
        fields=(
            Field("title", searched=True),
            "due_on",
            Field("party", editable=False, sort="party__sort_name"),
            Field("company", target="parties.company"),
            "priority",
            "owner",
            "team",
            "repeat",
            "remind_at",
            Field("snoozed_until", editable=False),
            Field("done_at", editable=False),
            "notes",
            "created_at",
            "updated_at",
        ),
        columns=("title", "due_on", "party", "priority", "owner", "done_at"),
        form=("title", "due_on", "company", "priority", "owner", "notes"),
        sections=(
            Section(_("Facts"), ("due_on", "party", "priority", "owner", "team", "done_at")),
            Section(_("More"), ("repeat", "remind_at", "snoozed_until")),
        ),
        title="title",
        subtitle=("party", "due_on"),
        default_sort="due_on",
        search="search",
        search_late=True,
        derive=refresh_tasks,
        prepare=customer_of_task,
        needs=("done_at", "owner", "team"),
        mark="interactions/mark_task.html",
        board=Board("priority", facts=("party", "due_on")),
        calendar=Calendar("due_on", facts=("party",)),
    )
)

FILE = register(
    Entity(
        key="interactions.file",
        model=File,
        path="files",
        icon="paperclip",
        nav="activity",
        nav_order=50,
        fields=(
            "name",
            Field("party", editable=False, sort="party__sort_name"),
            Field("company", editable=False, target="parties.company"),
            Field("media_type", editable=False),
            Field("size", editable=False),
            "owner",
            "team",
            "created_at",
        ),
        columns=("name", "party", "media_type", "size", "owner", "created_at"),
        form=("name",),
        sections=(Section(_("Facts"), ("party", "media_type", "size", "owner", "created_at")),),
        default_sort="-created_at",
        creatable=False,
        mark="interactions/mark_file.html",
    )
)

TIMELINE = Panel(
    name="timeline",
    label=_("Timeline"),
    template="interactions/panel.html",
    context=timeline_panel,
    place="main",
    order=10,
)
COMPOSE = Panel(
    name="compose",
    label=_("Add to the timeline"),
    template="interactions/compose_bar.html",
    context=compose_panel,
    place="foot",
    order=60,
)
ABOUT = Panel(
    name="about",
    label=_("What it is about"),
    template="interactions/about.html",
    context=about_panel,
    place="main",
    order=10,
)
for entry in (INTERACTION, TASK, FILE):
    extend(entry.key, panels=[ABOUT])
for customer in ("parties.company", "parties.person"):
    extend(customer, panels=[TIMELINE, COMPOSE], figures=[ahead], module="activity")
    tells(customer, "last_contact_at", of=("interactions.interaction", "at"))


@offer_on_records
def composing(user: User, entity: Entity, record: Any) -> list[Command]:
    """What can be added to a customer's timeline, by the tabs of its composer."""
    if entity.key not in ("parties.company", "parties.person"):
        return []
    return [
        Command(
            kind.label,
            kind.icon,
            key=kind.key,
            press=f'[data-composer-kind="{kind.name}"]',
            does=kind.action,
        )
        for kind in kinds_for(user)
    ]
