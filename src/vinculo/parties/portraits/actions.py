"""The verb: give a company or person a picture, or take it away."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.parties.forms import PartyForm
from vinculo.parties.models import Party
from vinculo.parties.portraits.drawing import MOST_BYTES, drawn
from vinculo.parties.portraits.keeping import keep
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.models import User


class PictureForm(PartyForm):
    """A picture of somebody; none takes the present one away."""

    picture = forms.FileField(
        label=_t("Picture"),
        required=False,
        allow_empty_file=True,
        max_length=500,
        help_text=_t("JPEG, PNG, GIF, WebP or BMP. Without a file the picture is taken away."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/gif,image/webp"}),
    )


@action(
    "parties.set_picture",
    label=_t("Picture"),
    form=PictureForm,
    on=("parties.company", "parties.person"),
    subject="party",
    icon="image",
    granted=False,
    order=80,
)
def set_picture(*, actor: User, party: Party, picture: UploadedFile | None = None) -> None:
    """Show this picture beside the name from now on, or none; it is drawn anew and kept small."""
    if not Party.objects.visible_to(actor, "edit").filter(pk=party.pk).exists():
        if Party.objects.visible_to(actor).filter(pk=party.pk).exists():
            raise NotAllowed(_("You may see this record but not change it."))
        raise NotFound(_("There is no such record, or you may not see it."))
    token = ""
    if picture is not None:
        if (picture.size or 0) > MOST_BYTES:
            raise DomainError(_("The picture is larger than %(most)s MB."), "picture", most=5)
        token = keep(drawn(picture.read()))
    Party.objects.filter(pk=party.pk).update(portrait=token)
    journal.relabel(party.name)
