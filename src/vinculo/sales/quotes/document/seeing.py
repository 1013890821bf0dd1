"""Who may see a quote's paper: all that stands on it, for there is one paper and no second one."""

from __future__ import annotations

from vinculo.kernel.errors import NotAllowed, _
from vinculo.parties.kinds import ADDRESS
from vinculo.platform.access import reaches, rights_of
from vinculo.platform.models import User
from vinculo.sales.quotes.models import Quote

OF_QUOTES = ("name", "number", "company", "person", "valid_until", "issued_on", "status", "gross",
             "terms")  # fmt: skip
OF_CUSTOMERS = ("name", "tax_id", *ADDRESS)


def rules_allow(user: User, quote: Quote) -> bool:
    """Whether no rule hides a field that stands on the paper; asks the database nothing."""
    rights = rights_of(user)
    asked = [("sales.quote", name) for name in OF_QUOTES]
    if quote.company_id:
        asked += [("parties.company", name) for name in (*OF_CUSTOMERS, "legal_name")]
    if quote.person_id:
        asked += [("parties.person", name) for name in ("name", "given_name", "family_name")]
        asked += [("parties.person", name) for name in OF_CUSTOMERS] if not quote.company_id else []
    return all(rights.field_rule(*one) != "hidden" for one in asked)


def must_see_paper(user: User, quote: Quote) -> None:
    """Refuse whoever may not see something that stands on the paper."""
    customers = [one for one in (quote.company, quote.person) if one is not None]
    if not rules_allow(user, quote) or not all(reaches(user, one, "view") for one in customers):
        raise NotAllowed(_("You may not see all that stands on this paper."))
