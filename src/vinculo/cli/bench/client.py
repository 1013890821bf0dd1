"""A small HTTP client: one kept-alive connection, little work of its own beside the server."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Thread

HOST = "127.0.0.1"
RECEIVE = 262_144
#: Seconds after which a connection is opened anew: a server hangs up on silent ones after thirty.
KEPT_ALIVE = 15.0


class BadAnswer(RuntimeError):
    """The server answered something else than the case expects."""


@dataclass(slots=True)
class Answer:
    """Status, headers (lower case) and body."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Visitor:
    """Somebody with cookies or a key, on one connection."""

    port: int
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Whether a request on a connection that turns out closed is sent again on a new one.
    resend: bool = True
    _socket: socket.socket | None = None
    _used: float = 0.0

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Fetch a page."""
        return self.ask("GET", path, headers or {})

    def post(
        self, path: str, body: bytes, kind: str, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a form or JSON."""
        return self.ask("POST", path, {"Content-Type": kind, **(headers or {})}, body)

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """One request and its whole answer; a connection the server closed is opened again."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{self.port}"]
        lines += [f"{name}: {value}" for name, value in {**self.headers, **headers}.items()]
        if method != "GET":
            lines.append(f"Content-Length: {len(body)}")
        request = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        try:
            return self._exchange(request)
        except (ConnectionError, BrokenPipeError):
            self.close()
            if not self.resend:
                raise
            return self._exchange(request)

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: bytes) -> Answer:
        if time.monotonic() - self._used > KEPT_ALIVE:
            self.close()
        if self._socket is None:
            self._socket = socket.create_connection((HOST, self.port), timeout=120)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        answer = self._answer(self._socket)
        self._used = time.monotonic()
        return answer

    def _answer(self, connection: socket.socket) -> Answer:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more(connection)
        head, _gap, body = received.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in rest:
            name, _colon, value = line.partition(":")
            headers[name.lower()] = value.strip()
        status = int(first.split(" ", 2)[1])
        if status in (204, 304):
            return Answer(status, headers, b"")
        if "content-length" in headers:
            length = int(headers["content-length"])
            parts = [body]
            missing = length - len(body)
            while missing > 0:
                parts.append(self._more(connection))
                missing -= len(parts[-1])
            return Answer(status, headers, b"".join(parts))
        return Answer(status, headers, self._chunks(connection, body))

    def _chunks(self, connection: socket.socket, received: bytes) -> bytes:
        """A streamed answer; only how it ends matters to us, so the sizes are left in it."""
        parts = [received]
        ending = received[-16:]
        while not ending.endswith(b"\r\n0\r\n\r\n") and ending != b"0\r\n\r\n":
            parts.append(self._more(connection))
            ending = (ending + parts[-1])[-16:]
        return b"".join(parts)

    def _more(self, connection: socket.socket) -> bytes:
        received = connection.recv(RECEIVE)
        if not received:
            raise ConnectionResetError
        return received


def expect(answer: Answer, status: int = 200) -> Answer:
    """The answer, if it has this status; BadAnswer with its beginning otherwise."""
    if answer.status != status:
        raise BadAnswer(f"{answer.status} instead of {status}: {answer.body[:400]!r}")
    return answer


def timed(calls: Iterator[Callable[[], object]]) -> list[float]:
    """How long each call took, in milliseconds."""
    took = []
    for call in calls:
        began = time.perf_counter()
        call()
        took.append((time.perf_counter() - began) * 1000)
    return took


def per_second(make_call: Callable[[int], Callable[[int], object]], seconds: float) -> float:
    """Calls per second of eight clients at once; `make_call(client)` gives each its call."""
    clients = 8
    done = [0] * clients
    failures: list[BaseException] = []
    calls = [make_call(client) for client in range(clients)]
    until = time.perf_counter() + seconds

    def work(client: int) -> None:
        try:
            while time.perf_counter() < until:
                calls[client](done[client])
                done[client] += 1
        except BaseException as failure:
            failures.append(failure)

    threads = [Thread(target=work, args=(client,)) for client in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(done) / (time.perf_counter() - began)


def percentile(values: list[float], share: float) -> float:
    """The value that so many (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
