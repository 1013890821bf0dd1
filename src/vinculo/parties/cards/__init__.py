"""Companies and people as vCards, for phones and address books.

writing.py   a card as text, in version 3.0 or 4.0; knows no database
filling.py   what of a party a reader may see, as a card
views.py     the dialog with the QR code, and the files
"""
