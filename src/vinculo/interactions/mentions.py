"""Colleagues named in a text with @: only those who may see the customer count."""

import re

from django.db.models import Q

from vinculo.interactions.models import Interaction
from vinculo.kernel.text import clean
from vinculo.parties.models import Party
from vinculo.platform.models import User

MOST = 10
# Whether a colleague sees the customer is asked one by one: for so many, to offer so many.
ASKED, OFFERED = 16, 8
# An @ after a Latin letter or digit belongs to an e-mail address; Chinese is written without spaces.
AT = re.compile(r"(?<![A-Za-z\u00c0-\u024f0-9_.@])@(?=\w)")
FIRST_WORD = re.compile(r"[\w.\-']+")
LONGEST_NAME = 120


def colleagues_who_see(party: Party, candidates: list[User]) -> list[User]:
    """Those of `candidates` who may see `party`."""
    return [
        user
        for user in candidates
        if user.is_active and Party.objects.filter(pk=party.pk).visible_to(user).exists()
    ]


def colleagues_like(party: Party, typed: str) -> list[User]:
    """Colleagues whose name contains what was typed and who may see `party`, at most eight."""
    found = User.objects.filter(is_active=True, name__icontains=clean(typed)[:60])
    return colleagues_who_see(party, list(found.order_by("name", "pk")[:ASKED]))[:OFFERED]


def mentioned(text: str, party: Party) -> list[User]:
    """The colleagues named in `text` who may see `party`, at most ten."""
    places = [text[hit.end() : hit.end() + LONGEST_NAME] for hit in AT.finditer(text)][:MOST]
    if not places:
        return []
    wanted = Q()
    for place in places:
        word = FIRST_WORD.match(place)
        if word:
            # Chinese is written without spaces, so the first word may run on past the name.
            wanted |= Q(name__istartswith=word.group().rstrip(".")) | Q(name__istartswith=place[0])
    people = list(User.objects.filter(wanted, is_active=True).order_by("-name")[:500])
    people.sort(key=lambda user: len(user.name), reverse=True)
    named: dict[int, User] = {}
    for place in places:
        longest = 0
        for user in people:
            if len(user.name) < longest:
                break  # "@Ana María" means her, not the colleague called Ana
            if _begins_with(place, user.name):
                named[user.pk] = user
                longest = len(user.name)
    return colleagues_who_see(party, list(named.values()))


def _begins_with(place: str, name: str) -> bool:
    if not name or place[: len(name)].casefold() != name.casefold():
        return False
    following = place[len(name) : len(name) + 1]
    return not (following.isalnum() and following.isascii() and name[-1].isascii())


def newly_mentioned(interaction: Interaction, people: list[User], author: User) -> list[User]:
    """Who is to be told: not the author, nor those whom an earlier version already named."""
    before = set(interaction.mentions)
    return [user for user in people if user.pk not in before and user.pk != author.pk]
