"""What this room tells of: its events, in the words of those who choose them for a webhook."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.events import catalogue

catalogue(
    {
        "parties.company_created": _("A company was created"),
        "parties.company_changed": _("A company was changed"),
        "parties.company_deleted": _("A company was deleted"),
    },
    about="parties.company",
)
catalogue(
    {
        "parties.person_created": _("A person was created"),
        "parties.person_changed": _("A person was changed"),
        "parties.person_deleted": _("A person was deleted"),
        "parties.person_joined": _("A person joined a company"),
        "parties.person_left": _("A person left a company"),
    },
    about="parties.person",
)
# Of companies and people alike.
catalogue(
    {
        "parties.states_moved": _("Rules moved customers to other states"),
        "parties.merged": _("Records of one customer were merged"),
        "parties.data_confirmed": _("A customer has confirmed or corrected their data"),
        "parties.contact_refused": _("A customer refuses to be contacted one way"),
        "parties.contact_allowed": _("A customer allows contact again"),
    }
)
