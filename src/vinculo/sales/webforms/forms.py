"""What the page of a web form asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from vinculo.parties.choices import Source
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Team, User
from vinculo.sales.webforms.asking import ASKED, OFFERED, REQUIRED, usual_label
from vinculo.sales.webforms.models import WebForm
from vinculo.sales.webforms.setting import LONGEST_CONSENT, Wish

MODES = [
    ("", pgettext_lazy("a web form", "Not asked")),
    (ASKED, pgettext_lazy("a web form", "Asked")),
    (REQUIRED, pgettext_lazy("a web form", "Must be filled in")),
]
#: A new form asks this.
USUAL = {"given_name": ASKED, "family_name": ASKED, "company_name": ASKED, "email": REQUIRED,
         "notes": ASKED}  # fmt: skip
WORDS = (
    ("title", pgettext_lazy("a web form", "Heading"), 120),
    ("consent", _("Consent to be ticked (empty: none is asked)"), LONGEST_CONSENT),
    ("thanks", _("Words of thanks"), 1000),
)


class WebFormForm(forms.Form):
    """A web form: its fields, its words in each language, its sites, and whose its leads are."""

    name = CleanText(label=_("Name"), max_length=80)
    is_active = forms.BooleanField(
        label=pgettext_lazy("a web form", "Switched on"), required=False, initial=True
    )
    language = forms.ChoiceField(label=_("Language"))
    source = forms.ChoiceField(label=_("Source"), choices=Source.choices, initial=Source.WEB)
    campaign = CleanText(
        label=_("Campaign"), max_length=120, required=False,
        help_text=_("Empty: what the address says as utm_campaign."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True), label=_("Owner"), required=False
    )
    team = forms.ModelChoiceField(Team.objects.all(), label=_("Team"), required=False)
    sites = CleanText(
        label=_("Sites that may show it"), many_lines=True, required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "https://www.company.com"}),
        help_text=_("One in each line. On other sites the form neither shows nor sends."),
    )  # fmt: skip
    redirect_url = CleanText(
        label=_("Send on to"), max_length=300, required=False,
        help_text=_("The page of yours that thanks, with https. Empty: the words of thanks."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, held: WebForm | None = None) -> None:
        super().__init__(data, initial=_first(held))
        language: Any = self.fields["language"]
        language.choices = [(code, name) for code, name in self.languages]
        asked = held.fields if held is not None else USUAL
        for name in OFFERED:
            self.fields[f"mode_{name}"] = forms.ChoiceField(
                label=usual_label(name), choices=MODES, required=False, initial=asked.get(name, "")
            )
            for code, called in self.languages:
                label = held.labels.get(name, {}).get(code) if held is not None else ""
                self.fields[f"label_{name}_{code}"] = CleanText(
                    label=called, max_length=120, required=False, initial=label
                )
        for what, _label, longest in WORDS:
            for code, called in self.languages:
                words = getattr(held, what).get(code) if held is not None else ""
                self.fields[f"{what}_{code}"] = CleanText(
                    label=called, many_lines=what != "title", max_length=longest, required=False,
                    initial=words, widget=_area(what),
                )  # fmt: skip

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Our languages, each as its speakers call it."""
        codes = [code for code, _name in settings.LANGUAGES]
        return [(code, str(get_language_info(code)["name_local"])) for code in codes]

    @property
    def general(self) -> list[forms.BoundField]:
        """The inputs about the form as a whole."""
        names = ("name", "language", "source", "campaign", "owner", "team", "is_active")
        return [self[name] for name in names]

    @property
    def places(self) -> list[forms.BoundField]:
        """The inputs about where it stands and where it leads."""
        return [self["sites"], self["redirect_url"]]

    @property
    def rows(self) -> list[tuple[forms.BoundField, list[forms.BoundField]]]:
        """Each field of a lead: whether it is asked, and what it is called in each language."""
        return [
            (self[f"mode_{name}"], [self[f"label_{name}_{code}"] for code, _n in self.languages])
            for name in OFFERED
        ]

    @property
    def words(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Heading, consent and thanks in each language."""
        return [
            (label, [self[f"{what}_{code}"] for code, _name in self.languages])
            for what, label, _longest in WORDS
        ]

    def wish(self) -> Wish:
        """What the action takes."""
        data = self.cleaned_data
        said = {what: self._in_each(what) for what, _label, _longest in WORDS}
        return Wish(
            name=data["name"],
            language=data["language"],
            fields={name: data[f"mode_{name}"] for name in OFFERED},
            labels={name: self._in_each(f"label_{name}") for name in OFFERED},
            redirect_url=data["redirect_url"],
            sites=data["sites"].splitlines(),
            source=data["source"],
            campaign=data["campaign"],
            owner=data["owner"],
            team=data["team"],
            is_active=data["is_active"],
            **said,
        )

    def _in_each(self, what: str) -> dict[str, str]:
        return {code: self.cleaned_data[f"{what}_{code}"] for code, _name in self.languages}


def _area(what: str) -> forms.Widget:
    return forms.TextInput() if what == "title" else forms.Textarea(attrs={"rows": 2})


def _first(held: WebForm | None) -> dict[str, Any]:
    if held is None:
        return {"language": settings.LANGUAGE_CODE}
    return {
        "name": held.name,
        "is_active": held.is_active,
        "language": held.language,
        "source": held.source,
        "campaign": held.campaign,
        "owner": held.owner_id,
        "team": held.team_id,
        "sites": "\n".join(held.sites),
        "redirect_url": held.redirect_url,
    }
