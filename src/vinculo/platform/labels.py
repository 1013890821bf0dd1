"""Labels of changes of many records: kept as what they are about, said in the reader's language.

A change-set of one record is labelled by its name, which needs no language. One of many is about
so many records of a type and some of its fields: that is what its label holds, behind a sign that
no name can hold. Labels of earlier versions are words already and stay as they are.
"""

from collections.abc import Iterable

from django.utils.translation import gettext, ngettext

from vinculo.platform.formats import number_text
from vinculo.platform.types import describe_types

MARK = "\x1e"
LONGEST = 300


def of_many(key: str, number: int, fields: Iterable[str] = ()) -> str:
    """The label of a change of so many records of the type `key`, in these fields; names that no
    longer fit are left out whole."""
    label = f"{MARK}{key}|{number}|"
    for name in fields:
        longer = f"{label}{'' if label.endswith('|') else ','}{name}"
        if len(longer) > LONGEST:
            break
        label = longer
    return label


def said(label: str) -> str:
    """The label in words: “City, Owner: 412 records (Companies)”."""
    if not label.startswith(MARK):
        return label
    key, number, fields, *_none = [*label.removeprefix(MARK).split("|", 2), "", ""]
    about = next((one for one in describe_types() if one.key == key), None)
    count = int(number) if number.isdecimal() else 0
    many = ngettext("%(n)s record", "%(n)s records", count) % {"n": number_text(count)}
    kind = str(about.label) if about is not None else key
    words = gettext("%(count)s (%(kind)s)") % {"count": many, "kind": kind}
    labels = dict(about.fields) if about is not None else {}
    named = ", ".join(str(labels.get(name, name)) for name in fields.split(",") if name)
    return gettext("%(fields)s: %(many)s") % {"fields": named, "many": words} if named else words
