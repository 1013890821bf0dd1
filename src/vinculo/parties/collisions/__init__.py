"""Rules by which two records are the same customer, made by administrators without code.

A rule is an OR of ANDs of conditions; it warns or refuses. `comparing` says what two records agree
in, `finding` who they are, `keeping` holds what refusing rules promise, with the database's help.
"""
