"""When the database is away: it is being started again, or a connection died with it.

It was told nothing, or it took what it was told and could not say so any more: a form with its
token and a call with its key may be sent again and count once.
"""

import json

import psycopg
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext

from vinculo.platform.errors import DatabaseAway

#: SQLSTATE: connection exceptions (class 08), stopping, crashed, starting, too many connections.
AWAY = ("57P01", "57P02", "57P03", "53300")
#: Seconds after which it is worth trying again: the embedded database is back in less.
RETRY_AFTER = "2"


def database_is_away(error: BaseException | None) -> bool:
    """Whether this error came of a database that could not be reached or went away."""
    if isinstance(error, InterfaceError | OperationalError):
        error = error.__cause__ or error
    if not isinstance(error, psycopg.InterfaceError | psycopg.OperationalError):
        return False
    # Without a SQLSTATE nobody answered: the connection is lost, or the pool got none in time.
    state = error.sqlstate
    return state is None or state.startswith("08") or state in AWAY


def away_response(request: HttpRequest) -> HttpResponse:
    """503 and when to try again: a toast where htmx asked, else a page that needs no database."""
    if request.headers.get("HX-Request"):
        message = gettext(DatabaseAway().message)
        response = HttpResponse(status=503)
        response["HX-Trigger"] = json.dumps({"toast": {"message": message, "level": "danger"}})
        response["HX-Reswap"] = "none"
    else:
        response = HttpResponse(loader.get_template("503.html").render(), status=503)
    response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    return response
