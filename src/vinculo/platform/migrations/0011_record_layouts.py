"""How administrators arrange the form and the page of a record type."""

import django.db.models.deletion
from django.db import migrations, models

import vinculo.platform.models.custom


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0010_custom_fields"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordLayout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entity", models.CharField(max_length=80, verbose_name="Record type")),
                ("shape", models.JSONField(default=dict, verbose_name="Layout")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="Position")),
                (
                    "stamp",
                    models.BigIntegerField(
                        db_default=0,
                        default=vinculo.platform.models.custom.new_stamp,
                        editable=False,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="layouts",
                        to="platform.role",
                        verbose_name="Role",
                    ),
                ),
            ],
            options={
                "verbose_name": "Layout",
                "verbose_name_plural": "Layouts",
                "ordering": ["entity", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entity", "role"), name="record_layout_once", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
