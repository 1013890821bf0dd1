"""`vinculo doctor`: look at the installation and say how to mend what is wrong with it."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from vinculo.cli.checkup import Finding
from vinculo.cli.checkup.machine import data_directory, machine_findings
from vinculo.cli.main import close_database, set_up_django
from vinculo.config.cluster.running import running_database
from vinculo.config.problems import SetupProblem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to look at: everything, or only the journal; and how to say it."""
    parser.add_argument(
        "part",
        nargs="?",
        choices=["journal"],
        help="journal: verify that nobody changed or removed anything behind the application's back",
    )
    parser.add_argument("--json", action="store_true", help="print the findings for a program")


def run(args: argparse.Namespace) -> int:
    """Print every finding; 1 when something is to be mended."""
    if args.part == "journal":
        from vinculo.cli import doctor_journal

        return doctor_journal.run()
    findings = look_at_everything()
    ill = any(finding.mend for finding in findings)
    if args.json:
        found = [asdict(finding) | {"ok": not finding.mend} for finding in findings]
        print(json.dumps({"ok": not ill, "findings": found}, indent=1, ensure_ascii=False))
        return int(ill)
    for finding in findings:
        print(f"{'!! ' if finding.mend else 'ok '} {finding.what}")
        if finding.mend:
            print(f"    {finding.mend}")
    return int(ill)


def look_at_everything() -> list[Finding]:
    """Every finding; where there is no installation, only that."""
    first = data_directory()
    if first.mend:
        return [first]
    return [first, *machine_findings(), *_database()]


def _database() -> list[Finding]:
    try:
        with running_database():
            set_up_django()
            from vinculo.cli.checkup.papers import paper_findings
            from vinculo.cli.checkup.server import server_findings
            from vinculo.cli.checkup.work import work_findings

            try:
                return [*server_findings(), *work_findings(), *paper_findings()]
            finally:
                close_database()
    except SetupProblem as problem:
        return [Finding("The database does not run.", str(problem))]
