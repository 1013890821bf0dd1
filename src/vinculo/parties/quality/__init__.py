"""What is doubtful about companies and people: their ways to be reached, names, numbers and dates.

`checks` are conditions of the database; `taxids` keeps each night which tax ids break the rules of
their country, because only a program can tell.
"""
