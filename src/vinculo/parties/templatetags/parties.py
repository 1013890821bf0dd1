"""What templates of this room need to say."""

from __future__ import annotations

from django import template

from vinculo.kernel.errors import DomainError
from vinculo.kernel.urls import parse_website
from vinculo.parties.models import ContactKind, ContactPoint

register = template.Library()


@register.filter
def reach_link(point: ContactPoint) -> str:
    """Where a click on a contact point leads: tel:, mailto:, a profile page, or ""."""
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
