"""`vinculo backup`: everything the installation owns, in one checksummed file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `vinculo backup`."""
    parser.add_argument("file", type=Path, help="where to write it, for example monday.vinculo")
    parser.add_argument(
        "--with-secrets",
        action="store_true",
        help="put the secrets inside too: whoever has the file can then read everything",
    )


def run(args: argparse.Namespace) -> int:
    """Write the archive; say what is in it and what is not."""
    from vinculo.cli.backups.making import count_files, make_backup

    manifest = make_backup(args.file.resolve(), with_secrets=args.with_secrets)
    size = args.file.stat().st_size / 2**20
    files = count_files(manifest)
    print(
        f"Written: {args.file} ({size:.1f} MB): {sum(manifest.tables.values())} rows of "
        f"{len(manifest.tables)} tables, {files} files."
    )
    if not args.with_secrets and manifest.secrets:
        print(
            f"The secrets ({', '.join(sorted(manifest.secrets))}) are not inside: keep a copy of "
            "them elsewhere, or second factors and sensitive fields cannot be read on another "
            "machine.",
            file=sys.stderr,
        )
    return 0
