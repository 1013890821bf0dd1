"""What may not stand in a log: messages of errors, addresses with their values, secrets.

An error's message often quotes what somebody wrote (`Key (email)=(…) already exists`), and an
address may hold a one-time link. The log keeps the kind of error and the lines of code; the
message goes along only where VINCULO_LOG_MESSAGES is set, while one looks for a fault.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any

from vinculo.config import env

#: Names under which nothing may be logged.
SECRET = re.compile(r"(?i)passw|secret|token|cookie|authori[sz]ation|api_?key")
#: What our keys and the usual headers look like, wherever they stand.
LOOKS_SECRET = re.compile(r"(?i)\b(?:bearer|basic)\s+\S+|\b(?:password|token|secret)=\S+|\bvk_\S+")
#: A line stays a line: letters of one value, and of an error with all its lines of code.
LONGEST_VALUE, LONGEST_ERROR = 2_000, 30_000
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def with_messages() -> bool:
    """Whether the operator wants the messages of errors for a while."""
    return env.flag("VINCULO_LOG_MESSAGES")


class PlacesOnly(logging.Filter):
    """Lets libraries say what happened, but not to which address or with which values."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: the line is kept, its values are not."""
        if with_messages():
            return True
        request = getattr(record, "request", None)
        if record.name.startswith("django.request") and request is not None:
            from vinculo.config.watching.requests import name_of

            said = record.getMessage().split(":")[0]  # before the address
            record.msg, record.args = f"{said}: {name_of(request)[0]}", ()
        elif record.name.startswith("procrastinate"):
            record.msg, record.args = str(getattr(record, "action", "procrastinate")), ()
            told = getattr(record, "job", None)
            if isinstance(told, dict):  # with its arguments, which are somebody's
                record.__dict__.update(job=told.get("task_name"), job_id=told.get("id"))
        elif record.name.startswith("django.security"):
            record.msg, record.args = record.name.rpartition(".")[2], ()
        return True


def masked(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Cover what is named like a secret or looks like one, and e-mail addresses; cut what is long."""
    for name, value in event.items():
        if SECRET.search(name):
            event[name] = "***"
        elif isinstance(value, str) and name != "exception":
            event[name] = ADDRESS.sub("***", LOOKS_SECRET.sub("***", value[:LONGEST_VALUE]))
    return event


def without_message(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Turn an error into its kind and the lines of code it came through."""
    given = event.pop("exc_info", None)
    info = sys.exc_info() if given is True else given
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[1] is not None:
        event["exception"] = places_of(info[1])
    return event


def places_of(error: BaseException) -> str:
    """Kind and lines of code of an error and of what caused it; its message only when wanted."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < 8:
        lines = "".join(traceback.format_tb(seen.__traceback__))
        said = f": {seen}" if with_messages() else ""
        parts.append(f"{lines}{type(seen).__module__}.{type(seen).__qualname__}{said}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    whole = "\n\ncaused by\n\n".join(parts)
    return whole if len(whole) <= LONGEST_ERROR else f"…{whole[-LONGEST_ERROR:]}"
