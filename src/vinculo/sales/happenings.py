"""What this room tells of, in the words of those who choose events for a webhook."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.events import catalogue

catalogue(
    {
        "sales.deal_changed": _("A deal was changed"),
        "sales.deal_created": _("A deal was created"),
        "sales.deal_deleted": _("A deal was deleted"),
        "sales.deal_lost": _("A deal was lost"),
        "sales.deal_moved": _("A deal moved to another stage"),
        "sales.deal_reopened": _("A deal was reopened"),
        "sales.deal_won": _("A deal was won"),
        "sales.next_step_done": _("The next step of a deal was taken"),
    },
    about="sales.deal",
)

catalogue(
    {
        "sales.lead_changed": _("A lead was changed"),
        "sales.lead_contacted": _("Somebody was in contact with a lead"),
        "sales.lead_converted": _("A lead was converted"),
        "sales.lead_created": _("A lead was created"),
        "sales.lead_deleted": _("A lead was deleted"),
        "sales.lead_noted": _("A note was written about a lead"),
    },
    about="sales.lead",
)

catalogue({"sales.recycled": _("Records went back to a pool")})

catalogue(
    {
        "sales.quote_accepted": _("A quote was accepted"),
        "sales.quote_approval_asked": _("A quote waits for approval"),
        "sales.quote_changed": _("A quote was changed"),
        "sales.quote_created": _("A quote was created"),
        "sales.quote_deleted": _("A quote was deleted"),
        "sales.quote_expired": _("A quote expired"),
        "sales.quote_issued": _("A quote was issued"),
        "sales.quote_rejected": _("A quote was rejected"),
        "sales.quote_revised": _("A quote got its next version"),
        "sales.quote_withdrawn": _("A quote was withdrawn"),
    },
    about="sales.quote",
)

catalogue({"sales.leads_assigned": _("Leads were given out")})
