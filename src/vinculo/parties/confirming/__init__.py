"""Customers look at what is kept of them: by a link of their own, without signing in.

`asking` says which fields a link shows and lets correct, `links` makes, ends and finds links,
`consent` says by which ways a customer may be reached, `answering` takes an answer, `proposals`
brings corrections to whoever decides on them.
"""
