"""Where a click on a contact point leads."""

from __future__ import annotations

from urllib.parse import urlencode

from vinculo.kernel.errors import DomainError
from vinculo.kernel.urls import parse_website
from vinculo.parties.models import ContactKind, ContactPoint

MAP = "https://www.openstreetmap.org/search?"


def reach_link(point: ContactPoint) -> str:
    """tel:, mailto:, a profile page, or "" where there is nothing to open."""
    if point.kind == ContactKind.PHONE:
        dialled = "".join(char for char in point.value if char.isdigit() or char == "+")
        return f"tel:{dialled}" if dialled else ""
    if point.kind == ContactKind.EMAIL:
        return f"mailto:{point.value or point.typed}"
    if point.kind == ContactKind.SOCIAL and "." in point.typed and "/" in point.typed:
        try:
            return parse_website(point.typed).url
        except DomainError:
            return ""
    return ""


def map_link(point: ContactPoint) -> str:
    """A map of an address, on a site that asks for no account; "" for what is no address.

    Opened only when somebody wants it: no page of ours loads anything from there.
    """
    if point.kind != ContactKind.ADDRESS:
        return ""
    return MAP + urlencode({"query": str(point)})
