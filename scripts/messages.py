"""The translations: `python -m scripts.messages --update | --check | --compile`.

Needs no gettext programs: everything is done by Babel and by Django's own reading of templates.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.wording import borrowed, catalogues, checks, python, templates
from scripts.wording.catalogues import LOCALES, path_of
from scripts.wording.found import SOURCE, Problem, all_messages, relative


def main(arguments: list[str]) -> int:
    """Do what is asked, the check last; 1 when it finds something to mend."""
    parser = argparse.ArgumentParser(prog="messages", description=__doc__)
    parser.add_argument("--update", action="store_true", help="bring the catalogues up to date")
    parser.add_argument("--compile", action="store_true", help="compile them for Django")
    parser.add_argument("--check", action="store_true", help="say what is missing or wrong")
    asked = parser.parse_args(arguments)
    if asked.update:
        update()
    if asked.compile or asked.update:
        compile_all()
    if not asked.check:
        return 0
    found = list(problems())
    for problem in found:
        print(problem)
    if found:
        print(f"vinculo: {len(found)} problems with words and translations.", file=sys.stderr)
    return 1 if found else 0


def update() -> None:
    """Bring each catalogue up to what the source shows, and say what is left to translate."""
    wanted = all_messages()
    for locale in LOCALES:
        catalogue = catalogues.updated(locale, wanted)
        _write(path_of(locale), catalogues.text_of(catalogue))
        left = sum(not all(catalogues.forms_of(entry)) for entry in catalogues.entries(catalogue))
        print(f"{relative(path_of(locale))}: {len(wanted)} messages, {left} to translate")


def compile_all() -> None:
    """Write what Django reads beside each catalogue."""
    for locale in LOCALES:
        content = catalogues.compiled(locale, catalogues.read(locale))
        _write(path_of(locale).with_suffix(".mo"), content)
    _write(path_of("en").with_suffix(".mo"), borrowed.compiled_english())


def problems() -> list[Problem]:
    """Everything to mend: in the source, in the catalogues, in what was compiled from them."""
    found = [*python.problems(SOURCE), *templates.problems(SOURCE)]
    wanted = all_messages()
    for locale in LOCALES:
        catalogue = catalogues.read(locale)
        found += sorted(checks.problems(locale, catalogue, wanted), key=str)
        machine = path_of(locale).with_suffix(".mo")
        if not machine.exists() or machine.read_bytes() != catalogues.compiled(locale, catalogue):
            found.append(Problem(relative(machine), "is stale: run `make messages`"))
    english = path_of("en").with_suffix(".mo")
    if not english.exists() or english.read_bytes() != borrowed.compiled_english():
        found.append(Problem(relative(english), "is stale: run `make messages`"))
    return found


def _write(path: Path, content: bytes) -> None:
    """Write a file unless it says the same already."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
