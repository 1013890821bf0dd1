"""Which tax ids break the rules of their country: judged each night, as no database can."""

from __future__ import annotations

from django.db import connection

from vinculo.kernel.taxids import check_tax_id, has_tax_id_rules
from vinculo.parties.models import Party
from vinculo.parties.quality.models import WrongTaxId
from vinculo.parties.understanding import default_country
from vinculo.records.quality.nightly import before_counting

CHUNK = 5_000

FORGET = """
DELETE FROM parties_wrongtaxid w WHERE NOT EXISTS (
    SELECT FROM parties_party p
    WHERE p.id = w.party_id AND p.tax_id = w.tax_id AND p.country = w.country)
"""


@before_counting
def judge_tax_ids() -> None:
    """Note the tax ids that are wrong and forget those that have been put right."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
    known = set(WrongTaxId.objects.values_list("party_id", flat=True))
    usual = default_country()
    found: list[WrongTaxId] = []
    rows = Party.objects.exclude(tax_id="").order_by().values_list("pk", "tax_id", "country")
    for pk, tax_id, country in rows.iterator(chunk_size=CHUNK):
        if pk in known or not _is_wrong(tax_id, country or usual):
            continue
        found.append(WrongTaxId(party_id=pk, tax_id=tax_id, country=country))
        if len(found) >= CHUNK:
            WrongTaxId.objects.bulk_create(found)
            found = []
    WrongTaxId.objects.bulk_create(found)


def _is_wrong(tax_id: str, country: str) -> bool:
    return has_tax_id_rules(country) and check_tax_id(tax_id, country).verdict == "invalid"
