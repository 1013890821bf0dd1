"""What administrators write on every paper."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _t
from django.utils.translation import pgettext_lazy

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import User
from vinculo.sales.quotes.document.logo import MOST_BYTES, drawn_logo
from vinculo.sales.quotes.document.models import Letterhead, letterhead

TEXTS = ("name", "address", "tax_id", "contact", "bank", "footer")
LONGEST = {"name": 200, "tax_id": 40}
MOST_TEXT = 600


def _lines(label: Any, rows: int, help_text: Any = "") -> CleanText:
    return CleanText(
        label=label, many_lines=True, required=False, max_length=MOST_TEXT, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


class LetterheadForm(forms.Form):
    """Who we are on papers, line by line as it is to be printed."""

    name = CleanText(
        label=pgettext_lazy("of a letterhead", "Company"), max_length=200, required=False,
        help_text=_t("Empty: as this installation is called."),
    )  # fmt: skip
    address = _lines(_t("Address"), 3)
    tax_id = CleanText(label=_t("Tax id"), max_length=40, required=False)
    contact = _lines(
        pgettext_lazy("of a letterhead", "How to reach us"), 3, _t("Phone, e-mail, website.")
    )
    bank = _lines(_t("Bank details"), 3)
    footer = _lines(
        pgettext_lazy("of a letterhead", "Footer"),
        2,
        _t("What must stand at the end of each page."),
    )
    logo = forms.FileField(
        label=_t("Logo"), required=False, allow_empty_file=True, max_length=500,
        help_text=_t("JPEG, PNG, GIF, WebP or BMP. Without a file the logo stays as it is."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/gif,image/webp"}),
    )  # fmt: skip
    no_logo = forms.BooleanField(label=_t("Take the logo away"), required=False)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        held = letterhead()
        super().__init__(data, files, initial={name: getattr(held, name) for name in TEXTS})
        if not held.logo:
            del self.fields["no_logo"]


@action("sales.set_letterhead", label=_t("Write the letterhead"), granted=False)
def set_letterhead(
    *,
    actor: User,
    name: str = "",
    address: str = "",
    tax_id: str = "",
    contact: str = "",
    bank: str = "",
    footer: str = "",
    logo: UploadedFile | None = None,
    no_logo: bool = False,
) -> Letterhead:
    """Write what stands on papers from now on; those issued keep the words they were issued with.
    Without a `logo` the present one stays, unless it is to be taken away."""
    administrators_only(actor)
    told = {"name": name, "address": address, "tax_id": tax_id, "contact": contact, "bank": bank,
            "footer": footer}  # fmt: skip
    for field, text in told.items():
        if len(text) > LONGEST.get(field, MOST_TEXT):
            raise DomainError(_("This is too much text. Write less."), field=field)
    row = Letterhead.objects.select_for_update(of=("self",)).order_by("pk").first() or Letterhead()
    if logo is not None:
        if (logo.size or 0) > MOST_BYTES:
            raise DomainError(_("The picture is larger than %(most)s MB."), "logo", most=5)
        row.logo = b64encode(drawn_logo(logo.read())).decode()
    elif no_logo:
        row.logo = ""
    for field, text in told.items():
        setattr(row, field, text)
    row.save()
    return row
