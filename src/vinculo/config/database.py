"""Where the database is: DATABASE_URL when given, otherwise the embedded PostgreSQL."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from vinculo.config import env
from vinculo.config.problems import SetupProblem

OLDEST_POSTGRESQL = 15
ROLE = NAME = "vinculo"
EXAMPLE = "postgresql://user:password@host:5432/vinculo"


def is_embedded() -> bool:
    """Whether this installation runs its own PostgreSQL."""
    return not env.text("DATABASE_URL")


def databases() -> dict[str, dict[str, Any]]:
    """Django's DATABASES: one PostgreSQL, reached through a pool that outlives requests.

    VINCULO_POOL_MAX is the most connections of one process; 0 means no pool. VINCULO_PREPARE is
    how often a connection asks the same before PostgreSQL keeps the plan; 0 means never.
    """
    place = embedded_place() if is_embedded() else outside_place(env.text("DATABASE_URL"))
    options = place.pop("OPTIONS", {})
    prepare = env.number("VINCULO_PREPARE", 3, least=0)
    if prepare:
        # Planning a page's questions anew costs PostgreSQL more than answering them.
        options |= {"server_side_binding": True, "prepare_threshold": prepare - 1}
    most = env.number("VINCULO_POOL_MAX", 12, least=0)
    if most:
        options["pool"] = {
            "min_size": min(most, env.number("VINCULO_POOL_MIN", 1, least=0)),
            "max_size": most,
            "timeout": 10,
            "max_idle": 300,
            # Closing the pool must not hold up the end of the process.
            "num_workers": 1,
        }
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            **place,
            "CONN_MAX_AGE": 0,
            # A connection that died with the server is replaced before a request gets it.
            "CONN_HEALTH_CHECKS": True,
            "DISABLE_SERVER_SIDE_CURSORS": False,
            "OPTIONS": options,
        }
    }


def embedded_place() -> dict[str, Any]:
    """Connection settings of the embedded PostgreSQL: a socket, no password, no network."""
    from vinculo.config.cluster.places import places

    return {
        "NAME": NAME,
        "USER": ROLE,
        "PASSWORD": "",
        "HOST": str(places().socket_dir),
        "PORT": "5432",
    }


def outside_place(url: str) -> dict[str, Any]:
    """Connection settings out of a postgresql:// URL; SetupProblem when it is not one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SetupProblem(f"DATABASE_URL cannot be read; write it like {EXAMPLE}") from None
    if parts.scheme not in ("postgres", "postgresql"):
        raise SetupProblem(
            f"DATABASE_URL names {parts.scheme or 'no scheme'!r}, but Vinculo needs PostgreSQL "
            f"{OLDEST_POSTGRESQL} or newer; write it like {EXAMPLE}"
        )
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise SetupProblem(f"DATABASE_URL names no database; write it like {EXAMPLE}")
    options = dict(parse_qsl(parts.query))
    # libpq's own way to say "a socket in this folder".
    host = options.pop("host", unquote(parts.hostname or ""))
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or options.pop("port", "") or ""),
        "OPTIONS": options,
    }
