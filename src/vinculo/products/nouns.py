"""The sentences that name products; see `platform.terms.nouns`."""

from vinculo.platform.terms.nouns import name_noun

name_noun(
    "products.product",
    one="Product",
    many="Products",
    says=("New product",),
    genders={"es": "m"},
    agreeing={"es": ("[Nuevo|Nueva] producto",)},
)
