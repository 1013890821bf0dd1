"""Open registers of companies, kept here to look companies up in: nobody is asked over the net.

formats.py    which columns of a register's file say what
reading.py    its rows, one at a time, out of a CSV or a ZIP
preparing.py  a row as the table has it, with its keys (in processes, without Django)
loading.py    a whole file into a table of its own, which then takes the place of the older one
finding.py    companies by the beginning of a name, its words or a number
filling.py    what a company of ours would get from one, beside what it says already
origins.py    where a value came from, under the fact
"""
