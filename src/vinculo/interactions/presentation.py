"""How an entry of the timeline reads: its title, its icon, what stands beside it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from vinculo.interactions import markdown
from vinculo.interactions.models import Direction, Interaction, Kind, Priority, Status, Task
from vinculo.interactions.queries import TASK, Entry, Timeline
from vinculo.interactions.sight import hidden_fields
from vinculo.kernel.clock import now
from vinculo.parties.models import Party
from vinculo.platform.access import reaches
from vinculo.platform.models import User
from vinculo.platform.snippets import when

ICONS = {
    Kind.CALL: "phone",
    Kind.EMAIL: "mail",
    Kind.MEETING: "calendar",
    Kind.VISIT: "map-pin",
    Kind.NOTE: "sticky-note",
    "task": "square-check",
    "file": "paperclip",
}


#: Where the entries of a timeline have their own pages.
PATHS = {"interaction": "activities", TASK: "tasks", "file": "files"}


@dataclass
class Shown:
    """An entry as the template shows it."""

    entry: Entry
    row: Any
    icon: str
    title: str
    tone: str = ""
    html: SafeString | str = ""
    notes: list[str] = field(default_factory=list)
    chip: str = ""
    chip_tone: str = ""
    url: str = ""
    #: Whether the reader may know when a task is due.
    dated: bool = True
    may_edit: bool = False
    may_delete: bool = False

    @property
    def sort(self) -> str:
        """interaction, task or file."""
        return self.entry.sort

    @property
    def record_url(self) -> str:
        """Its own page."""
        return f"/{PATHS[self.sort]}/{self.row.pk}"

    @property
    def place(self) -> str:
        """What names it on the page and in addresses of its parts: `task-12`."""
        return f"{self.sort}-{self.row.pk}"

    @property
    def is_open_task(self) -> bool:
        """A task still to be done."""
        return self.sort == TASK and self.row.done_at is None

    @property
    def note(self) -> SafeString:
        """The line beside the title: when, and what else there is to say."""
        done = gettext("done") if self.sort == TASK and not self.is_open_task else ""
        said = (self._when(), *self.notes, done)
        return format_html_join(" · ", "{}", ((one,) for one in said if one))

    def _when(self) -> SafeString | str:
        if not self.is_open_task:
            return when(self.entry.at)
        if self.row.due_on and not self._due_said:
            return format_html("{} {}", gettext("due"), when(self.row.due_on))
        return gettext("no date") if self.dated and not self.row.due_on else ""

    @property
    def _due_said(self) -> bool:
        """Whether the chip already says when the task is due."""
        return self.entry.ahead and bool(self.chip) and self.chip_tone != "is-bad"

    @property
    def to_complete(self) -> str:
        """What its box to tick is called; nothing where there is none."""
        if not (self.is_open_task and self.may_edit):
            return ""
        return gettext("Complete “%(title)s”") % {"title": self.title}

    @property
    def to_change(self) -> str:
        """What its menu is called; nothing where the reader may change nothing."""
        if not (self.may_edit or self.may_delete):
            return ""
        return gettext("What to do with “%(title)s”") % {"title": self.title}

    @property
    def planned(self) -> bool:
        """An interaction that is still to take place."""
        return self.sort == "interaction" and self.entry.ahead


def shown(entry: Entry, *, user: User, party: Party, timeline: Timeline) -> Shown:
    """An entry of the timeline of `party` for the reader `user`."""
    row = entry.row
    if entry.sort == "interaction":
        names = tuple(timeline.colleagues[pk] for pk in row.mentions if pk in timeline.colleagues)
        found = _interaction(entry, row, party, names)
    elif entry.sort == TASK:
        found = _task(entry, row, party)
        found.dated = "due_on" not in hidden_fields(user, "interactions.task")
    else:
        notes = [size_text(row.size)] if row.size else []
        found = Shown(entry, row, ICONS["file"], row.name, notes=notes)
        found.url = f"/files/{row.token}"
    if row.owner:
        found.notes.append(str(row.owner))
    found.may_edit = reaches(user, row, "edit")
    found.may_delete = reaches(user, row, "delete")
    return found


def offered(row: Any, sort: str, user: User) -> Shown:
    """An entry with what the reader may do with it, for its menu."""
    ahead = row.done_at is None if sort == TASK else getattr(row, "status", "") == Status.PLANNED
    found = Shown(Entry(sort, row, now(), ahead=ahead), row, ICONS.get(sort, ""), "")
    found.may_edit = reaches(user, row, "edit")
    found.may_delete = reaches(user, row, "delete")
    return found


def _interaction(entry: Entry, row: Interaction, party: Party, names: tuple[str, ...]) -> Shown:
    found = Shown(entry, row, ICONS[Kind(row.kind)], title_of(row, party))
    found.html = markdown.render(row.body, names) if row.body else ""
    if row.subject and row.party.name and row.party_id != party.pk:
        found.notes.append(gettext("with %(name)s") % {"name": row.party.name})
    if row.kind in (Kind.CALL, Kind.EMAIL) and row.direction == Direction.IN:
        found.notes.append(str(row.get_direction_display()))
    if row.minutes:
        found.notes.append(minutes_text(row.minutes))
    if row.place:
        found.notes.append(row.place)
    if row.outcome:
        found.notes.append(str(row.get_outcome_display()))
    if row.checked_in_at:
        found.notes.append(gettext("checked in"))
    if row.status == Status.CANCELLED:
        found.chip, found.chip_tone = str(row.get_status_display()), "is-bad"
    elif entry.ahead:
        late = row.at < now()
        found.chip = gettext("Not yet reported") if late else str(row.get_status_display())
        found.chip_tone = "is-warn" if late else "is-info"
    found.tone = "is-warn" if row.kind == Kind.NOTE else ""
    return found


def title_of(row: Interaction, party: Party | None = None) -> str:
    """What an interaction is called: its subject, or what it was and with whom."""
    if row.subject:
        return row.subject
    kind = str(row.get_kind_display())
    if row.kind == Kind.NOTE or not row.party.name or (party and row.party_id == party.pk):
        return kind
    return gettext("%(kind)s with %(name)s") % {"kind": kind, "name": row.party.name}


def _task(entry: Entry, row: Task, party: Party) -> Shown:
    found = Shown(entry, row, ICONS["task"], row.title)
    found.html = markdown.render(row.notes) if row.notes else ""
    if row.party_id not in (None, party.pk) and row.party:
        found.notes.append(gettext("with %(name)s") % {"name": row.party.name})
    if row.repeat:
        found.notes.append(str(row.get_repeat_display()))
    if entry.ahead:
        found.chip, found.chip_tone = due_chip(row)
        if row.priority == Priority.HIGH:
            found.notes.append(gettext("High priority"))
    return found


def due_chip(task: Task) -> tuple[str, str]:
    """How urgent an open task is, in words and tone; empty where its date says enough."""
    if task.due_on is None:
        return "", ""
    days = (task.due_on - timezone.localdate(now())).days
    if days < 0:
        return gettext("Overdue"), "is-bad"
    if days == 0:
        return gettext("Today"), "is-warn"
    if days == 1:
        return gettext("Tomorrow"), "is-info"
    return "", ""


def minutes_text(minutes: int) -> str:
    """A duration: "14 min", "1 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return gettext("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return gettext("%(hours)s h") % {"hours": hours}
    return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def size_text(size: int) -> str:
    """The size of a file in the unit that reads best."""
    if size < 1024:
        return ngettext("%(n)s byte", "%(n)s bytes", size) % {"n": size}
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} kB"
    return f"{size / 1024 / 1024:.1f} MB"
