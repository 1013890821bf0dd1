"""The sentences that name products; see `platform.terms.nouns`."""

from vinculo.platform.terms.nouns import name_noun

name_noun(
    "products.product",
    one="Product",
    many="Products",
    says=(
        "New product",
        "A product was changed",
        "A product was deleted",
        "Product family",
        "There is a product with this code already.",
        "Write a name, or say which product or which customer the deal is about.",
    ),
    genders={"es": "m"},
    agreeing={
        "es": (
            "[Nuevo|Nueva] producto",
            "Ya existe [un|una] producto con este código.",
            "Se modificó [un|una] producto",
            "Se eliminó [un|una] producto",
        )
    },
)
