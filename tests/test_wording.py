"""The translations' own tools: they find every marked word, and refuse what does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.wording import catalogues, checks, found, python, templates
from scripts.wording.found import Message


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty source tree."""
    monkeypatch.setattr(found, "ROOT", tmp_path)
    (tmp_path / "templates").mkdir()
    return tmp_path


def in_python(source: Path, text: str) -> list[Message]:
    (source / "some.py").write_text(text)
    return [message for _, message in python.messages(source)]


def in_template(source: Path, text: str) -> list[Message]:
    (source / "templates" / "some.html").write_text(text)
    return [message for _, message in templates.messages(source)]


def test_python_messages_are_found_under_any_name(source: Path) -> None:
    messages = in_python(
        source,
        "from django.utils.translation import gettext_lazy as _, ngettext as many\n"
        "from django.utils.translation import pgettext_lazy as pgettext, gettext_noop\n"
        "from vinculo.kernel.errors import _ as msgid\n"
        "one = _('One ' 'whole sentence.')\n"
        "# Translators: of files\n"
        "two = many('%(n)s file', '%(n)s files', 2)\n"
        "three = pgettext('unread', 'New')\n"
        "four = msgid('Refused.')\n"
        "five = print('Not a message')\n"
        "six = _(one)\n",
    )
    assert {(m.context, m.singular, m.plural) for m in messages} == {
        (None, "One whole sentence.", None),
        (None, "%(n)s file", "%(n)s files"),
        ("unread", "New", None),
        (None, "Refused.", None),
    }
    assert [m.comments for m in messages if m.plural] == [["of files"]]


def test_template_messages_are_found_as_django_will_ask_for_them(source: Path) -> None:
    messages = in_template(
        source,
        '{% load i18n %}{% translate "100 % sure" %}{% translate "New" context "unread" %}'
        "{% blocktranslate trimmed count n=n with who=user.name %}\n  {{ who }} has one\n  file"
        "{% plural %}{{ who }} has {{ n }} files{% endblocktranslate %}"
        '{{ label|default:_("Save") }}{% include "x.html" with text=_("Say so") %}',
    )
    assert {(m.context, m.singular, m.plural) for m in messages} == {
        (None, "100 %% sure", None),
        ("unread", "New", None),
        (None, "%(who)s has one file", "%(who)s has %(n)s files"),
        (None, "Save", None),
        (None, "Say so", None),
    }


def test_words_that_nothing_marks_are_told(source: Path) -> None:
    (source / "some.py").write_text(
        "field(label='Shown to all')\nraise DomainError('You may not.')\nfield(label='name')\n"
        "field(label='Only in logs')  # not translated: logs are English\n"
    )
    told = [str(problem) for problem in python.problems(source)]
    assert len(told) == 2
    assert told[0].startswith("some.py:1")
    (source / "templates" / "some.html").write_text(
        '<p title="A hint">{{ name }} <b>Bold words</b> {% translate "Fine" %} CSV</p>'
        '<script>Not words</script>{% include "x.html" with title="Passed on" %}'
        "{% blocktranslate %}Also fine{% endblocktranslate %}"
    )
    told = [problem.what for problem in templates.problems(source)]
    assert {what.split(" is shown")[0] for what in told} == {
        "'A hint'", "'Bold words'", "title='Passed on'",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("english", "translation", "complaint"),
    [
        ("%(who)s left.", "%(wer)s 已离开。", "other places"),
        ("%(who)s left.", "已离开。", "other places"),
        ("Left.", "已离开", "does not end"),
        ("Left", "已离开。", "ends with a mark"),
        ("<b>Left</b>", "<i>已离开</i>", "other markup"),
        ("Left ", "已离开", "other white space"),
    ],
)
def test_a_translation_that_does_not_fit_is_told(
    english: str, translation: str, complaint: str
) -> None:
    catalogue = catalogues.empty("zh_Hans")
    catalogue.add(english, translation)
    wanted = {(None, english): Message(english)}
    told = [problem.what for problem in checks.problems("zh_Hans", catalogue, wanted)]
    assert any(complaint in what for what in told), told


def test_missing_empty_and_left_over_messages_are_told() -> None:
    catalogue = catalogues.empty("es")
    catalogue.add("Old", "Viejo")
    catalogue.add("Empty", "")
    wanted = {(None, text): Message(text) for text in ("Empty", "Missing")}
    told = " ".join(str(one) for one in checks.problems("es", catalogue, wanted))
    assert "'Old' is no longer shown" in told
    assert "'Missing' is missing" in told
    assert "'Empty' is not translated" in told


def test_a_catalogue_is_written_the_same_way_twice() -> None:
    once = catalogues.read("es")
    wanted = found.all_messages()
    text = catalogues.text_of(catalogues.updated("es", wanted))
    assert text == catalogues.text_of(catalogues.updated("es", wanted))
    assert catalogues.compiled("es", once) == catalogues.compiled("es", catalogues.read("es"))
