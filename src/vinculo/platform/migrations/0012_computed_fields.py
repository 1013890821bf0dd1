"""Fields that follow from others: formulas and roll-ups."""

from pathlib import Path

from django.db import migrations, models

FUNCTIONS = Path(__file__).parents[1] / "custom" / "functions.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0011_record_layouts"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS.read_text("utf-8"), migrations.RunSQL.noop),
        migrations.AddField(
            model_name="customfield",
            name="formula",
            field=models.TextField(blank=True, default="", verbose_name="Formula"),
        ),
        migrations.AddField(
            model_name="customfield",
            name="gives",
            field=models.CharField(blank=True, default="", editable=False, max_length=12),
        ),
        migrations.AddField(
            model_name="customfield",
            name="rollup",
            field=models.JSONField(blank=True, default=dict, verbose_name="Roll-up"),
        ),
        migrations.AlterField(
            model_name="customfield",
            name="kind",
            field=models.CharField(
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
                    ("formula", "Formula"),
                    ("rollup", "Roll-up of related records"),
                ],
                max_length=12,
                verbose_name="Kind",
            ),
        ),
    ]
