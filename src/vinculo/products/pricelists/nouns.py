"""The sentences that name price lists; see `platform.terms.nouns`."""

from vinculo.platform.terms.nouns import name_noun

name_noun(
    "products.pricelist",
    one="Price list",
    many="Price lists",
    says=(
        "A price list ends after it begins.",
        "A price list was changed",
        "A price list was deleted",
        "New price list",
    ),
    genders={"es": "f"},
    agreeing={
        "es": (
            "[Una|Un] lista de precios termina después de empezar.",
            "Se modificó [una|un] lista de precios",
            "Se eliminó [una|un] lista de precios",
            "[Nueva|Nuevo] lista de precios",
        )
    },
)
name_noun(
    "products.listedprice",
    one="Listed price",
    many="Listed prices",
    says=("A listed price was changed", "A listed price was deleted", "New listed price"),
    genders={"es": "m"},
    agreeing={
        "es": (
            "Se modificó [un|una] precio de lista",
            "Se eliminó [un|una] precio de lista",
            "[Nuevo|Nueva] precio de lista",
        )
    },
)
