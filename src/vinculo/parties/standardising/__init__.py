"""Names, phones, e-mails, addresses and legal forms in their usual writing, by rules one can switch.

Each rule is a pure function from an old value to a new one; `applying` puts them over a record,
`incoming` over what is being saved, `running` over all records. What was typed is kept beside the
value it became (`keeping`), and what a person has set back is never touched again.
"""
