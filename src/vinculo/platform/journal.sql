-- The journal's functions. Statement-level triggers with transition tables: a COPY of a million
-- rows is one INSERT … SELECT here.

CREATE OR REPLACE FUNCTION vinculo_changeset() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    open_set text := current_setting('vinculo.changeset', true);
    made bigint;
BEGIN
    IF open_set IS NOT NULL AND open_set <> '' THEN
        RETURN open_set::bigint;
    END IF;
    -- A write outside any action: noted with the database user, so that nothing escapes.
    INSERT INTO platform_changeset (at, actor_id, verb, via, label)
    VALUES (now(), NULL, 'outside', 'database', session_user)
    RETURNING id INTO made;
    PERFORM set_config('vinculo.changeset', made::text, true);
    RETURN made;
END $$;

CREATE OR REPLACE FUNCTION vinculo_journal_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO platform_change (at, changeset_id, table_name, row_id, op)
    SELECT now(), (SELECT vinculo_changeset()), TG_TABLE_NAME, fresh.id, 'I'
    FROM fresh;
    RETURN NULL;
END $$;

-- Old and new images are never joined row by row: the plan of a connection's first update, which is
-- often of one row, is kept for all that follow, and twenty thousand rows would be compared with
-- twenty thousand.
CREATE OR REPLACE FUNCTION vinculo_journal_update() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
DECLARE
    ignored text[] := coalesce(TG_ARGV, '{}');
BEGIN
    INSERT INTO platform_change (at, changeset_id, table_name, row_id, op, before)
    SELECT now(), (SELECT vinculo_changeset()), TG_TABLE_NAME, pair.id, 'U', pair.before
    FROM (
        SELECT images.id, (
            SELECT jsonb_object_agg(was.key, was.value) FROM (
                SELECT o.key, o.value FROM jsonb_each(images.old_image - 'custom') o
                WHERE o.value IS DISTINCT FROM (images.new_image -> o.key)
                UNION ALL
                -- Custom values by themselves: two people change two of them, and each is undone alone.
                SELECT 'custom.' || k.key, coalesce(images.old_image -> 'custom' -> k.key, 'null')
                FROM jsonb_object_keys((images.old_image -> 'custom') || (images.new_image -> 'custom'))
                     k(key)
                WHERE images.old_image -> 'custom' IS DISTINCT FROM images.new_image -> 'custom'
                AND (images.old_image -> 'custom' -> k.key)
                    IS DISTINCT FROM (images.new_image -> 'custom' -> k.key)
            ) was
        ) AS before
        FROM (
            SELECT fresh.id, to_jsonb(stale) - ignored AS old_image, to_jsonb(fresh) AS new_image
            FROM stale JOIN fresh ON fresh.id = stale.id
            OFFSET 0
        ) images
        OFFSET 0
    ) pair
    WHERE pair.before IS NOT NULL;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION vinculo_journal_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO platform_change (at, changeset_id, table_name, row_id, op, before)
    SELECT now(), (SELECT vinculo_changeset()), TG_TABLE_NAME, stale.id, 'D', to_jsonb(stale)
    FROM stale;
    RETURN NULL;
END $$;

-- Months of the journal: this one and the next two always have a partition of their own; the
-- default partition only catches a clock that is wrong.
CREATE OR REPLACE FUNCTION vinculo_journal_months(ahead integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month timestamptz;
    part text;
BEGIN
    FOR step IN 0..ahead LOOP
        month := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + make_interval(months => step);
        part := 'platform_change_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM');
        IF to_regclass(part) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF platform_change FOR VALUES FROM (%L) TO (%L)',
                part, month, (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
        END IF;
    END LOOP;
END $$;
