"""What the children of `vinculo serve` do: answer requests, run jobs."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from threading import Thread
from typing import Any

from vinculo.config import env
from vinculo.config.processes import die_with_parent

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]
_application: Application | None = None


def load_application() -> None:
    """Import everything a request needs, before forking: once in memory, and no slow first click."""
    global _application
    from django.urls import get_resolver

    from vinculo.config.watching.counters import counters
    from vinculo.config.wsgi import application

    _application = application
    get_resolver().url_patterns  # noqa: B018 - imports every view
    counters()  # made here, so that the web processes share them


def warm_up() -> None:
    """Read ahead what is read on first use: templates, and how each language writes dates.

    Nobody's click pays for it then, nor does the first one after a process was replaced.
    """
    from django.conf import settings
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template
    from django.utils import translation

    from vinculo.kernel.clock import now
    from vinculo.platform import formats

    for folder in settings.SOURCE.glob("*/templates"):
        for path in folder.rglob("*.html"):
            with contextlib.suppress(TemplateSyntaxError):  # its own page says so
                get_template(str(path.relative_to(folder)))
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            formats.moment_text(now())
            formats.exact_text(now())


def web(host: str, port: int, workers: int) -> None:
    """Run the web server until told to stop."""
    from django.conf import settings
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from vinculo.platform.patience import limit_statements

    # The workers share the memory of this process; other start methods would load all again.
    multiprocessing.set_start_method("fork", force=True)
    server = Server(
        "vinculo.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        # Python runs one thread at a time; a few more wait for the database meanwhile.
        blocking_threads=settings.WEB_THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    parent = os.getpid()

    def loader() -> Application:
        die_with_parent(signal.SIGKILL, parent)
        limit_statements(settings.STATEMENT_SECONDS)
        if _application is None:
            raise RuntimeError("load_application() comes first")
        # Beside the first requests, which need not wait for it.
        Thread(target=warm_up, name="warm-up", daemon=True).start()
        return _application

    server.serve(target_loader=loader, wrap_loader=False)


def worker() -> None:
    """Run jobs until told to stop; jobs in hand are finished first."""
    from django.urls import get_resolver

    from vinculo.platform.worker import run_worker

    wait_for_database()
    # Jobs stand beside the pages that want them: a worker on its own must know these, too.
    _ = get_resolver().url_patterns
    run_worker(concurrency=env.number("VINCULO_JOBS", 2, least=1, most=32))


def wait_for_database(pause: float = 0.25) -> None:
    """Until it answers: after a crash it may be at its recovery for as long as it takes.

    The supervisor would else take a worker that finds no database for one that cannot start.
    """
    from django.db import connections

    from vinculo.platform.outages import database_is_away

    beside = connections["default"].copy()
    # Not through the pool, which would fill the log with its tries.
    options = {**beside.settings_dict["OPTIONS"]}
    options.pop("pool", None)
    beside.settings_dict = {**beside.settings_dict, "OPTIONS": options}
    while True:
        try:
            beside.ensure_connection()
            return
        except Exception as error:
            if not database_is_away(error):
                raise
            time.sleep(pause)
        finally:
            beside.close()
