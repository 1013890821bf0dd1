"""The README in the ZIP: what each file and each column is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from vinculo.platform.everything.tables import LEFT_OUT, Table


def readme(chosen: list[Table], told: dict[str, dict[str, Any]], files: int) -> str:
    """The text, in the language of whoever exports; names of tables and columns as they are."""
    lines = [
        _("Everything this Vinculo holds"),
        "=" * 30,
        "",
        _(
            "One CSV file for each table: UTF-8, commas, a header line, times in UTC. An empty cell "
            'is no value, "" is an empty text. Columns that end in _id hold the id of a row in '
            "another table."
        ),
        _(
            "The cells are exactly what was stored: before you open a file in a spreadsheet, import "
            "its columns as text, because a cell may begin with =."
        ),
        _(
            "The content of uploaded files lies in files/, under the first two letters of its token "
            "and the token; interactions_file.csv says which name and which customer belongs to it."
        ),
        _(
            "Into an empty installation of the same version it comes back with: vinculo import --all "
            "FILE.zip"
        ),
        _(
            "Passwords, keys and second factors are not inside; sensitive fields are as they are "
            "stored, encrypted."
        ),
        "",
        _("Not inside: %(tables)s") % {"tables": ", ".join(sorted(LEFT_OUT))},
        _("Files: %(count)s") % {"count": files},
    ]
    for table in chosen:
        lines += ["", f"{table.name}.csv", "-" * (len(table.name) + 4)]
        if table.meaning:
            lines.append(table.meaning)
        lines.append(_("Rows: %(count)s") % {"count": told[table.name]["rows"]})
        labels = table.labels()
        for column, kind in table.columns:
            label = labels.get(column, "")
            known = f": {label}" if label and label.lower() != column.replace("_", " ") else ""
            lines.append(f"  {column} ({kind}){known}")
    return "\n".join(lines) + "\n"
