"""PostgreSQL's configuration, written anew at every start.

An administrator's own settings go into local.conf beside it, or through ALTER SYSTEM; both win.
"""

from __future__ import annotations

import os
from pathlib import Path

from vinculo.config import env
from vinculo.config.cluster.places import Owner, owner_of
from vinculo.config.database import ROLE

SUPERUSER = "postgres"
MIB = 1024 * 1024


def write_settings(folder: Path, socket_dir: Path, owner: Owner) -> None:
    """Write postgresql.conf, pg_hba.conf and pg_ident.conf into the cluster's folder."""
    files = {
        "postgresql.conf": _postgresql_conf(socket_dir),
        "pg_hba.conf": "local all all peer map=vinculo\n",
        "pg_ident.conf": _pg_ident_conf(owner),
    }
    for name, text in files.items():
        file = folder / name
        if file.exists() and file.read_text() == text:
            continue
        file.write_text(text)
        file.chmod(0o600)
        if os.geteuid() == 0:
            os.chown(file, owner.uid, owner.gid)


def _pg_ident_conf(owner: Owner) -> str:
    """Who on this machine may be the application's role, and who its superuser."""
    names = {owner.name, "root", owner_of(os.geteuid()).name}
    lines = [f'vinculo "{name}" {role}' for name in sorted(names) for role in (ROLE, SUPERUSER)]
    return "\n".join(lines) + "\n"


def _postgresql_conf(socket_dir: Path) -> str:
    memory = machine_memory()
    # Modest at rest, useful at work: the pages are only taken when touched.
    shared = max(128, min(512, memory // 16 // MIB))
    cache = max(256, memory // 2 // MIB)
    settings = {
        "listen_addresses": "''",
        "port": "5432",
        "unix_socket_directories": _quoted(str(socket_dir)),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{cache}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "256MB",
        "huge_pages": "off",
        "jit": "off",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "64",
        "io_method": "sync",
        "default_statistics_target": "200",
        "max_parallel_workers_per_gather": "2",
        "max_logical_replication_workers": "0",
        # Its own way of compressing (pglz) takes three times as long as all else that changing many
        # rows asks for, and leaves two thirds of the log (docs/benchmarks.md).
        "wal_compression": "lz4" if env.flag("VINCULO_WAL_LZ4") else "off",
        "max_wal_size": "4GB",
        "min_wal_size": "80MB",
        "checkpoint_completion_target": "0.9",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.02",
        "idle_in_transaction_session_timeout": "'10min'",
        "log_destination": "'stderr'",
        "logging_collector": "on",
        "log_directory": "'log'",
        "log_filename": "'postgresql-%a.log'",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "'1d'",
        "log_rotation_size": "'20MB'",
        "log_min_duration_statement": "'1s'",
        "log_timezone": "'UTC'",
        "timezone": "'UTC'",
        "lc_messages": "'C'",
    }
    if env.flag("VINCULO_DATABASE_THROWAWAY"):
        # Only for test runs, whose data nobody will miss.
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings |= {"autovacuum": "off", "logging_collector": "off"}
    lines = ["# Written at every start. Your own settings: local.conf beside this file."]
    lines += [f"{name} = {value}" for name, value in settings.items()]
    lines += ["include_if_exists = 'local.conf'"]
    return "\n".join(lines) + "\n"


def machine_memory() -> int:
    """The memory of this machine, or of the container we run in, in bytes."""
    found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return found
    return min(found, int(limit)) if limit.isdigit() else found


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
