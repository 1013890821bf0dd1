"""Forms for files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.forms.base import ActionForm, line


class AttachFileForm(ActionForm):
    """A file to keep with a customer."""

    upload = forms.FileField(label=_("File"), allow_empty_file=True, max_length=500)


class RenameFileForm(ActionForm):
    """Another name for a file."""

    name = line(_("File name"), required=True)

    def prepare(self) -> None:
        if self.record is not None:
            self.initial.setdefault("name", self.record.name)
        super().prepare()
