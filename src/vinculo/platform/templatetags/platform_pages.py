"""For pages outside our views: the people of a demo, and the settings' navigation."""

from typing import Any

from django import template

from vinculo.platform import firststeps
from vinculo.platform.devices import device_of
from vinculo.platform.models import User
from vinculo.platform.views.common import groups_for

register = template.Library()

register.filter("device", device_of)


@register.simple_tag
def demo_personas() -> list[User]:
    """Who a visitor of a demo may sign in as; nobody in a real installation."""
    return firststeps.demo_personas()


@register.inclusion_tag("platform/settings_nav.html", takes_context=True)
def settings_nav(context: dict[str, Any], active: str) -> dict[str, Any]:
    """The settings' navigation with the page called `active` marked."""
    return {"groups": groups_for(context["request"].user), "active": active}
