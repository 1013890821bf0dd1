"""A quote as the paper that a customer gets.

models.py      what stands on every paper of ours
setting.py     the verb and form by which administrators write it; logo.py draws the picture anew
seller.py      who offers and to whom, kept with an issue as it was that day
paper.py       a quote as plain words and numbers, in the quote's language
quote.typ      how they are laid out
typesetting.py the one place that calls typst
views.py       the PDF of a quote, and the settings page with a preview
"""
