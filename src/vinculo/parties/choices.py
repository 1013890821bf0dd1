"""What a party may be: its kind, state, size and the like, each a closed list."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """A party is a company or a person."""

    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class Source(models.TextChoices):
    """The channel a party came to us through."""

    WEB = "web", _("Website")
    REFERRAL = "referral", _("Referral")
    EVENT = "event", _("Trade fair or event")
    CALL = "call", _("Call")
    EMAIL = "email", _("E-mail")
    VISIT = "visit", _("Visit")
    PARTNER = "partner", _("Partner")
    IMPORT = "import", _("Import")
    ADVERT = "advert", _("Advertising")
    SOCIAL = "social", _("Social network")
    OTHER = "other", _("Other")


class ValueClass(models.TextChoices):
    """How much a customer matters, A first."""

    A = "A", _("A")
    B = "B", _("B")
    C = "C", _("C")
    D = "D", _("D")


class Size(models.TextChoices):
    """How many people work in a company."""

    MICRO = "1-9", _("1–9 people")
    SMALL = "10-49", _("10–49 people")
    MEDIUM = "50-249", _("50–249 people")
    LARGE = "250-999", _("250–999 people")
    HUGE = "1000+", _("1,000 people or more")


class Industry(models.TextChoices):
    """What a company does."""

    AGRICULTURE = "agriculture", _("Agriculture")
    AUTOMOTIVE = "automotive", _("Automotive")
    CHEMICALS = "chemicals", _("Chemicals")
    CONSTRUCTION = "construction", _("Construction")
    EDUCATION = "education", _("Education")
    ELECTRONICS = "electronics", _("Electronics")
    ENERGY = "energy", _("Energy")
    FINANCE = "finance", _("Finance and insurance")
    FOOD = "food", _("Food and drink")
    GOVERNMENT = "government", _("Public administration")
    HEALTH = "health", _("Health")
    HOSPITALITY = "hospitality", _("Hotels and restaurants")
    LOGISTICS = "logistics", _("Logistics")
    MACHINERY = "machinery", _("Machinery")
    MEDIA = "media", _("Media")
    METALS = "metals", _("Metals")
    REAL_ESTATE = "real_estate", _("Real estate")
    RETAIL = "retail", _("Retail")
    SERVICES = "services", _("Services")
    SOFTWARE = "software", _("Software and IT")
    TELECOM = "telecom", _("Telecommunications")
    TEXTILES = "textiles", _("Textiles")
    WHOLESALE = "wholesale", _("Wholesale")
    OTHER = "other", _("Other")


class State(models.TextChoices):
    """Where a party stands in the customer sales cycle."""

    LEAD = "lead", _("Lead")
    PROSPECT = "prospect", _("Prospect")
    ACTIVE = "active", _("Active")
    DORMANT = "dormant", _("Dormant")
    LOST = "lost", _("Lost")
    WON_BACK = "won_back", _("Won back")


class Language(models.TextChoices):
    """The language a party is written to in."""

    EN = "en", _("English")
    ES = "es", _("Spanish")
    ZH_HANS = "zh-hans", _("Simplified Chinese")
    ZH_HANT = "zh-hant", _("Traditional Chinese")
    DE = "de", _("German")
    FR = "fr", _("French")
    IT = "it", _("Italian")
    JA = "ja", _("Japanese")
    PT = "pt", _("Portuguese")
