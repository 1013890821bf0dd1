"""The journal's table of changes: partitioned by month, written by triggers only."""

from django.db import migrations

TABLE = """
CREATE TABLE platform_change (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    changeset_id bigint NOT NULL,
    table_name varchar(63) NOT NULL,
    row_id bigint NOT NULL,
    op varchar(1) NOT NULL,
    before jsonb,
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE TABLE platform_change_otherwise PARTITION OF platform_change DEFAULT;
CREATE INDEX platform_change_row ON platform_change (table_name, row_id, id);
CREATE INDEX platform_change_set ON platform_change (changeset_id);
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_initial")]

    operations = [migrations.RunSQL(TABLE, "DROP TABLE platform_change")]
