"""What happens by the clock: reminders, and files that nothing can bring back any more."""

import time

from django.db import connection, transaction

from vinculo.interactions.models import File, Task
from vinculo.interactions.notices import tell_due
from vinculo.kernel.clock import now
from vinculo.parties.models import Party
from vinculo.platform import blobs
from vinculo.platform.jobs import job
from vinculo.platform.models import User
from vinculo.platform.undo import KEPT_FOR

AT_ONCE = 500


@job("interactions.remind", every="* * * * *", lock="interactions.remind")
def remind() -> None:
    """Tell people about the tasks they wanted to be reminded of; each reminder once."""
    with transaction.atomic():
        due = list(
            Task.objects.filter(
                remind_at__lte=now(), done_at__isnull=True, reminded_at__isnull=True
            )
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("remind_at")[:AT_ONCE]
        )
        owners = _owners(due)
        for task in due:
            if task.owner_id in owners:
                tell_due(owners[task.owner_id], task)
        Task.objects.filter(pk__among=[task.pk for task in due]).update(reminded_at=now())


def _owners(tasks: list[Task]) -> dict[int, User]:
    """The people to tell: one object each, so that their rights are read once."""
    wanted = {task.owner_id for task in tasks if task.owner_id}
    return {user.pk: user for user in User.objects.filter(pk__among=wanted, is_active=True)}


STILL_RESTORABLE = """
SELECT before->>'token' FROM platform_change
WHERE table_name = 'interactions_file' AND op = 'D' AND at > %(since)s
UNION
SELECT before->>'portrait' FROM platform_change
WHERE table_name = 'parties_party' AND op IN ('D', 'U') AND at > %(since)s
AND before->>'portrait' <> ''
"""


@job("interactions.discard_files", every="41 3 * * *", lock="interactions.discard_files")
def discard_files() -> None:
    """Remove the content of files and pictures that were deleted longer ago than an undo reaches
    back, and what an interrupted upload or import left behind."""
    kept = set(File.objects.values_list("token", flat=True))
    kept |= set(Party.objects.exclude(portrait="").values_list("portrait", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(STILL_RESTORABLE, {"since": now() - KEPT_FOR})
        kept |= {row[0] for row in cursor.fetchall()}
    # Younger ones may belong to an upload whose transaction is not over yet.
    settled = time.time() - 24 * 3600
    for token, written in blobs.tokens():
        if token not in kept and written < settled:
            blobs.discard(token)
