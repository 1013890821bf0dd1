"""The function that keeps figures which come out of formulas within what a field may hold."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = Path(__file__).parents[1] / "custom" / "functions.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0013_terms_and_modules"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS.read_text("utf-8"), migrations.RunSQL.noop),
    ]
