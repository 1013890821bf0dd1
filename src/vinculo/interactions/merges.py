"""What was said with a customer whose records were merged is found by the name that was kept."""

from django.db import connection

from vinculo.interactions.derived import refresh_interactions, refresh_tasks
from vinculo.interactions.models import Interaction, Task
from vinculo.platform.events import on
from vinculo.platform.models import Event

# What was a task for one of them is none for the record that was kept.
OCCASIONS = """
INSERT INTO interactions_careoccasion (rule_id, party_id, day)
SELECT rule_id, %s, day FROM interactions_careoccasion WHERE party_id = ANY(%s)
ON CONFLICT DO NOTHING
"""


@on("parties.merged")
def file_under_new_name(event: Event) -> None:
    """Bring the search keys of the kept record's interactions and tasks up to date."""
    kept = event.payload["kept"]
    refresh_interactions(list(Interaction.objects.filter(party=kept).values_list("pk", flat=True)))
    refresh_tasks(list(Task.objects.filter(party=kept).values_list("pk", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute(OCCASIONS, [kept, event.payload["gone"]])
