"""How likely an open deal is won or a lead converted, learned from those decided; points by rules.

`statistics` knows numbers only, neither Django nor the database, and runs in a process of its own;
`of_deals` and `of_leads` say what is known of one when it begins, `gathering` brings that into shape;
`learning` is the job; `telling` says what came of it in the reader's words.
"""
