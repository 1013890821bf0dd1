"""What of the found doubles a reader sees: groups of records they may see, not yet decided."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, Max, OuterRef, QuerySet

from vinculo.parties.matching.clusters import Clusters
from vinculo.parties.matching.models import (
    DifferentCustomers,
    DuplicateSearch,
    PossibleDuplicate,
)
from vinculo.parties.merging.actions import MOST_AT_ONCE
from vinculo.parties.models import Party
from vinculo.platform.models import User, Work

ON_A_PAGE = 20
#: What the work of a search is called.
SEARCHING = "duplicates"
MOST_MERGED = 2_000


@dataclass
class Cluster:
    """Records that may all be one customer."""

    number: int
    parties: list[Party] = field(default_factory=list)
    #: Field → the surest level in which any two of them agree.
    levels: dict[str, str] = field(default_factory=dict)
    score: int = 0


def open_pairs(user: User, kind: str, least: int) -> QuerySet[PossibleDuplicate]:
    """Pairs at least so sure whose records the user sees both, and of which nobody has said that
    they are different."""
    seen = Party.objects.filter(kind=kind).visible_to(user).order_by().values("pk")
    decided = DifferentCustomers.objects.filter(
        one_id=OuterRef("one_id"), other_id=OuterRef("other_id")
    )
    return PossibleDuplicate.objects.filter(
        ~Exists(decided), kind=kind, score__gte=least, one_id__in=seen, other_id__in=seen
    )


def clusters(user: User, kind: str, least: int, page: int = 1) -> tuple[list[Cluster], bool]:
    """One page of groups, the surest first, and whether there are more."""
    pairs = open_pairs(user, kind, least)
    start = (page - 1) * ON_A_PAGE
    numbers = list(
        pairs.values("cluster")
        .annotate(most=Max("weight"))
        .order_by("-most", "cluster")
        .values_list("cluster", flat=True)[start : start + ON_A_PAGE + 1]
    )
    more = len(numbers) > ON_A_PAGE
    return _filled(user, pairs, numbers[:ON_A_PAGE]), more


def _filled(user: User, pairs: QuerySet[PossibleDuplicate], numbers: list[int]) -> list[Cluster]:
    """The groups with their records. A group falls apart where nothing links its records any more
    that is sure enough or undecided."""
    rows = list(pairs.filter(cluster__in=numbers).order_by("-weight"))
    together = Clusters()
    for pair in rows:
        together.join(pair.one_id, pair.other_id)
    ids = {pk for pair in rows for pk in (pair.one_id, pair.other_id)}
    parties = {
        party.pk: party
        for party in Party.objects.filter(pk__among=ids)
        .visible_to(user)
        .select_related("owner", "company")
        .defer("search", "company__search")
    }
    found: dict[int, Cluster] = {}
    for pair in rows:
        number = together.of(pair.one_id)
        cluster = found.setdefault(number, Cluster(number))
        cluster.score = max(cluster.score, pair.score)
        for name, level in pair.levels.items():
            cluster.levels.setdefault(name, level)
    members: dict[int, set[int]] = defaultdict(set)
    for pk in ids & set(parties):
        members[together.of(pk)].add(pk)
    for number, cluster in found.items():
        cluster.parties = [parties[pk] for pk in sorted(members[number])]
    return [cluster for cluster in found.values() if len(cluster.parties) > 1]


def latest_search(kind: str) -> DuplicateSearch | None:
    """When all records of a kind were last looked through, and what came of it; no secret."""
    return DuplicateSearch.objects.filter(kind=kind).first()


def search_under_way() -> bool:
    """Whether somebody's search waits or runs."""
    running = [Work.State.WAITING, Work.State.RUNNING]
    return Work.objects.filter(kind=SEARCHING, state__in=running).exists()


def count_of(user: User, kind: str, least: int) -> int:
    """How many groups there are."""
    return open_pairs(user, kind, least).values("cluster").distinct().count()


def clusters_to_merge(user: User, kind: str, least: int) -> list[Cluster]:
    """The groups that `user` could merge as they are: small enough, and theirs to delete."""
    pairs = open_pairs(user, kind, least)
    numbers = list(pairs.values_list("cluster", flat=True).distinct()[:MOST_MERGED])
    found = [c for c in _filled(user, pairs, numbers) if len(c.parties) <= MOST_AT_ONCE]
    ids = [party.pk for cluster in found for party in cluster.parties]
    mine = set(
        Party.objects.filter(pk__among=ids).visible_to(user, "delete").values_list("pk", flat=True)
    ) & set(
        Party.objects.filter(pk__among=ids).visible_to(user, "edit").values_list("pk", flat=True)
    )
    return [c for c in found if all(party.pk in mine for party in c.parties)]
