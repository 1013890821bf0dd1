"""Which records may mean the same customer, found over all of them at once.

The comparing is splink's, in DuckDB; both are heavy and belong to the worker and the command line:
only `scoring` imports them, inside its functions.
"""
