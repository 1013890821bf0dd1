"""One POST to a checked destination: to the very address that was checked, once, and briefly."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from vinculo.platform.outbound.destination import Destination, NotReachable, Resolver, check_url

CONNECT_SECONDS = 4.0
WHOLE_SECONDS = 10.0
#: What is read of an answer; nobody needs more of one to a webhook.
MOST_BYTES = 4096


@dataclass(frozen=True)
class Answer:
    """What came back: `status` is 0 when nothing did, and then `error` says why."""

    status: int
    body: str = ""
    error: str = ""
    seconds: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the other side took it."""
        return 200 <= self.status < 300


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    resolve: Resolver | None = None,
    seconds: float = WHOLE_SECONDS,
) -> Answer:
    """Send `body` and read the beginning of the answer within so many seconds; never raises for
    what is wrong with the address or the other side."""
    begun = time.monotonic()
    try:
        destination = check_url(url, resolve=resolve)
        return _send(destination, body, headers, begun, seconds)
    except NotReachable as error:
        return Answer(0, error=gettext(error.message), seconds=time.monotonic() - begun)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(0, error=_reason(error), seconds=time.monotonic() - begun)


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever the host's name leads to by now."""

    def __init__(self, destination: Destination, seconds: float) -> None:
        super().__init__(destination.host, destination.port, timeout=seconds)
        self.destination = destination
        #: Kept for the watch: the answer takes `sock` over when it is the last one.
        self.held: socket.socket | None = None

    def connect(self) -> None:
        """To the first checked address that answers; a certificate must fit the host's name."""
        last: OSError | None = None
        for address in self.destination.addresses[:3]:
            try:
                plain = socket.create_connection(
                    (address, self.destination.port), timeout=CONNECT_SECONDS
                )
            except OSError as error:
                last = error
                continue
            plain.settimeout(self.timeout)
            self.sock = self.held = plain
            if self.destination.scheme == "https":
                self.sock = self.held = ssl.create_default_context().wrap_socket(
                    plain, server_hostname=self.destination.host
                )
            return
        raise last or OSError("no address")


def _send(
    destination: Destination,
    body: bytes,
    headers: Mapping[str, str],
    begun: float,
    seconds: float,
) -> Answer:
    connection = _Pinned(destination, seconds)
    # A time limit of the socket is one of each read: who sends a byte a second would hold us for
    # an hour. The watch ends the whole.
    watch = threading.Timer(seconds, _hang_up, [connection])
    watch.daemon = True
    watch.start()
    try:
        connection.request(
            "POST",
            destination.target,
            body,
            {"Host": destination.host_header, "Connection": "close", **headers},
        )
        response = connection.getresponse()
        text = response.read(MOST_BYTES).decode("utf-8", "replace").replace("\x00", "")
        error = ""
        if 300 <= response.status < 400:
            error = gettext("It answered with a redirect, which is not followed: write the address it leads to.")  # fmt: skip
        return Answer(
            response.status, text, error, time.monotonic() - begun, tuple(response.getheaders())
        )
    except (OSError, AttributeError) as found:
        if time.monotonic() - begun >= seconds - 0.05:
            raise TimeoutError from found
        if isinstance(found, AttributeError):
            raise OSError from found  # the watch took the socket away under our hands
        raise
    finally:
        watch.cancel()
        connection.close()


def _hang_up(connection: _Pinned) -> None:
    held = connection.held
    if held is not None:
        with contextlib.suppress(OSError):
            held.shutdown(socket.SHUT_RDWR)


def _reason(error: Exception) -> str:
    """Why nothing came back, in words and without our own addresses."""
    if isinstance(error, TimeoutError):
        return gettext("It did not answer in time.")
    if isinstance(error, ConnectionRefusedError):
        return gettext("Nobody listens there.")
    if isinstance(error, ssl.SSLError):
        return gettext("Its certificate is not valid: %(reason)s") % {
            "reason": getattr(error, "verify_message", "") or error.reason or "TLS"
        }
    if isinstance(error, http.client.HTTPException):
        return gettext("It did not answer in HTTP.")
    return gettext("The connection failed.")
