"""Pictures of people and companies: drawn anew here, never kept or served as somebody sent them.

drawing.py   any picture as a small JPEG (without Django: the processes of an import do it)
keeping.py   where the bytes lie
actions.py   to set one and to take it away
importing.py pictures in a file of vCards
"""
