"""Once: a request that is sent twice does its work once, and both are told the same.

    with once.carry_out(holder="key:7", key="8e03…", digest=…, rights=…) as request:
        if request.earlier is not None:
            return request.earlier      # it was done before: this is what it was answered
        …
        request.keep(status, headers, body)

The note is written in the transaction that does the work. A second request that comes while the
first is still at it waits for the first one's end, and then finds its answer, or, when the first
one failed, does the work itself. Notes are kept for a day.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connection, transaction

from vinculo.kernel.cipher import Unreadable, decrypt, encrypt
from vinculo.kernel.clock import now
from vinculo.kernel.errors import Conflict, DomainError, _
from vinculo.platform.models import OnceKey
from vinculo.platform.sensitive.keys import keys

KEPT = timedelta(hours=24)
#: How long the second of two requests waits for the first, in milliseconds.
PATIENCE = 10_000


class AnotherBody(DomainError):
    """The key was used before, for something else."""


@dataclass(frozen=True)
class Answer:
    """What a request was answered."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass
class Attempt:
    """One try at a request: either it was answered `earlier`, or `keep` what is answered now."""

    earlier: Answer | None = None
    kept: Answer | None = field(default=None, init=False)

    def keep(self, status: int, headers: dict[str, str], body: str) -> None:
        """Remember the answer; it is written when the work commits."""
        self.kept = Answer(status, headers, body)


def digest_of(*parts: bytes) -> str:
    """A fingerprint by which the same request is known again."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


@contextmanager
def carry_out(*, holder: str, key: str, digest: str, rights: str = "") -> Iterator[Attempt]:
    """A transaction around the work of one request; raises Conflict when the first of two takes
    too long or the sender's rights have changed, AnotherBody when the key meant something else."""
    with transaction.atomic():
        found = _claim(holder, key, digest, rights)
        if found is not None:
            yield Attempt(_known(found, digest, rights))
            return
        attempt = Attempt()
        yield attempt
        if attempt.kept is None or connection.needs_rollback:
            # Nothing was done, so nothing is remembered: the next one tries again.
            transaction.set_rollback(True)
            return
        with connection.cursor() as cursor:
            cursor.execute(KEEP, [*_columns(attempt.kept), holder, key])


#: What the kept answers are encrypted for: they may hold sensitive values that the sender may read.
PLACE = "platform_oncekey.body"


def _columns(answer: Answer) -> list[Any]:
    body = encrypt(keys(), PLACE, answer.body) if answer.body else ""
    return [answer.status, json.dumps(answer.headers), body]


def _known(found: OnceKey, digest: str, rights: str) -> Answer:
    if found.digest != digest:
        raise AnotherBody(_("This key was used before, with another request. Send a new key."))
    if found.rights != rights:
        raise Conflict(_("This was done before, and your rights have changed since. Read it anew."))
    try:
        body = decrypt(keys(), PLACE, found.body) if found.body else ""
    except Unreadable as error:
        raise Conflict(_("This was done before. Read it anew.")) from error
    return Answer(found.status or 200, dict(found.headers), body)


# Waits for another transaction that has just claimed the same key, and sees how it ended. A note
# that is older than a day counts as none.
CLAIM = """
INSERT INTO platform_oncekey AS known (holder, key, digest, rights, at, headers, body)
VALUES (%(holder)s, %(key)s, %(digest)s, %(rights)s, %(at)s, '{}', '')
ON CONFLICT (holder, key) DO UPDATE SET digest = excluded.digest, rights = excluded.rights,
    at = excluded.at, status = NULL, headers = '{}', body = ''
    WHERE known.at < %(since)s
RETURNING id
"""
KEEP = """
UPDATE platform_oncekey SET status = %s, headers = %s, body = %s WHERE holder = %s AND key = %s
"""


def _claim(holder: str, key: str, digest: str, rights: str) -> OnceKey | None:
    """Write the note; the earlier one when there is one already."""
    at = now()
    values: dict[str, Any] = {"holder": holder, "key": key, "digest": digest, "rights": rights}
    values |= {"at": at, "since": at - KEPT}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(PATIENCE)])
            cursor.execute(CLAIM, values)
            claimed = cursor.fetchone()
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        raise Conflict(_("The first request with this key is still at work. Wait a moment.")) from (
            error
        )
    if claimed:
        return None
    return OnceKey.objects.get(holder=holder, key=key)


LOCK_NOT_AVAILABLE = "55P03"


def forget_old() -> None:
    """Drop the notes that are older than a day (housekeeping)."""
    OnceKey.objects.filter(at__lt=now() - KEPT).delete()
