"""The journal's seals, a cheap way to its newest rows, and room for what an erasure leaves."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Numbers grow along the table, so a summary of its pages finds the newest without costing each
# write an entry. `before_digest` stands for a payload that was erased: the seal still verifies.
JOURNAL = """
CREATE INDEX platform_change_number ON platform_change USING brin (id)
    WITH (pages_per_range = 16, autosummarize = on);
ALTER TABLE platform_change ADD COLUMN before_digest bytea;
"""
BACK = """
ALTER TABLE platform_change DROP COLUMN before_digest;
DROP INDEX platform_change_number;
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0006_once_and_rates")]

    operations = [
        migrations.CreateModel(
            name="SealLayout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField(unique=True)),
                ("tables", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("previous", models.BinaryField()),
                ("root", models.BinaryField()),
                ("chain", models.BinaryField()),
                ("count", models.IntegerField()),
                ("total", models.BigIntegerField()),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField()),
                ("horizon", models.BigIntegerField()),
                ("floor", models.BigIntegerField()),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "changesets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "tables",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=63), size=None
                    ),
                ),
                (
                    "rows",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("marks", models.BinaryField()),
                ("images", models.BinaryField()),
                (
                    "layout",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="platform.seallayout",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["last_id"], name="seal_last_id")]},
        ),
        migrations.RunSQL(JOURNAL, BACK),
    ]
