"""The states of customers with their dates: where each stood, since when, and why; and the rules
by which they move.

`keeping` is the machinery (one row follows the other without a gap, the database sees to that),
`kinds` says which states there are, `conditions` what rules may ask (rooms above add their own),
`rules` moves all parties by set, `telling` gives the reasons in the reader's words.
"""
