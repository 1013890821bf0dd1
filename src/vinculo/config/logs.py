"""Logs: one line an event, on standard error; readable in a terminal, JSON for a machine."""

from __future__ import annotations

import sys
from typing import Any

import structlog

from vinculo.config import env


def logging_settings() -> dict[str, Any]:
    """Django's LOGGING. VINCULO_LOG is text or json (default: by whether a person looks).

    Only events and errors: no bodies, no query strings, nothing of what customers wrote.
    """
    kind = env.choice("VINCULO_LOG", ["text", "json"], "text" if sys.stderr.isatty() else "json")
    level = env.choice("VINCULO_LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR"], "INFO")
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=["status_code", "job", "job_id", "actor_id"]),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if kind == "json":
        # The local variables of a traceback would carry customers' data into the log.
        without_locals = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        shown: list[Any] = [
            structlog.processors.ExceptionRenderer(without_locals),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        shown = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": before,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *shown,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would write a second line, or mail nobody.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # Every page that is not there is no event of ours.
            "django.request": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
        },
    }
