"""The database itself refuses a company above itself: also from psql, an import or an undo."""

from django.db import migrations

CREATE = """
CREATE OR REPLACE FUNCTION parties_refuse_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Moves wait for each other: two that are harmless alone can make a circle together.
    PERFORM pg_advisory_xact_lock(hashtext('parties.hierarchy'));
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT id, parent_id, ARRAY[id] AS path FROM parties_party WHERE id = NEW.parent_id
            UNION ALL
            SELECT p.id, p.parent_id, path || p.id
            FROM parties_party p JOIN above ON p.id = above.parent_id
            WHERE NOT p.id = ANY(path)
        )
        SELECT 1 FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'A company cannot be its own parent.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'party_parent_no_cycle',
                  TABLE = 'parties_party', COLUMN = 'parent_id';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER parties_refuse_cycle_on_insert AFTER INSERT ON parties_party
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION parties_refuse_cycle();
CREATE TRIGGER parties_refuse_cycle_on_update AFTER UPDATE OF parent_id ON parties_party
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL AND NEW.parent_id IS DISTINCT FROM OLD.parent_id)
    EXECUTE FUNCTION parties_refuse_cycle();
"""

DROP = """
DROP TRIGGER parties_refuse_cycle_on_insert ON parties_party;
DROP TRIGGER parties_refuse_cycle_on_update ON parties_party;
DROP FUNCTION parties_refuse_cycle();
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
