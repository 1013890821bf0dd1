from django.db import migrations, models

#: A mention names its customer only in the address it leads to.
MENTIONS = r"""
UPDATE platform_notification
SET about = 'parties.party', about_id = substring(url FROM '^/[a-z]+/([0-9]{1,18})')::bigint
WHERE kind = 'mention' AND url ~ '^/(companies|people)/[0-9]{1,18}'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0008_reveal_access"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="about",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="notification",
            name="about_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunSQL(MENTIONS, migrations.RunSQL.noop),
    ]
