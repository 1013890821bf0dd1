"""What templates of this room need to say."""

from __future__ import annotations

from django import template

from vinculo.parties.reaching import reach_link

register = template.Library()

register.filter(reach_link)
