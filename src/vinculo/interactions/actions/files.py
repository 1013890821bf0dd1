"""Files kept with a customer: attached, renamed, removed."""

from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy

from vinculo.interactions import media
from vinculo.interactions.actions.calls import PARTIES
from vinculo.interactions.actions.common import company_id_of, reachable_party
from vinculo.interactions.actions.offers import only_on_timelines
from vinculo.interactions.forms import AttachFileForm, RenameFileForm
from vinculo.interactions.models import File
from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.kernel.text import clean
from vinculo.parties.models import Party
from vinculo.platform import blobs, journal
from vinculo.platform.actions import action
from vinculo.platform.events import emit
from vinculo.platform.models import User

FILE = "interactions.file"
LONGEST_NAME = 200


@action(
    "interactions.attach_file",
    label=gettext_lazy("Attach file"),
    done=gettext_lazy("File attached."),
    form=AttachFileForm,
    on=PARTIES,
    subject="party",
    icon="paperclip",
)
def attach_file(*, actor: User, party: Party, upload: UploadedFile) -> File:
    """Keep a file with a customer; what it is, its content says."""
    customer = reachable_party(actor, party)
    name = file_name(upload.name or "")
    token, size, digest = blobs.store(upload.chunks(), settings.FILE_LIMIT)
    try:
        file = File.objects.create(
            party_id=customer.pk,
            company_id=company_id_of(customer),
            token=token,
            name=name,
            media_type=media.sniff(blobs.path_of(token))[:100],
            size=size,
            digest=digest,
            owner=actor,
            team_id=actor.main_team_id(),
        )
        journal.relabel(name)
        emit("interactions.file_attached", {"file": file.pk, "party": customer.pk})
    except BaseException:
        blobs.discard(token)
        raise
    return file


@action(
    "interactions.rename_file",
    label=gettext_lazy("Rename"),
    done=gettext_lazy("File renamed."),
    form=RenameFileForm,
    on=FILE,
    subject="file",
    icon="pencil",
    granted=False,
    offered=only_on_timelines,
)
def rename_file(*, actor: User, file: File, name: str) -> File:
    """Give a file another name."""
    renamed = editable_file(actor, file, "edit")
    renamed.name = file_name(name)
    renamed.save(update_fields=["name", "updated_at"])
    journal.relabel(renamed.name)
    return renamed


@action(
    "interactions.remove_file",
    label=gettext_lazy("Delete"),
    done=gettext_lazy("File deleted."),
    on=FILE,
    subject="file",
    icon="trash-2",
    granted=False,
    offered=only_on_timelines,
)
def remove_file(*, actor: User, file: File) -> None:
    """Delete a file; its content is kept as long as that can be undone."""
    gone = editable_file(actor, file, "delete")
    journal.relabel(gone.name)
    emit("interactions.file_removed", {"file": gone.pk, "party": gone.party_id})
    gone.delete()


def editable_file(actor: User, file: File, verb: str) -> File:
    """The file, locked, if the actor may do `verb` to it; NotFound otherwise."""
    found = File.objects.filter(pk=file.pk).visible_to(actor, verb).select_for_update(of=("self",))
    row = found.first()
    if row is None:
        raise NotFound(_("There is no such file, or you may not change it."))
    return row


def file_name(typed: str) -> str:
    """A name without folders and signs that mislead; the ending survives shortening."""
    name = clean(PurePosixPath(typed.replace("\\", "/")).name).strip(". ")
    name = "".join(sign for sign in name if sign not in '<>:"|?*')
    if not name:
        raise DomainError(_("The file needs a name."), field="name")
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 20:
        return name[:LONGEST_NAME]
    return stem[: LONGEST_NAME - len(ending) - 1] + "." + ending
