"""The machine's side: data directory, secrets, disk, addresses, mail, time zone."""

from __future__ import annotations

import os
import shutil
import socket
import stat
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vinculo.cli.checkup import Finding
from vinculo.config import env
from vinculo.config.cluster.places import SHARED, places
from vinculo.config.database import is_embedded
from vinculo.config.datadir import data_dir, read_installation

LITTLE_SPACE = 1024  # MB
PRIVATE = ("secrets", "files", "imports", "exports", "snapshots", "anchors", "outbox")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def machine_findings() -> list[Finding]:
    """Everything that can be looked at without the database."""
    return [
        secrets(), private_folders(), disk(), *forgotten_databases(), address(), mail(), time_zone(),
        debugging(),
    ]  # fmt: skip


def data_directory() -> Finding:
    """Whether there is an installation, and which."""
    found = read_installation()  # a newer or damaged one ends here, with its own sentence
    if found is None:
        return Finding(
            f"There is no installation in {data_dir()} yet.",
            "Start it: `make run` or `make serve`.",
        )
    return Finding(
        f"Data directory {data_dir()}: {found.kind} installation {found.id}, "
        f"made {found.created_at[:10]}, format {found.format}."
    )


def secrets() -> Finding:
    """Whether the secrets are readable for their owner only."""
    open_ones = [
        file
        for file in sorted((data_dir() / "secrets").glob("*"))
        if stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    if open_ones:
        names = " ".join(str(file) for file in open_ones)
        return Finding("Secrets can be read by other users.", f"chmod 600 {names}")
    return Finding("Secrets are private.")


def private_folders() -> Finding:
    """Whether folders with customers' data are closed for other users of the machine."""
    open_ones = [
        str(folder)
        for folder in (data_dir() / name for name in PRIVATE)
        if folder.is_dir() and stat.S_IMODE(folder.stat().st_mode) & 0o066 and not _shut(folder)
    ]
    if open_ones:
        return Finding(
            "Folders with customers' data can be read by other users.",
            f"chmod 700 {' '.join(open_ones)}",
        )
    return Finding("Folders with customers' data are private.")


def _shut(folder: Path) -> bool:
    """Whether a folder above keeps everybody else out."""
    return any(not stat.S_IMODE(above.stat().st_mode) & 0o011 for above in folder.parents)


def disk() -> Finding:
    """Whether there is room to go on."""
    place = places().home if is_embedded() else data_dir()
    present = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(present).free // 2**20
    if free < LITTLE_SPACE:
        return Finding(
            f"The disk that holds {place} has {free} MB left.",
            "Free some space: PostgreSQL stops when it cannot write.",
        )
    return Finding(f"Disk: {free / 1024:.1f} GB free at {place}.")


def forgotten_databases() -> list[Finding]:
    """Databases of root installations whose data directory is gone."""
    if os.geteuid() != 0 or not SHARED.exists():
        return []
    found = []
    for home in sorted(SHARED.glob("*/database")):
        note = home.parent / "belongs-to"
        owner = note.read_text().strip() if note.exists() else ""
        if owner and not os.path.exists(os.path.join(owner, "installation.json")):  # noqa: PTH110, PTH118
            found.append(
                Finding(
                    f"{home.parent} holds the database of {owner}, which is gone.",
                    f"When nobody misses it: rm -r {home.parent}",
                )
            )
    return found


def address() -> Finding:
    """Whether people's passwords travel encrypted."""
    url = env.text("VINCULO_URL")
    host = env.text("VINCULO_HOST", "127.0.0.1")
    if url.startswith("https://"):
        return Finding(f"People reach Vinculo at {url}.")
    if (url and urlsplit(url).hostname not in LOOPBACK) or host not in LOOPBACK:
        return Finding(
            "People reach Vinculo over the network without TLS: passwords can be read on the way.",
            "Put a proxy with TLS in front and set VINCULO_URL=https://…",
        )
    return Finding("Vinculo is reached from this machine only.")


def mail() -> Finding:
    """Whether mail leaves the house."""
    host = env.text("VINCULO_SMTP_HOST")
    waiting = sum(1 for _ in (data_dir() / "outbox").glob("*.log"))
    if not host:
        said = f"No mail server is set; {waiting} messages lie in {data_dir() / 'outbox'}."
        kind = read_installation()
        wanted = waiting and kind is not None and kind.kind == "real"
        return Finding(said, "Set VINCULO_SMTP_HOST and VINCULO_MAIL_FROM." if wanted else "")
    port = env.number("VINCULO_SMTP_PORT", 587, least=1, most=65535)
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        return Finding(
            f"The mail server {host}:{port} does not answer ({error}).",
            "Mend VINCULO_SMTP_HOST and VINCULO_SMTP_PORT, or the way there.",
        )
    if "@localhost" in env.text("VINCULO_MAIL_FROM", "@localhost"):
        return Finding("Mail has no sender that anybody can answer.", "Set VINCULO_MAIL_FROM.")
    return Finding(f"Mail goes out through {host}:{port}.")


def time_zone() -> Finding:
    """Whether the zone of people who chose none exists."""
    name = env.text("VINCULO_TIME_ZONE", "UTC")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return Finding(
            f"There is no time zone {name}.", "Set VINCULO_TIME_ZONE to a name like Europe/Madrid."
        )
    return Finding(f"Time zone: {name}.")


def debugging() -> Finding:
    """Whether what helps a developer is off."""
    for name in ("VINCULO_DEBUG", "VINCULO_LOG_MESSAGES"):
        if env.flag(name):
            return Finding(
                f"{name} is on: pages or logs show customers' data.", f"Take {name} away again."
            )
    return Finding("Nothing shows more than it should: no debug pages, no values in logs.")
