"""Make, change and take away web forms: the administrators' alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.ids import token
from vinculo.kernel.text import clean
from vinculo.kernel.urls import parse_website
from vinculo.parties.choices import Source
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import Team, User
from vinculo.sales.webforms.asking import ASKED, OFFERED, REQUIRED, TELLING
from vinculo.sales.webforms.models import WebForm

#: An origin as browsers write it; nothing else gets into the page's policy.
SITE = re.compile(r"https://[a-z0-9](?:[a-z0-9.\-]{0,250}[a-z0-9])?(?::\d{1,5})?")
MOST_SITES = 20
LONGEST_CONSENT = 2000


@dataclass(frozen=True)
class Wish:
    """What a web form is to be: its fields (name → "asked" or "required"), words by language, sites."""

    name: str
    language: str
    fields: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    title: Mapping[str, str] = field(default_factory=dict)
    consent: Mapping[str, str] = field(default_factory=dict)
    thanks: Mapping[str, str] = field(default_factory=dict)
    redirect_url: str = ""
    sites: Sequence[str] = ()
    source: str = Source.WEB
    campaign: str = ""
    owner: User | None = None
    team: Team | None = None
    is_active: bool = True


@action("sales.save_web_form", label=_t("Change a web form"), granted=False)
def save_web_form(*, actor: User, wish: Wish, form: WebForm | None = None) -> WebForm:
    """A new web form, or another one; other words of its consent are another version of it."""
    administrators_only(actor)
    name = clean(wish.name)[:80]
    if not name:
        raise DomainError(_("Write a name."), field="name")
    made = form or WebForm(token=token())
    made.name, made.is_active = name, wish.is_active
    made.language = _language(wish.language)
    made.fields = _fields(wish.fields)
    made.labels = {
        one: words for one in made.fields if (words := _words(wish.labels.get(one, {}), 120))
    }
    made.title, made.thanks = _words(wish.title, 120), _words(wish.thanks, 1000)
    consent = _words(wish.consent, LONGEST_CONSENT)
    if form is not None and consent != form.consent:
        made.consent_version = form.consent_version + 1
    made.consent = consent
    made.redirect_url, made.sites = _redirect(wish.redirect_url), _sites(wish.sites)
    if wish.source not in Source.values:
        raise DomainError(_("Choose one from the list."), field="source")
    made.source, made.campaign = wish.source, clean(wish.campaign)[:120]
    made.owner, made.team = wish.owner, wish.team
    made.save()
    journal.relabel(made.name)
    return made


@action("sales.delete_web_form", label=_t("Delete a web form"), granted=False)
def delete_web_form(*, actor: User, form: WebForm) -> None:
    """Delete a web form by which nothing was sent in."""
    administrators_only(actor)
    if form.submissions.exists():
        raise DomainError(_("Leads came in by this form. Switch it off instead."))
    journal.relabel(form.name)
    form.delete()


def _language(code: str) -> str:
    if code not in dict(settings.LANGUAGES):
        raise DomainError(_("Choose one from the list."), field="language")
    return code


def _fields(wanted: Mapping[str, str]) -> dict[str, str]:
    found = {one: wanted[one] for one in OFFERED if wanted.get(one) in (ASKED, REQUIRED)}
    if not set(found) & set(TELLING):
        raise DomainError(_("Ask for a name, the company, the e-mail address or the phone."))
    return found


def _words(said: Mapping[str, str], longest: int) -> dict[str, str]:
    """What is said in our languages, empty ones left out."""
    texts = {
        code: str(said.get(code) or "").strip()[:longest] for code, _name in settings.LANGUAGES
    }
    return {code: text for code, text in texts.items() if text}


def _redirect(typed: str) -> str:
    if not typed.strip():
        return ""
    try:
        url = parse_website(typed).url
    except DomainError as error:
        raise DomainError(error.message, field="redirect_url", **error.params) from error
    if not url.startswith("https://"):
        raise DomainError(
            _("Only addresses that begin with https:// are accepted."), "redirect_url"
        )
    return url[:300]


def _sites(typed: Sequence[str]) -> list[str]:
    found = [text.strip().lower().rstrip("/") for text in typed]
    wanted = list(dict.fromkeys(text for text in found if text))
    for one in wanted:
        if not SITE.fullmatch(one):
            raise DomainError(
                _("“%(site)s” is no site. Write it like https://www.company.com."),
                "sites",
                site=one[:80],
            )
    if len(wanted) > MOST_SITES:
        raise DomainError(_("A form has at most %(most)s sites."), "sites", most=MOST_SITES)
    return wanted
