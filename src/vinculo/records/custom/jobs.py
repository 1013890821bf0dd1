"""Work that follows from a change of custom fields: search keys, and values nobody can have back."""

from django.db import transaction

from vinculo.kernel.clock import now
from vinculo.platform import journal
from vinculo.platform.custom import known
from vinculo.platform.custom.columns import COLUMN, Put
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.models import CustomField
from vinculo.platform.models.custom import new_stamp
from vinculo.platform.undo import KEPT_FOR
from vinculo.records.custom.indexing import index_again, index_custom_field
from vinculo.records.registry import find

AT_ONCE = 2_000


@job("records.refresh_custom_search", lock="records.refresh_custom_search", atomic=False, retry=2)
def refresh_search(*, field: int) -> None:
    """Make the search keys of all records anew that hold a value of a field."""
    known.forget()
    found = CustomField.objects.filter(pk=field).first()
    entity = find(found.entity) if found is not None else None
    if found is None or entity is None:
        return
    if found.computed:
        index_custom_field(field=field)  # what follows from others is in no record's keys
    elif entity.derive is not None:
        rows = entity.queryset().filter(**{f"{COLUMN}__has_key": found.slug}).order_by("pk")
        ids = list(rows.values_list("pk", flat=True))
        for start in range(0, len(ids), AT_ONCE):
            with transaction.atomic():
                entity.derive(ids[start : start + AT_ONCE])
    if found.searched and found.deleted_at is None:
        with journal.change_set(actor=None, verb="records.change_custom_field", label=found.label):
            same = CustomField.objects.filter(pk=field, searched=True, deleted_at=None)
            same.update(search_ready=True, stamp=new_stamp())
        known.forget()


@job("records.purge_custom_fields", every="40 3 * * *", lock="records.purge_custom_fields", atomic=False)  # fmt: skip
def purge_custom_fields() -> None:
    """Take the values of fields away that were deleted so long ago that they cannot come back."""
    for gone in CustomField.objects.filter(deleted_at__lt=now() - KEPT_FOR):
        entity = find(gone.entity)
        rows = entity.queryset().filter(**{f"{COLUMN}__has_key": gone.slug}) if entity else None
        while rows is not None:
            some = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
            if not some:
                break
            with journal.change_set(
                actor=None, verb="records.purge_custom_fields", label=gone.label
            ):
                assert entity is not None
                entity.model._base_manager.filter(pk__in=some).update(
                    **{COLUMN: Put(COLUMN, {gone.slug: None})}
                )
        with journal.change_set(actor=None, verb="records.purge_custom_fields", label=gone.label):
            enqueue(index_custom_field, field=gone.pk)
            gone.delete()
    known.forget()
    # An undo brings a definition back without its index.
    for one in CustomField.objects.filter(deleted_at=None):
        index_again(one)
