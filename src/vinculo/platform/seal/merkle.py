"""Merkle roots and the chain of seals: pure arithmetic over digests."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

SIZE = 32
#: Bytes of a digest that suffice to tell which change does not fit; the root holds all of it.
MARK = 8
BEGINNING = bytes(SIZE)


def leaf(change: bytes, image: bytes) -> bytes:
    """The leaf of one change: its own digest and the mark of the row it left behind."""
    return hashlib.sha256(b"\x00" + change + image).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over the leaves in their order; a lone node moves up as it is.

    Leaves and nodes are hashed with different first bytes, so that neither can pass for the other.
    """
    level = list(leaves) or [BEGINNING]
    while len(level) > 1:
        above = [
            hashlib.sha256(b"\x01" + level[at] + level[at + 1]).digest()
            for at in range(0, len(level) - 1, 2)
        ]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def link(previous: bytes, number: int, at: datetime, count: int, total: int, root: bytes) -> bytes:
    """The seal `number` as a digest that depends on every seal before it."""
    said = f"{number}|{at.isoformat()}|{count}|{total}|".encode()
    return hashlib.sha256(b"\x02" + previous + said + root).digest()
