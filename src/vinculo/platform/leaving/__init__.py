"""When a colleague leaves: their account is closed at once, what they were responsible for is
handed over, and what they looked at and took away can be read.

Two change-sets on purpose: undoing the hand-over must not open the account again.
"""
