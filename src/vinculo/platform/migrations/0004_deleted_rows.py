"""What a change-set deleted is found without reading all that it changed: an import is large."""

from django.db import migrations

CREATE = """
CREATE INDEX platform_change_gone ON platform_change (changeset_id, table_name) WHERE op = 'D';
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0003_workers")]

    operations = [migrations.RunSQL(CREATE, "DROP INDEX platform_change_gone")]
