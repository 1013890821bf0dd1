"""What a condition asks, and what it means."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tests.personas import People
from tests.records.custom.kinds import add
from tests.records.shaping.arranging_help import COMPANY, arrange, company_part, part, when
from tests.samples import make_company
from vinculo.kernel.errors import DomainError
from vinculo.platform.custom import known
from vinculo.platform.models import RecordLayout
from vinculo.records.fields import Field, Kind
from vinculo.records.registry import entity
from vinculo.records.shaping.conditions import Condition, outcome, words_in
from vinculo.records.shaping.form import ShapedForm

WORDS = st.sampled_from(["a", "b", "c"])


@given(held=st.lists(WORDS, unique=True), values=st.lists(WORDS, min_size=1, unique=True))
def test_is_not_is_the_opposite_of_is_one_of(held: list[str], values: list[str]) -> None:
    one_of = Condition("x", "one_of", tuple(values)).holds(held)
    assert one_of is bool(set(held) & set(values))
    assert Condition("x", "is_not", tuple(values)).holds(held) is not one_of
    assert Condition("x", "set").holds(held) is not Condition("x", "empty").holds(held)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (Kind.BOOLEAN, None, ("false",)), (Kind.BOOLEAN, True, ("true",)),
        (Kind.TEXT, " \u200b\t", ()), (Kind.TEXT, "0", ("0",)), (Kind.LONG_TEXT, "\n", ()),
        (Kind.TAGS, "a,， b", ("a", "b")), (Kind.TAGS, ["a", "b"], ("a", "b")), (Kind.TAGS, [], ()),
        (Kind.NUMBER, 0, ("0",)), (Kind.NUMBER, None, ()), (Kind.CHOICE, "", ()),
    ],
)  # fmt: skip
def test_the_words_in_a_field(kind: Kind, value: object, words: tuple[str, ...]) -> None:
    assert words_in(Field("x", kind=kind), value) == words


def test_what_the_reader_may_not_see_hides_nothing_and_makes_nobody_fill_anything() -> None:
    conditions = (Condition("secret", "is", ("1",)), Condition("open", "set"))
    open_ = Field("open", kind=Kind.TEXT)
    found = outcome(conditions, {"open": open_}, lambda _field: ("x",))
    assert (found.shown, found.told) == (True, False)
    assert not outcome(conditions, {"open": open_}, lambda _field: ()).shown


@pytest.mark.django_db
class TestRefused:
    """A layout that nobody could fill in is refused with a sentence, and nothing is written."""

    @pytest.mark.parametrize(
        ("conditions", "said"),
        [
            ([("website", "is", "x")], "what the condition"),
            ([("size", "is")], "Choose a value"),
            ([("size", "is", "gigantic")], "Choose a value"),
            ([("size", "empty", "small")], "Choose a value"),
            ([("nothing", "set")], "another field"),
            ([("industry", "set")], "another field"),
            ([("phone", "set")] * 6, "too many conditions"),
        ],
    )
    def test_conditions_that_say_nothing(
        self, people: People, conditions: list[tuple[str, ...]], said: str
    ) -> None:
        with pytest.raises(DomainError, match=said):
            arrange(people.admin, company_part(when("industry", *conditions)))
        assert not RecordLayout.objects.exists()

    def test_fields_that_wait_for_each_other(self, people: People) -> None:
        one, other = when("phone", ("email", "set")), when("email", ("phone", "set"))
        with pytest.raises(DomainError, match="→"):
            arrange(people.admin, company_part(one, other))

    def test_what_must_be_filled_stays(self, people: People) -> None:
        with pytest.raises(DomainError, match=r"put it into a section"):
            arrange(people.admin, part("Mine", "industry"), left_out=frozenset({"name"}))
        with pytest.raises(DomainError, match="cannot wait"):
            arrange(people.admin, part("Mine", when("name", ("phone", "set"))))

    def test_no_section_and_a_fold_without_a_title(self, people: People) -> None:
        with pytest.raises(DomainError, match="needs a section"):
            arrange(people.admin)
        with pytest.raises(DomainError, match="folded"):
            arrange(people.admin, part("", "name", collapsed=True))

    def test_nobody_but_administrators(self, people: People) -> None:
        with pytest.raises(DomainError):
            arrange(people.owner, company_part())
        assert not RecordLayout.objects.exists()


def _form(people: People, typed: dict[str, str], record: object = None) -> ShapedForm:
    data = QueryDict(mutable=True)
    data.update({"name": "Acme", **typed})
    return ShapedForm(entity(COMPANY), people.owner, data=data, record=record)


@pytest.mark.django_db
class TestTyped:
    """What is typed decides while it is saved."""

    def test_hidden_is_neither_asked_for_nor_changed(self, people: People) -> None:
        waits = when("website", ("industry", "set"), required=True)
        arrange(people.admin, company_part("industry", waits))
        form = _form(people, {"industry": "", "website": "junk that is not looked at"})
        assert form.is_valid() and "website" not in form.values()
        assert not _form(people, {"industry": "food"}).is_valid()
        assert _form(people, {"industry": "food", "website": "https://a.example"}).is_valid()

    def test_a_held_value_that_is_hidden_is_kept(self, people: People) -> None:
        company = make_company(people.owner)
        company.website, company.industry = "https://a.example", "food"
        waits = when("website", ("industry", "set"))
        arrange(people.admin, company_part("industry", waits))
        form = _form(people, {"industry": "", "website": ""}, company)
        assert form.is_valid() and "website" not in form.values()
        assert form.values()["industry"] == ""

    def test_a_field_without_an_input_decides_by_what_is_kept(self, people: People) -> None:
        waits = when("website", ("created_at", "set"))
        arrange(people.admin, company_part(waits))
        assert "website" not in _form(people, {}).fields
        assert "website" in _form(people, {}, make_company(people.owner)).fields

    def test_a_field_that_became_required_is_shown_whatever_its_condition(
        self, people: People
    ) -> None:
        made = add(people.admin, label="Level")
        arrange(people.admin, company_part("industry", when(made.name, ("industry", "set"))))
        assert _form(people, {}).is_valid()
        made.required = True
        made.save()
        known.forget()
        form = _form(people, {})
        assert not form.is_valid() and list(form.errors) == [made.name]
