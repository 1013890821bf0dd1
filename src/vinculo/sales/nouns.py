"""The sentences that name the record types of this room; see `platform.terms.nouns`."""

from vinculo.platform.terms.nouns import name_noun

name_noun("sales.deal", one="Deal", many="Deals", says=(), genders={"es": "f"}, agreeing={"es": ()})
