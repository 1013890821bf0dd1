"""The mail that brings a customer the link to their quote, to copy or to send by hand."""

from __future__ import annotations

from django.utils.translation import gettext

from vinculo.parties.confirming.mailing import Letter, address_for
from vinculo.platform import installation
from vinculo.platform.formats import date_text
from vinculo.platform.models import User
from vinculo.sales.quotes.document.paper import in_its_language
from vinculo.sales.quotes.offering.links import MadeLink


def letter(user: User, made: MadeLink) -> Letter:
    """The mail with a link to a quote, from `user`, in the quote's language."""
    quote = made.quote
    to, refused = "", False
    for party in (quote.person, quote.company):
        if party is not None and not to:
            to, refused = address_for(user, party)
    with in_its_language(quote.language):
        subject = gettext("Our offer %(number)s") % {"number": quote.full_number}
        body = gettext(
            "Hello,\n\n"
            "here is our offer “%(name)s”, to look at, to ask about and to accept:"
            "\n\n%(url)s\n\n"
            "It is valid until %(day)s.\n\n"
            "Thank you\n%(sender)s"
        ) % {
            "name": quote.name,
            "url": made.url,
            "day": date_text(quote.valid_until, "long") if quote.valid_until else "—",
            "sender": "\n".join(one for one in (user.name, installation.company_name()) if one),
        }
    return Letter(to, subject, body, refused)
