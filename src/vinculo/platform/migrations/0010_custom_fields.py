"""Fields that administrators add to record types, and the functions that read their values."""

from pathlib import Path

from django.db import migrations, models

import vinculo.platform.models.custom

FUNCTIONS = Path(__file__).parents[1] / "custom" / "functions.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0009_notification_about"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS.read_text("utf-8"), migrations.RunSQL.noop),
        migrations.CreateModel(
            name="CustomField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entity", models.CharField(max_length=80, verbose_name="Record type")),
                ("slug", models.CharField(max_length=48, verbose_name="Key")),
                ("labels", models.JSONField(default=dict, verbose_name="Label")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("long_text", "Long text"),
                            ("number", "Number"),
                            ("money", "Money"),
                            ("date", "Date"),
                            ("datetime", "Date and time"),
                            ("boolean", "Yes or no"),
                            ("choice", "One of several choices"),
                            ("choices", "Some of several choices"),
                            ("relation", "Another record"),
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("url", "Web address"),
                        ],
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                ("choices", models.JSONField(blank=True, default=list, verbose_name="Choices")),
                (
                    "currency",
                    models.CharField(blank=True, default="", max_length=3, verbose_name="Currency"),
                ),
                ("decimals", models.PositiveSmallIntegerField(default=0, verbose_name="Decimals")),
                (
                    "target",
                    models.CharField(
                        blank=True, default="", max_length=80, verbose_name="Points to"
                    ),
                ),
                ("help", models.JSONField(blank=True, default=dict, verbose_name="Help")),
                ("required", models.BooleanField(default=False, verbose_name="Must be filled")),
                (
                    "on_form",
                    models.BooleanField(
                        default=True, verbose_name="Asked for in the form of a new record"
                    ),
                ),
                (
                    "searched",
                    models.BooleanField(default=False, verbose_name="Found by the search"),
                ),
                ("search_ready", models.BooleanField(default=False, editable=False)),
                (
                    "indexed",
                    models.BooleanField(default=False, verbose_name="Fast to filter and sort by"),
                ),
                ("position", models.PositiveIntegerField(default=0, verbose_name="Position")),
                ("deleted_at", models.DateTimeField(blank=True, null=True, verbose_name="Deleted")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="Created")),
                (
                    "stamp",
                    models.BigIntegerField(
                        default=vinculo.platform.models.custom.new_stamp, editable=False
                    ),
                ),
            ],
            options={
                "verbose_name": "Custom field",
                "verbose_name_plural": "Custom fields",
                "ordering": ["entity", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("entity"), models.F("slug"), name="custom_field_slug"
                    )
                ],
            },
        ),
    ]
