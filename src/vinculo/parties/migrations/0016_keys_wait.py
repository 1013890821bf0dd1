import django.contrib.postgres.indexes
from django.db import migrations, models

KINDS = ("company", "person")


def _index(kind):
    return django.contrib.postgres.indexes.GinIndex(
        condition=models.Q(("kind", kind)),
        fastupdate=True,
        fields=["search"],
        gin_pending_list_limit=512,
        name=f"party_search_{kind}",
    )


class Migration(migrations.Migration):
    """Keys of the search wait in small heaps: a setting of its indexes, which need not be made anew."""

    dependencies = [
        ("parties", "0015_data_quality"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER INDEX party_search_{kind}"
                    " SET (fastupdate = on, gin_pending_list_limit = 512)",
                    f"ALTER INDEX party_search_{kind} SET (fastupdate = off);"
                    f" ALTER INDEX party_search_{kind} RESET (gin_pending_list_limit)",
                )
            ],
            state_operations=[
                migrations.RemoveIndex(model_name="party", name=f"party_search_{kind}"),
                migrations.AddIndex(model_name="party", index=_index(kind)),
            ],
        )
        for kind in KINDS
    ]
