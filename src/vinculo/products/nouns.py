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
        "By the lines of deals; a deal without lines counts whole by its product. Each figure opens its"
        " deals.",
        "One in a line: a colleague (name or e-mail) or a team, a period (2026, 2026-Q3 or 2026-07) and an"
        " amount. Paste them from a spreadsheet, or write semicolons between the parts. For a product or"
        " a family write it after the name: Ana Soto; Pumps; 2026-Q3; 90000",
        "Targets of products",
        "no product or product family is called “%(name)s”.",
        "“%(name)s” is more than one product. Write its code.",
        "The list has a price for this product from this quantity on already.",
        "The product is that of the first line with one. Move the lines to change it.",
        "There is a product with this code already.",
        "Write a name, or say which product or which customer the deal is about.",
    ),
    genders={"es": "m"},
    agreeing={
        "es": (
            "[Nuevo|Nueva] producto",
            "[ningún|ninguna] producto ni familia de productos se llama «%(name)s».",
            "«%(name)s» es más de [un|una] producto. Escriba su código.",
            "Uno por línea: un colega (nombre o correo) o un equipo, un período (2026, 2026-Q3 o 2026-07)"
            " y un importe. Péguelos desde una hoja de cálculo o escriba punto y coma entre las partes."
            " Para vender algo en particular, escriba [el|la] producto o la familia después del nombre:"
            " Ana Soto; Bombas; 2026-Q3; 90000",
            "La lista ya tiene un precio para [este|esta] producto desde esta cantidad.",
            "[El|La] producto es [el|la] de la primera línea que [lo|la] tiene. Mueva las líneas para [cambiarlo|cambiarla].",
            "Ya existe [un|una] producto con este código.",
            "Se modificó [un|una] producto",
            "Se eliminó [un|una] producto",
        )
    },
)
