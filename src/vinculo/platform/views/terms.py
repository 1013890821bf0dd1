"""Settings → Terminology: what records and fields are called here, language by language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from vinculo.platform.models import Term
from vinculo.platform.modules.known import entity_is_on
from vinculo.platform.terms.forms import TermsForm
from vinculo.platform.terms.known import usual_words
from vinculo.platform.terms.nouns import nouns
from vinculo.platform.terms.renaming import rename_words
from vinculo.platform.terms.sentences import sentences_of
from vinculo.platform.types import TypeDescription, describe_types
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
)

ACTIVE = "terms"
BASE = "/settings/terms"


def _types() -> list[TypeDescription]:
    return [one for one in describe_types() if entity_is_on(one.key)]


@for_administrators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every record type with its own words in each language."""
    rows: dict[tuple[str, str], list[Term]] = {}
    for term in Term.objects.visible_to(signed_in(request)):
        rows.setdefault((term.entity, term.language), []).append(term)
    types = [{"type": one, "languages": _told(one, rows)} for one in _types()]
    return show(request, "platform/terms/list.html", ACTIVE, {"types": types})


def _told(
    described: TypeDescription, rows: dict[tuple[str, str], list[Term]]
) -> list[dict[str, Any]]:
    found = []
    for code, name in settings.LANGUAGES:
        terms = rows.get((described.key, code), [])
        noun = next((term for term in terms if not term.field), None)
        found.append(
            {
                "name": name,
                "url": f"{BASE}/{described.path}/{code}",
                "usual": _usual_noun(described, code),
                "own": (noun.one, noun.many) if noun is not None else (),
                "labels": sum(1 for term in terms if term.field),
            }
        )
    return found


def _usual_noun(described: TypeDescription, language: str) -> tuple[str, str]:
    noun = nouns().get(described.key)
    if noun is None:
        return (str(described.label), "")
    with usual_words(), translation.override(language):
        return (translation.gettext(noun.one), translation.gettext(noun.many))


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, path: str, language: str) -> HttpResponse:
    """The words of one record type in one language, and the sentences they stand in."""
    actor = signed_in(request)
    described: TypeDescription = found(next((one for one in _types() if one.path == path), None))
    name = found(dict(settings.LANGUAGES).get(language))
    rows = {
        term.field: term
        for term in Term.objects.visible_to(actor).filter(entity=described.key, language=language)
    }
    form = TermsForm(
        request.POST or None,
        described=described,
        language=language,
        usual=_usual(described, language),
        own=_own(rows),
    )
    if request.method == "POST":
        ok, _nothing = submit(
            form,
            lambda: rename_words(
                actor=actor, entity=described.key, language=language, words=form.words()
            ),
        )
        if ok:
            return done(request, request.path, saved())
    context = {
        "form": form,
        "type": described,
        "language": language,
        "language_name": name,
        "languages": [
            (label, f"{BASE}/{path}/{code}", code == language) for code, label in settings.LANGUAGES
        ],
        "sentences": sentences_of(described.key, language),
        "renamed": "" in rows,
    }
    return show(request, "platform/terms/form.html", ACTIVE, context, 422 if form.errors else 200)


def _usual(described: TypeDescription, language: str) -> dict[str, str]:
    one, many = _usual_noun(described, language)
    with usual_words(), translation.override(language):
        labels = {f"label_{name}": str(label) for name, label in described.fields}
    return {"one": one, "many": many, **labels}


def _own(rows: dict[str, Term]) -> dict[str, str]:
    found = {f"label_{name}": term.one for name, term in rows.items() if name}
    noun = rows.get("")
    if noun is not None:
        found |= {"one": noun.one, "many": noun.many, "gender": noun.gender}
    return found
