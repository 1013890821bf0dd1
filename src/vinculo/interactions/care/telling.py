"""Rules of care, and the tasks they make, in words."""

from datetime import date

from django.utils.translation import gettext, ngettext, override

from vinculo.interactions.care.models import CareRule, What
from vinculo.parties.cycle.conditions import in_days
from vinculo.platform.formats import number_text
from vinculo.platform.models import User


def title_of(rule: CareRule) -> str:
    """What a rule does."""
    if rule.what == What.NO_CONTACT:
        return gettext("Not contacted for %(days)s") % {"days": in_days(rule.days)}
    if rule.what == What.BIRTHDAY:
        return gettext("Birthday in %(days)s") % {"days": in_days(rule.days)}
    return gettext("Anniversary as a customer in %(days)s") % {"days": in_days(rule.days)}


def task_title(rule: CareRule, owner: User, name: str, day: date, due: date) -> str:
    """What the task says, in its owner's language."""
    with override(owner.language or None):
        if rule.what == What.BIRTHDAY:
            said = gettext("Birthday: %(name)s") % {"name": name}
        elif rule.what == What.CUSTOMER_SINCE:
            years = max(1, due.year - day.year)
            said = ngettext(
                "%(name)s: a customer for %(n)s year", "%(name)s: a customer for %(n)s years", years
            ) % {"name": name, "n": number_text(years)}
        else:
            said = gettext("Get in touch again: %(name)s") % {"name": name}
    return said[:200]
