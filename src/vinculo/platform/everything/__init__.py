"""All of a company's data in open formats, and back in: nobody is locked in.

tables.py    which tables and columns belong to it
writing.py   a ZIP with a CSV for each table, the files, a README
loading.py   the same ZIP into an empty installation, with the same ids
export.py    the job behind Settings → Data
"""
