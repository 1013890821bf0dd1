"""What was said with a customer whose records were merged is found by the name that was kept."""

from vinculo.interactions.derived import refresh_interactions, refresh_tasks
from vinculo.interactions.models import Interaction, Task
from vinculo.platform.events import on
from vinculo.platform.models import Event


@on("parties.merged")
def file_under_new_name(event: Event) -> None:
    """Bring the search keys of the kept record's interactions and tasks up to date."""
    kept = event.payload["kept"]
    refresh_interactions(list(Interaction.objects.filter(party=kept).values_list("pk", flat=True)))
    refresh_tasks(list(Task.objects.filter(party=kept).values_list("pk", flat=True)))
