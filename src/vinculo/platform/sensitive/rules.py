"""Which fields are sensitive: told here by `records`, asked by access."""

#: The named right to read and change what is sensitive.
RIGHT = "platform.read_sensitive"
_SENSITIVE: dict[str, set[str]] = {}


def declare_sensitive(entity_key: str, name: str) -> None:
    """Say that a field of a record type is sensitive: hidden from who has not the right."""
    _SENSITIVE.setdefault(entity_key, set()).add(name)


def is_sensitive(entity_key: str, name: str) -> bool:
    """Whether a field of a record type is sensitive."""
    return name in _SENSITIVE.get(entity_key, ())
