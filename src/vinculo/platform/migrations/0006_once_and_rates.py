"""Requests that were carried out, calls that are left, and a key's own limit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform", "0005_access_events")]

    operations = [
        migrations.CreateModel(
            name="OnceKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=255)),
                ("digest", models.CharField(max_length=64)),
                ("rights", models.CharField(blank=True, default="", max_length=64)),
                ("at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.TextField(blank=True, default="")),
            ],
            options={
                "indexes": [models.Index(models.F("at"), name="once_key_at")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("holder"), models.F("key"), name="once_key_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RateBucket",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("remaining", models.FloatField()),
                ("granted", models.FloatField(default=0)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE platform_ratebucket SET UNLOGGED",
            "ALTER TABLE platform_ratebucket SET LOGGED",
        ),
        migrations.AddField(
            model_name="apikey",
            name="rate",
            field=models.PositiveIntegerField(null=True, verbose_name="Calls per minute"),
        ),
    ]
