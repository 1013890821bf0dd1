"""Which pages offer an action: the page of something planned offers other things than that of
something done, and what every record page offers anyway is not offered twice."""

from vinculo.interactions.models import File, Interaction, Kind, Status, Task


def is_planned(record: Interaction) -> bool:
    """It is still to take place."""
    return record.status == Status.PLANNED


def can_be_arrived_at(record: Interaction) -> bool:
    """A planned visit or meeting."""
    return is_planned(record) and record.kind in (Kind.VISIT, Kind.MEETING)


def is_open(record: Task) -> bool:
    """It is not done."""
    return record.done_at is None


def is_done(record: Task) -> bool:
    """It is done."""
    return record.done_at is not None


def only_on_timelines(record: Interaction | Task | File) -> bool:
    """Never on the record's own page, which has its own edit and delete."""
    return False
