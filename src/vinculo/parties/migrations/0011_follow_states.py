"""The dated states follow the party's column, whoever writes it: form, list, board, bulk change,
import, program, merge, undo or psql."""

from django.db import migrations

# The end of each state is the beginning of the next, and no two end alike: since every state begins
# later than the one before, all of a party's states are one chain, and one of them is open. Django
# knows neither foreign keys of several columns nor deferred constraints in which nulls are alike.
CHAIN = """
ALTER TABLE parties_datedstate ADD CONSTRAINT dated_state_one_open
    UNIQUE NULLS NOT DISTINCT (party_id, kind, until) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE parties_datedstate ADD CONSTRAINT dated_state_followed
    FOREIGN KEY (party_id, kind, until) REFERENCES parties_datedstate (party_id, kind, began)
    DEFERRABLE INITIALLY DEFERRED;
"""
UNCHAIN = """
ALTER TABLE parties_datedstate DROP CONSTRAINT dated_state_followed;
ALTER TABLE parties_datedstate DROP CONSTRAINT dated_state_one_open;
"""

FOLLOW = """
-- Nested loops are switched off below for the images; here they are what is wanted.
CREATE OR REPLACE FUNCTION parties_move_states(
    kind_ text, ids bigint[], was text[], became text[], why_ text, details_ jsonb, rule_ bigint,
    held_ timestamptz, at_ timestamptz
) RETURNS void LANGUAGE plpgsql SET enable_nestloop = on AS $$
DECLARE
    open_set bigint := nullif(current_setting('vinculo.changeset', true), '')::bigint;
    actor bigint := (SELECT actor_id FROM platform_changeset WHERE id = open_set);
    least interval := interval '1 microsecond';
BEGIN
    -- Who has never moved was in the first state since the record was made.
    INSERT INTO parties_datedstate (party_id, kind, state, began, until, why, details)
    SELECT p.id, kind_, m.state, p.created_at, greatest(at_, p.created_at + least), 'start', '{}'
    FROM unnest(ids, was) AS m(id, state) JOIN parties_party p ON p.id = m.id
    WHERE NOT EXISTS (
        SELECT FROM parties_datedstate d WHERE d.party_id = m.id AND d.kind = kind_);
    UPDATE parties_datedstate d SET until = greatest(at_, d.began + least)
    FROM unnest(ids) AS m(id) WHERE d.party_id = m.id AND d.kind = kind_ AND d.until IS NULL;
    INSERT INTO parties_datedstate (party_id, kind, state, began, until, why, details, rule_id,
                                    by_id, changeset_id, held_until)
    SELECT m.id, kind_, m.state, (SELECT max(d.until) FROM parties_datedstate d
                                  WHERE d.party_id = m.id AND d.kind = kind_),
           NULL, why_, details_, rule_, actor, open_set, held_
    FROM unnest(ids, became) AS m(id, state);
END $$;

CREATE OR REPLACE FUNCTION parties_follow_states() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
DECLARE
    ids bigint[];
    was text[];
    became text[];
    verb_ text;
    via_ text;
BEGIN
    IF current_setting('vinculo.states', true) = 'kept' THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(fresh.id), array_agg(stale.state), array_agg(fresh.state)
    INTO ids, was, became
    FROM stale JOIN fresh ON fresh.id = stale.id WHERE fresh.state <> stale.state;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT s.verb, s.via INTO verb_, via_ FROM platform_changeset s
    WHERE s.id = nullif(current_setting('vinculo.changeset', true), '')::bigint;
    PERFORM parties_move_states(
        'sales', ids, was, became,
        CASE verb_ WHEN 'parties.merge' THEN 'merge' WHEN 'platform.undo' THEN 'undo' ELSE 'hand' END,
        jsonb_strip_nulls(jsonb_build_object('verb', verb_, 'via', via_)), NULL, NULL,
        clock_timestamp());
    RETURN NULL;
END $$;
CREATE TRIGGER parties_follow_states AFTER UPDATE ON parties_party
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION parties_follow_states();
"""
UNFOLLOW = """
DROP TRIGGER parties_follow_states ON parties_party;
DROP FUNCTION parties_follow_states();
DROP FUNCTION parties_move_states(
    text, bigint[], text[], text[], text, jsonb, bigint, timestamptz, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0010_dated_states")]
    operations = [
        migrations.RunSQL(CHAIN, UNCHAIN),
        migrations.RunSQL(FOLLOW, UNFOLLOW),
    ]
