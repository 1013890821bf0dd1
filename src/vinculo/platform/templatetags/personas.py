"""For the sign-in page: the people of a demo."""

from django import template

from vinculo.platform import firststeps
from vinculo.platform.models import User

register = template.Library()


@register.simple_tag
def demo_personas() -> list[User]:
    """Who a visitor of a demo may sign in as; nobody in a real installation."""
    return firststeps.demo_personas()
