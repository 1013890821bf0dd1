"""What may be told of contact points and relations where they are only mentioned: in histories, in
what undoing would do, in what an undo leaves as it is."""

from __future__ import annotations

from vinculo.parties.kinds import ADDRESS, kinds_seen_by, places_seen_by, titles_seen_by
from vinculo.parties.models import ContactKind, ContactPoint, Party, Relation
from vinculo.platform.models import User


def columns_of_point(point: ContactPoint, user: User) -> tuple[str, ...]:
    """Nothing where a rule hides this kind. The party may be gone or out of sight: then the rules
    of both record types have to allow it."""
    party = _party(point.party_id, user)
    kinds = [party.kind] if party is not None else ["company", "person"]
    if not all(point.kind in kinds_seen_by(user, kind) for kind in kinds):
        return ()
    said = ADDRESS if point.kind == ContactKind.ADDRESS else ("typed",)
    return (*said, "label", "is_primary", "is_valid", "verified_at", "do_not_contact")


def name_of_point(point: ContactPoint, user: User) -> str:
    """What was typed and whose it is; only whose, where a rule hides the kind."""
    party = _party(point.party_id, user)
    typed = str(point) if columns_of_point(point, user) else ""
    return _joined(typed, party.name if party is not None else "")


def columns_of_relation(user: User) -> tuple[str, ...]:
    """As what and since when; the job title under its own rule."""
    if not places_seen_by(user):
        return ()
    return ("role", *(("title",) if titles_seen_by(user) else ()), "started_on", "ended_on")


def name_of_relation(relation: Relation, user: User) -> str:
    """Who works where, as far as the user may see the two."""
    if not places_seen_by(user):
        return ""
    found = [_party(pk, user) for pk in (relation.person_id, relation.company_id)]
    return _joined(*(party.name for party in found if party is not None))


def _party(pk: int, user: User) -> Party | None:
    """The party, if the user may see it; asked once per request."""
    known: dict[int, Party | None] = user.__dict__.setdefault("_parties_told", {})
    if pk not in known:
        known[pk] = Party.objects.visible_to(user).filter(pk=pk).first()
    return known[pk]


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
