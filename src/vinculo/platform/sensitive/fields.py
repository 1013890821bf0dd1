"""A text column that is encrypted: what comes out of it shows dots until somebody asks outright."""

from typing import Any, NoReturn

from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.cipher import Unreadable, blind, decrypt, encrypt
from vinculo.platform.sensitive.keys import keys

DOTS = "••••••"
#: Before a value that is already a blind index, in the address of a filtered list.
INDEX_MARK = "~"


class Secret:
    """A value out of an encrypted column: printed, logged or exported unawares, it is six dots."""

    __slots__ = ("place", "stored")

    def __init__(self, place: str, stored: str) -> None:
        self.place, self.stored = place, stored

    def reveal(self) -> str:
        """The value itself; Unreadable when its key is missing here."""
        return decrypt(keys(), self.place, self.stored)

    def reveal_or_dots(self) -> str:
        """The value, or dots where its key is missing: one lost key must not stop an export."""
        try:
            return self.reveal()
        except Unreadable:
            return DOTS

    @property
    def index(self) -> str:
        """The blind index: what equal values of this column have in common."""
        return self.stored.split(".")[2]

    def __str__(self) -> str:
        return DOTS

    def __repr__(self) -> str:
        return f"<Secret {DOTS}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.stored == other.stored

    def __hash__(self) -> int:
        return hash(self.stored)


class EncryptedText(models.TextField):
    """Encrypted with AES-GCM before it leaves for the database; "" stays "".

    Reads as a `Secret`. Can be compared for equality (by a blind index, without regard to case
    and spaces) and for being empty; in no other way, and it has no order.
    """

    @property
    def place(self) -> str:
        """What the ciphertext is bound to: in another column it cannot be read."""
        return f"{self.model._meta.concrete_model._meta.db_table}.{self.column}"  # type: ignore[union-attr]

    def from_db_value(self, value: Any, *_around: Any) -> Any:
        """A Secret, or "" as it is."""
        return Secret(self.place, value) if value else value

    def to_python(self, value: Any) -> Any:
        """A Secret stays one."""
        return value if isinstance(value, Secret) else super().to_python(value)

    def run_validators(self, value: Any) -> None:
        """What is stored was valid; dots are no value: they stand for one that nobody typed."""
        if isinstance(value, Secret):
            return
        if value and "•" in value:
            raise ValidationError(_("Write the whole value anew: the dots only stand for it."))
        super().run_validators(value)

    def get_prep_value(self, value: Any) -> Any:
        """The ciphertext: of a Secret the one it came with, of a text a new one."""
        if isinstance(value, Secret):
            return value.stored
        text = super().get_prep_value(value)
        return encrypt(keys(), self.place, text) if text else text

    def blind_of(self, text: str) -> str:
        """What equal values of this column have in common."""
        return blind(keys(), self.place, text)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only what works on ciphertext; anything else would search in noise."""
        known = {"exact": _Same, "in": None, "isnull": models.lookups.IsNull}.get(lookup_name)
        return known or _refuse(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        """There is none: nothing can be computed on ciphertext."""
        return None


def _refuse(lookup_name: str) -> NoReturn:
    raise FieldError(f"An encrypted column cannot be compared by {lookup_name}.")


class _Same(models.lookups.Exact):
    """Equal by the blind index, which stands third in the ciphertext."""

    def get_prep_lookup(self) -> Any:
        """The index of the sought value; "" seeks what is empty."""
        text = self.rhs.index if isinstance(self.rhs, Secret) else str(self.rhs)
        if isinstance(self.rhs, Secret) or not text:
            return text
        if text.startswith(INDEX_MARK):
            return text.removeprefix(INDEX_MARK)
        return self.lhs.output_field.blind_of(text)

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        """As it is: it is no value of the column."""
        return "%s", [value]

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> Any:
        """The third part of what is stored."""
        sql, params = super().process_lhs(compiler, connection, lhs)
        return f"split_part({sql}, '.', 3)", params
