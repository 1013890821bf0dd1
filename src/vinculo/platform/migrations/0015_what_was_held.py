"""What once pointed at a record is found in the journal: deleted rows, and what an update replaced of
references, have an index. No other update is in it, so that changing many records costs no more."""

from django.db import migrations

CREATE = r"""
CREATE INDEX platform_change_held ON platform_change USING gin (before jsonb_path_ops)
WHERE op = 'D' OR op = 'U' AND before::text ~ '(_id|"custom\.[a-z0-9_]*)": [0-9]';
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0014_figures")]

    operations = [migrations.RunSQL(CREATE, "DROP INDEX platform_change_held")]
