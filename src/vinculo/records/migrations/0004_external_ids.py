"""What other systems call our records."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0003_saved_views")]

    operations = [
        migrations.CreateModel(
            name="ExternalId",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entity", models.CharField(max_length=80)),
                ("row_id", models.BigIntegerField()),
                ("source", models.CharField(max_length=40, verbose_name="System")),
                ("value", models.CharField(max_length=120, verbose_name="External id")),
            ],
            options={
                "verbose_name": "External id",
                "verbose_name_plural": "External ids",
                "indexes": [
                    models.Index(models.F("entity"), models.F("row_id"), name="external_id_row")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("entity"),
                        models.F("source"),
                        models.F("value"),
                        name="external_id_unique",
                    )
                ],
            },
        ),
    ]
