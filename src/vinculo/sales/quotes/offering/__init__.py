"""An issued quote before its customer: a link of its own, and what they answer.

models.py   links and answers
links.py    to make one, to end it, to find it by its secret, and how it stands with its quote
answering.py what the customer says: accepted, rejected, a word; whoever says it is nobody we know
mailing.py  the mail that brings the link
public.py   what the customer sees, through the door of `parties/confirming`
views.py    what colleagues do
panel.py    the part of a quote's page that tells of it
"""
