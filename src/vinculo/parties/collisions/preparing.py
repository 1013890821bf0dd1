"""A rule that needs keys gets those of all records: at once where they are few, else by a job.

Until then it only warns. Nobody may slip by who began to write before there was the rule: where
records are few, the table is held for a moment; a job begins once everybody who wrote then is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

from django.db import OperationalError, connection, transaction

from vinculo.kernel.clock import now
from vinculo.parties.collisions.comparing import Rule, keys_of, subject_of
from vinculo.parties.collisions.models import CollisionKey, CollisionRule
from vinculo.parties.collisions.rules import compiled
from vinculo.parties.derived import LOCK, facts_of
from vinculo.platform.jobs import enqueue, enqueue_at, job

#: So many records get their keys while the administrator waits.
AT_ONCE = 3_000
CHUNK = 1_000
AGAIN = timedelta(seconds=1)

SOME = "SELECT id FROM parties_party WHERE kind = %s AND id > %s ORDER BY id LIMIT %s"
NOBODY_WRITES = "LOCK TABLE parties_party IN SHARE ROW EXCLUSIVE MODE NOWAIT"
# Whoever judges by the rules has written to the table before.
WRITING_NOW = """
SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND granted
AND relation = 'parties_party'::regclass AND mode = 'RowExclusiveLock'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND pid <> pg_backend_pid()
"""
# Of records that have the same, the oldest gets the place.
FIRST = """
INSERT INTO parties_collisionkey (rule_id, key, slot, party_id)
SELECT %s, want.key, 0, want.party_id FROM unnest(%s::bigint[], %s::uuid[]) AS want(party_id, key)
WHERE NOT EXISTS (SELECT FROM parties_collisionkey k
    WHERE k.rule_id = %s AND k.key = want.key AND k.party_id = want.party_id)
ORDER BY want.key, want.party_id ON CONFLICT DO NOTHING
"""
BESIDE = """
INSERT INTO parties_collisionkey (rule_id, key, slot, party_id)
SELECT %s, want.key, want.party_id, want.party_id
FROM unnest(%s::bigint[], %s::uuid[]) AS want(party_id, key)
WHERE NOT EXISTS (SELECT FROM parties_collisionkey k
    WHERE k.rule_id = %s AND k.key = want.key AND k.party_id = want.party_id)
ORDER BY want.key, want.party_id ON CONFLICT DO NOTHING
"""
COLLIDED = """
SELECT count(DISTINCT k.party_id) FROM parties_collisionkey k WHERE k.rule_id = %s
AND EXISTS (SELECT FROM parties_collisionkey o
    WHERE o.rule_id = k.rule_id AND o.key = k.key AND o.party_id <> k.party_id)
"""


def prepare_again(rule_ids: Iterable[int]) -> None:
    """Make the keys of these rules anew, after they were changed, switched or put back."""
    CollisionKey.objects.filter(rule_id__in=list(rule_ids)).delete()
    for rule in CollisionRule.objects.filter(pk__in=list(rule_ids)):
        if not (rule.active and compiled(rule).keyed):
            _done(rule, collided=None)
            continue
        CollisionRule.objects.filter(pk=rule.pk).update(ready=False, collided=None)
        if _few(rule.kind) and _nobody_writes():
            _prepare(rule)
        else:
            enqueue(prepare_later, rule_id=rule.pk)


def _few(kind: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM parties_party WHERE kind = %s LIMIT %s) AS few",
            [kind, AT_ONCE + 1],
        )
        return bool(cursor.fetchone()[0] <= AT_ONCE)


def _nobody_writes() -> bool:
    """Hold the table until this transaction ends, if nobody writes into it just now."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(NOBODY_WRITES)
    except OperationalError:
        return False
    return True


@job("parties.prepare_collision_rule", lock="collision_rule:{rule_id}", atomic=False, retry=3)
def prepare_later(*, rule_id: int, before: list[str] | None = None) -> None:
    """The keys of all records, a thousand in each transaction; safe to repeat.

    `before` are the transactions that were writing when it was first tried.
    """
    with connection.cursor() as cursor:
        cursor.execute(WRITING_NOW)
        writing = {row[0] for row in cursor.fetchall()}
    waited_for = sorted(writing if before is None else writing.intersection(before))
    if waited_for:
        enqueue_at(now() + AGAIN, prepare_later, rule_id=rule_id, before=waited_for)
        return
    rule = CollisionRule.objects.filter(pk=rule_id, active=True).first()
    if rule is not None and compiled(rule).keyed:
        _prepare(rule)


def _prepare(kept: CollisionRule) -> None:
    rule = compiled(kept)
    for ids in _chunks(rule.kind):
        with transaction.atomic(), connection.cursor() as cursor:
            # Their writers wait: a key of what was a moment ago must not be written after theirs.
            cursor.execute(LOCK, [ids])
            wanted = [
                (party_id, key)
                for party_id, facts in facts_of(ids).items()
                for key in keys_of(rule, subject_of(facts))
            ]
            _give(rule, wanted)
    with connection.cursor() as cursor:
        cursor.execute(COLLIDED, [rule.pk])
        collided = cursor.fetchone()[0]
    _done(kept, collided=collided)


def _give(rule: Rule, wanted: list[tuple[int, UUID]]) -> None:
    parties, keys = [one[0] for one in wanted], [one[1] for one in wanted]
    with connection.cursor() as cursor:
        for statement in (FIRST, BESIDE) if rule.refuses else (BESIDE,):
            cursor.execute(statement, [rule.pk, parties, keys, rule.pk])


def _chunks(kind: str) -> Iterator[list[int]]:
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(SOME, [kind, after, CHUNK])
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return
        yield ids
        after = ids[-1]


def _done(rule: CollisionRule, *, collided: int | None) -> None:
    """From now on it holds, unless somebody has changed it meanwhile: then it is prepared again."""
    same = CollisionRule.objects.filter(
        pk=rule.pk, conditions=rule.conditions, refuses=rule.refuses, active=rule.active
    )
    same.update(ready=True, collided=collided)
