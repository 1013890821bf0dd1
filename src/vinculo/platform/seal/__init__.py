"""The journal's seal: each minute's changes under a Merkle root, chained to the minute before.

`sealing` writes seals, `checking` holds journal and records against them, `anchors` keeps the end
of the chain outside the database, `erasing` empties payloads without breaking a seal.
"""
