"""The indexes of the table of parties: for each question that lists and searches ask, one.

All begin with the kind, since nobody lists companies and people together.
"""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db.models import F, Index, Q

#: The index of the search keys of each kind: beside one for both, PostgreSQL reads all companies.
SEARCH_INDEXES = {"company": "party_search_company", "person": "party_search_person"}
#: Kilobytes of keys that wait to be put into the search's indexes together: a changed row is new to
#: every index, and its 65 keys cost a third less so. Whoever fills it puts them in (0.1 s), and a
#: search reads what waits.
WAITING = 512
#: Columns that lists are narrowed or sorted by, with names in order inside.
LISTED_BY = {
    "state": "state",
    "class": "value_class",
    "industry": "industry",
    "country": "country",
    "city": "city",
}

PARTY_INDEXES: list[Any] = [
    Index("kind", "sort_name", "id", name="party_by_name"),
    Index("owner", "kind", "sort_name", "id", name="party_by_owner"),
    Index("team", "kind", "sort_name", "id", name="party_by_team"),
    Index(fields=["kind", "-created_at", "-id"], name="party_by_creation"),
    Index(
        "kind", F("last_contact_at").desc(nulls_last=True), F("id").desc(), name="party_by_contact"
    ),
    *(
        Index("kind", column, "sort_name", "id", name=f"party_by_{name}")
        for name, column in LISTED_BY.items()
    ),
    Index("company", name="party_company_idx"),
    Index("parent", name="party_parent_idx"),
    Index("tax_id", name="party_tax_id", condition=~Q(tax_id="")),
    Index("external_id", name="party_external_id", condition=~Q(external_id="")),
    Index("email", name="party_email", condition=~Q(email="")),
    *(
        GinIndex(
            fields=["search"],
            name=name,
            condition=Q(kind=kind),
            fastupdate=True,
            gin_pending_list_limit=WAITING,
        )
        for kind, name in SEARCH_INDEXES.items()
    ),
    GinIndex(fields=["tags"], name="party_tags"),
]
