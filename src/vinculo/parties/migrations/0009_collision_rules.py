import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The database takes keys along with what they belong to, however that goes. Looked at only when
# the transaction wants it, where all tables are loaded in one go.
KEYS_FOLLOW = """
ALTER TABLE parties_collisionkey
    ADD CONSTRAINT collision_key_rule FOREIGN KEY (rule_id) REFERENCES parties_collisionrule
        ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE,
    ADD CONSTRAINT collision_key_party FOREIGN KEY (party_id) REFERENCES parties_party
        ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE;
"""
KEYS_ALONE = """
ALTER TABLE parties_collisionkey
    DROP CONSTRAINT collision_key_rule, DROP CONSTRAINT collision_key_party;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0008_custom_values"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CollisionKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule_id", models.BigIntegerField()),
                ("key", models.UUIDField()),
                ("slot", models.BigIntegerField()),
                ("party_id", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "Collision key",
                "verbose_name_plural": "Collision keys",
                "indexes": [models.Index(models.F("party_id"), name="collision_key_party_id")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("rule_id"),
                        models.F("key"),
                        models.F("slot"),
                        name="collision_key_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CollisionRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10, verbose_name="Record type")),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                ("conditions", models.JSONField(default=list, verbose_name="Conditions")),
                ("refuses", models.BooleanField(default=False, verbose_name="Refuses")),
                (
                    "tells",
                    models.BooleanField(
                        default=True, verbose_name="Says that a colleague has the customer"
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="Active")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="Position")),
                ("ready", models.BooleanField(db_default=True, default=True)),
                ("collided", models.PositiveIntegerField(null=True)),
            ],
            options={
                "verbose_name": "Collision rule",
                "verbose_name_plural": "Collision rules",
                "ordering": ["kind", "position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["company", "person"])),
                        name="collision_rule_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnerAsked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("party_id", models.BigIntegerField()),
                ("about", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Question to an owner",
                "verbose_name_plural": "Questions to owners",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("asker"), models.F("party_id"), name="owner_asked_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(KEYS_FOLLOW, KEYS_ALONE),
    ]
