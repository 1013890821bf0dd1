"""Logs: one line an event, on standard error; readable in a terminal, JSON for a machine."""

from __future__ import annotations

import sys
from typing import Any

import structlog

from vinculo.config import env
from vinculo.config.watching.masking import PlacesOnly, masked, without_message

#: What a line may say beside its event: numbers and names of ours, nothing that people wrote.
FACTS = ["status_code", "job", "job_id", "actor_id", "method", "route", "view", "status", "ms",
         "sql", "sql_ms", "user_id", "queries"]  # fmt: skip


def logging_settings() -> dict[str, Any]:
    """Django's LOGGING. VINCULO_LOG is text or json (default: by whether a person looks).

    Only events and errors: no addresses, no query strings, nothing of what people wrote.
    """
    kind = env.choice("VINCULO_LOG", ["text", "json"], "text" if sys.stderr.isatty() else "json")
    level = env.choice("VINCULO_LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR"], "INFO")
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=FACTS),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        masked,
        without_message,
    ]
    if kind == "json":
        shown: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        shown = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": before,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    shown,
                ],
            }
        },
        "filters": {"places": {"()": PlacesOnly}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["places"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would write a second line, or mail nobody.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # Every page that is not there is no event of ours.
            "django.request": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
            # A person at a terminal wants to see the address and what goes wrong.
            "vinculo.request": {
                "level": "WARNING" if kind == "text" and level == "INFO" else level
            },
        },
    }
