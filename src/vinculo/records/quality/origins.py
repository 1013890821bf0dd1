"""How a record came to us, as the journal has it: by a form, an import, a program, or otherwise.

Asked of any list as `origin.in=form` or `origin.in=import.17`, where 17 is the change-set of one
import. A record that was deleted and came back keeps the origin it had.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.ids import row_id
from vinculo.platform.formats import date_text
from vinculo.platform.models import ChangeSet
from vinculo.platform.models.journal import Change
from vinculo.records.fields import Field, Kind, Label
from vinculo.records.filters import question

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

NAME = "origin"
IMPORT_VERB = "records.import"
OF_IMPORT = "import."
#: Value → (how it is called, which change-sets). The first that fits decides.
WAYS: dict[str, tuple[Label, Q]] = {
    "import": (_("Import"), Q(changeset__verb=IMPORT_VERB)),
    "api": (_("Program (API)"), Q(changeset__via="api")),
    "form": (_("Form"), Q(changeset__via="screen", changeset__verb="records.create")),
}
OTHER = "other"


@dataclass(frozen=True)
class Origin(Field):
    """The question, which knows what single imports are called, too."""

    reader: Any = None

    def choice_label(self, value: Any) -> Label:
        """What a way is called; for an import its file and day, as far as the reader may know."""
        if str(value).startswith(OF_IMPORT):
            return labels_of([str(value)], self.reader)[str(value)]
        return super().choice_label(value)


def births(entity: "Entity") -> "QuerySet[Change]":
    """The journal's lines that say how records of this type came to be; one for each record."""
    table = entity.model._meta.db_table
    return Change.objects.filter(
        table=table, op=Change.Operation.INSERT, changeset__undoes__isnull=True
    )


def with_origins(entity: "Entity") -> Any:
    """Record's number and origin, of each record the journal saw come; each import by itself."""
    one_import = Concat(Value(OF_IMPORT), Cast("changeset_id", CharField()))
    ways = [
        When(where, then=one_import if name == "import" else Value(name))
        for name, (_label, where) in WAYS.items()
    ]
    origin = Case(*ways, default=Value(OTHER), output_field=CharField())
    return births(entity).order_by().values_list("row_id", origin)


def _came_by(entity: "Entity", name: str) -> Q:
    if name == OTHER:
        known = Q()
        for _label, where in WAYS.values():
            known |= where
        return ~Q(pk__in=births(entity).filter(known).order_by().values("row_id"))
    if name.startswith(OF_IMPORT):
        number = row_id(name.removeprefix(OF_IMPORT))
        if number is None:
            return Q(pk__in=[])
        one = births(entity).filter(changeset_id=number, changeset__verb=IMPORT_VERB)
        return Q(pk__in=one.order_by().values("row_id"))
    if name not in WAYS:
        return Q(pk__in=[])
    before = Q()
    for other, (_label, where) in WAYS.items():
        if other == name:
            break
        before |= where
    found = births(entity).filter(WAYS[name][1])
    found = found.exclude(before) if before else found
    return Q(pk__in=found.order_by().values("row_id"))


def origin(entity: "Entity", user: "User") -> Field:
    """The question: which records came in one of these ways?"""

    def asks(names: list[str]) -> Q:
        found = Q(pk__in=[])
        for name in names:
            found |= _came_by(entity, name)
        return found

    return Origin(
        NAME,
        kind=Kind.CHOICE,
        label=_("Came by"),
        column="pk",
        sort="",
        editable=False,
        choices=(*((name, label) for name, (label, _where) in WAYS.items()), (OTHER, OTHER_LABEL)),
        asks=asks,
        reader=user,
    )


OTHER_LABEL = _("Another way")


def labels_of(values: list[str], user: Any) -> dict[str, Label]:
    """What origins are called: one question for all imports among them."""
    numbers = [row_id(one.removeprefix(OF_IMPORT)) for one in values if one.startswith(OF_IMPORT)]
    wanted = [number for number in numbers if number is not None]
    sets = ChangeSet.objects.filter(pk__among=wanted, verb=IMPORT_VERB).visible_to(user)
    known = {f"{OF_IMPORT}{one.pk}": one for one in sets} if wanted else {}
    return {value: _label(value, known.get(value)) for value in values}


def _label(value: str, change_set: ChangeSet | None) -> Label:
    if value in WAYS:
        return WAYS[value][0]
    if not value.startswith(OF_IMPORT):
        return OTHER_LABEL
    if change_set is None:
        return gettext("A colleague's import")
    day = date_text(change_set.at.date())
    return gettext("Import %(what)s, %(day)s") % {"what": change_set.said, "day": day}


question(NAME, origin)
