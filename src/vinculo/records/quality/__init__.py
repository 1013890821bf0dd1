"""How good what we know is: how much is filled in, what looks wrong, what nobody has touched.

`checks` is what rooms declare to be doubtful, `origins` how records came to us; both are questions
that any list can be asked. `measures` makes of a record type's fields and checks the figures of the
page, each with the filter that opens its list; `counting` counts them by set, over what one reader
sees or over everything; `nightly` keeps them for each day, `alerts` tells who wants to know.
"""
