"""Stored questions: which records a rule of this room is about, asked as a list asks.

A condition is the query of a list as a saved view keeps it. It is asked for the whole company, not
for whoever looks: what belongs to a pool is the same for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.access import Rights
from vinculo.platform.models import User
from vinculo.records.filters import parse_filters
from vinculo.records.lists import ListState, parse_list
from vinculo.records.lists.paging import matching
from vinculo.records.registry import entity
from vinculo.records.saved.models import SavedView
from vinculo.records.views.filtering import value_label

#: Values that ask who reads: a rule has no reader.
OF_A_READER = ("me", "mine")
KEEP = "keep"
NOTHING_MORE: Mapping[str, str] = {}


def whole_company() -> User:
    """Somebody who sees every record: nobody's account, never saved, only asked with."""
    eye = User(is_active=True)
    eye._rights = Rights(user_id=0, administrator=True)  # type: ignore[attr-defined]
    return eye


def checked_condition(key: str, query: str) -> str:
    """The filters of a list's query, as they are kept; DomainError where one cannot be asked."""
    eye = whole_company()
    filters = parse_filters(entity(key), eye, parse_qsl(query, keep_blank_values=True))
    if any(part in OF_A_READER for one in filters for part in one.values):
        raise DomainError(
            _("A rule has no reader: leave out filters that ask for “me” or “my team”."),
            field="view",
        )
    state = ListState(entity(key), eye, filters=tuple(filters))
    matching(state)  # a value that does not fit is refused here
    return urlencode([(one.parameter, one.value or "1") for one in filters])


def state_of(key: str, query: str, more: Mapping[str, str]) -> ListState:
    """A list of the records that a condition is about, with `more` parameters of lists; DomainError
    where a field that it asks for is gone."""
    asked = QueryDict(query, mutable=True)
    for name, value in more.items():
        # Beside what the condition itself says of the same field, not in its place.
        asked.appendlist(name, value)
    return parse_list(entity(key), whole_company(), asked)


def rows_of(key: str, query: str, more: Mapping[str, str] = NOTHING_MORE) -> Any:
    """The records that a condition is about, with `more` parameters of lists; none where it can no longer be asked."""
    try:
        return matching(state_of(key, query, more))
    except DomainError:
        return entity(key).model._default_manager.none()


def words_of(key: str, query: str) -> list[str]:
    """A condition as people read it: a line for each filter."""
    eye = whole_company()
    try:
        filters = parse_filters(entity(key), eye, parse_qsl(query, keep_blank_values=True))
    except DomainError:
        return [gettext("A field that this asks for is gone. Choose the condition again.")]
    return [
        " ".join(
            part for part in (one.label, str(one.operator.label), value_label(one, eye)) if part
        )
        for one in filters
    ]


class ConditionField(forms.ChoiceField):
    """Which records: all, those of a saved view, or as it is."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _t("Which records"))
        options.setdefault("required", False)
        options.setdefault(
            "help_text",
            _t("Filter the list, save it as a view, and choose it here. A later change of"
              " the view changes nothing here."),
        )  # fmt: skip
        super().__init__(**options)

    def offer(self, user: User, key: str, query: str) -> None:
        """Offer the views of a record type that `user` sees; `query` is the condition so far."""
        views = SavedView.objects.filter(entity=key).visible_to(user).order_by("name", "pk")
        kept = "; ".join(words_of(key, query)) or gettext("All records")
        self.views = {str(view.pk): view for view in views}
        self.choices = [
            (KEEP, gettext("As it is: %(words)s") % {"words": kept}),
            *([("", gettext("All records"))] if query else []),
            *((pk, view.name) for pk, view in self.views.items()),
        ]
        self.kept = query
        self.initial = KEEP

    def query_of(self, chosen: str) -> str:
        """The query that was chosen."""
        if chosen == KEEP:
            return self.kept
        view = self.views.get(chosen)
        return view.query if view is not None else ""
