"""The mail that brings a customer their link: its words, in their language, to copy or to send."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.utils.timezone import localtime
from django.utils.translation import gettext, override

from vinculo.parties.confirming.links import MadeLink
from vinculo.parties.contacts import points_of
from vinculo.parties.kinds import kinds_seen_by
from vinculo.parties.models import ContactKind, Party
from vinculo.platform import installation
from vinculo.platform.formats import date_text
from vinculo.platform.models import User


@dataclass(frozen=True)
class Letter:
    """A mail that is ready to be sent by hand."""

    #: The customer's e-mail address, "" where there is none or the reader does not see it.
    to: str
    subject: str
    body: str
    #: The customer does not want e-mails.
    refused: bool = False

    @property
    def mailto(self) -> str:
        """An address that opens it in the reader's mail program."""
        return f"mailto:{quote(self.to)}?subject={quote(self.subject)}&body={quote(self.body)}"


def letter(user: User, made: MadeLink) -> Letter:
    """The mail with a link, from `user`, in the link's language."""
    to, refused = address_for(user, made.party)
    with override(made.link.language):
        subject, body = _words(user, made)
    return Letter(to, subject, body, refused)


def _words(user: User, made: MadeLink) -> tuple[str, str]:
    company = installation.company_name()
    subject = gettext("Please check your details")
    if company:
        subject = gettext("%(company)s: please check your details") % {"company": company}
    body = gettext(
        "Hello %(name)s,\n\n"
        "please take a minute to look at the details we keep of you, and correct what is not right:"
        "\n\n%(url)s\n\n"
        "The link is yours alone, please do not pass it on. It works until %(day)s.\n\n"
        "Thank you\n%(sender)s"
    ) % {
        "name": made.party.name,
        "url": made.url,
        "day": date_text(localtime(made.link.expires_at).date(), "long"),
        "sender": "\n".join(part for part in (user.name, company) if part),
    }
    return subject, body


def address_for(user: User, party: Party) -> tuple[str, bool]:
    """A party's first e-mail address as far as `user` may see it, and whether they refused mails."""
    if ContactKind.EMAIL not in kinds_seen_by(user, party.kind):
        return "", False
    found = [point for point in points_of(party) if point.kind == ContactKind.EMAIL]
    first = min(found, key=lambda point: (not point.is_primary, point.pk), default=None)
    return (first.value or first.typed, first.do_not_contact) if first is not None else ("", False)
