"""`vinculo doctor journal`: hold the journal against its seals and name what does not fit."""

from __future__ import annotations

from vinculo.cli.main import close_database, set_up_django
from vinculo.config.cluster.running import running_database


def run() -> int:
    """Print one sentence for a clean journal, else what was touched; 1 when something was."""
    with running_database():
        set_up_django()
        try:
            return _check()
        finally:
            close_database()


def _check() -> int:
    from vinculo.platform.seal.checking import check_journal

    report = check_journal()
    looked_at = f"{report.changes:,} changes under {report.seals:,} seals"
    if report.waiting:
        looked_at += f", {report.waiting:,} newer ones wait for theirs"
    if report.erased:
        looked_at += f", {report.erased:,} payloads erased"
    if report.findings:
        print(f"!!  The journal was touched behind the application's back ({looked_at}):")
        for finding in report.findings:
            print(f"    {finding.what}")
        return 1
    print(f"ok  The journal is as it was written: {looked_at}.")
    if report.not_compared:
        tables = ", ".join(sorted(report.not_compared))
        print(f"    Their columns changed since: rows of {tables} were not compared.")
    return 0
