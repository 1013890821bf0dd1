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
        "Product family on its lines",
        "Product on its lines",
        "The list has a price for this product from this quantity on already.",
        "The product is that of the first line with one. Move the lines to change it.",
        "There is a product with this code already.",
        "Write a name, or say which product or which customer the deal is about.",
    ),
    genders={"es": "m"},
    agreeing={
        "es": (
            "[Nuevo|Nueva] producto",
            "La lista ya tiene un precio para [este|esta] producto desde esta cantidad.",
            "[El|La] producto es [el|la] de la primera línea que [lo|la] tiene. Mueva las líneas para [cambiarlo|cambiarla].",
            "Ya existe [un|una] producto con este código.",
            "Se modificó [un|una] producto",
            "Se eliminó [un|una] producto",
        )
    },
)
