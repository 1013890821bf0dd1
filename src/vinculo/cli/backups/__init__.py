"""Backups: one checksummed archive of everything an installation owns, and the way back.

archive.py    the file: members, manifest, checksum over every byte
postgres.py   the database's part: dump, counts, a database beside the one in use, the swap
making.py     write an archive while Vinculo serves
restoring.py  prove an archive, build everything beside what is in use, then swap
snapshots.py  the database before an upgrade, and the way back to it
"""
