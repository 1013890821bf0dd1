"""Where Vinculo never calls (attack 12): our own network in every notation, and by every detour."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from vinculo.platform.outbound import NotReachable, check_url, post
from vinculo.platform.outbound.destination import is_public

REFUSED = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://127.0.0.1../",
    "http://0.0.0.0/",
    "http://0/",
    "http://10.0.0.7/",
    "http://172.16.4.2/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/",
    "http://[fd12:3456::1]/",
    "http://[fd00:ec2::254]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://database/",
    "http://①②⑦.⓪.⓪.①/",
    "http://example.com:22/",
    "http://example.com:5432/",
    "http://example.com:8080/",
    "http://user:word@example.com/",
    "http://example.com@127.0.0.1/",
    "http://127.0.0.1#@example.com/",
    "http://127.0.0.1\\@example.com/",
    "http://exa mple.com/",
    "http://example.com\r\nX: 1/",
    "http://%31%32%37.0.0.1/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "javascript:alert(1)",
    "//example.com/",
    "https://",
    "https:///path",
    "https://example.com:99999/",
    "",
    "https://" + "a" * 2000 + ".com/",
]


def public(host: str, port: int) -> list[str]:
    return ["93.184.216.34"]


@pytest.mark.parametrize("url", REFUSED)
def test_it_is_not_called(url: str) -> None:
    with pytest.raises(NotReachable):
        check_url(url, resolve=public)
    assert post(url, b"", {}, resolve=public).status == 0


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/hook?a=1",
        "http://example.com",
        "https://EXAMPLE.com./hook",
        "https://example.com:443/",
        "https://bücher.example/",
        "https://93.184.216.34/",
        "https://[2606:2800:220:1:248:1893:25c8:1946]/",
    ],
)
def test_the_internet_is(url: str) -> None:
    assert check_url(url, resolve=public).addresses


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "10.0.0.1"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["169.254.169.254"],
        ["fd00::1", "93.184.216.34"],
        ["not an address"],
        [],
    ],
)
def test_a_name_that_leads_inside_is_not_called(addresses: list[str]) -> None:
    with pytest.raises(NotReachable):
        check_url("https://rebind.example/", resolve=lambda host, port: addresses)


def test_no_private_range_counts_as_public() -> None:
    for one in ("192.0.2.1", "198.18.0.1", "203.0.113.9", "240.0.0.1", "2001:db8::1", "ff02::1"):
        assert not is_public(one), one
    assert is_public("1.1.1.1")
    assert is_public("2606:4700:4700::1111")


class Listener(HTTPServer):
    """A server on this machine that notes what it is sent and answers as it is told."""

    def __init__(self, answer: Any) -> None:
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                outer.taken.append((self.path, dict(self.headers), self.rfile.read(size)))
                answer(self)

            def log_message(self, *_args: Any) -> None:
                """Quiet."""

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


def says(status: int, text: str = "", **headers: str) -> Any:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(text.encode())

    return answer


@contextmanager
def listening(answer: Any) -> Iterator[Listener]:
    """A listener that runs as long as the block does."""
    server = Listener(answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def allow(settings: Settings, server: Listener) -> None:
    settings.VINCULO_OUTBOUND_HOSTS = [f"127.0.0.1:{server.server_port}"]


def test_a_named_host_of_ones_own_network_is_called(settings: Settings) -> None:
    with listening(says(200, "thanks")) as server:
        assert post(f"{server.url}/a?b=1", b"{}", {}).status == 0
        assert not server.taken
        allow(settings, server)
        answer = post(f"{server.url}/a?b=1", b"{}", {"X-Test": "1"})
    assert (answer.status, answer.body, answer.ok) == (200, "thanks", True)
    path, headers, body = server.taken[0]
    assert (path, headers["X-Test"], body) == ("/a?b=1", "1", b"{}")


def test_the_connection_goes_to_the_address_that_was_checked(settings: Settings) -> None:
    """The name is resolved once: a second answer, the one of a rebinding, is never asked for."""
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with listening(says(200)) as server:
        settings.VINCULO_OUTBOUND_HOSTS = [f"hook.internal:{server.server_port}"]
        url = f"http://hook.internal:{server.server_port}/"
        assert post(url, b"", {}, resolve=resolve).ok
    assert asked == ["hook.internal"]
    assert server.taken[0][1]["Host"] == f"hook.internal:{server.server_port}"


def test_a_redirect_is_not_followed(settings: Settings) -> None:
    with listening(says(200)) as inner, listening(says(302, Location=inner.url)) as server:
        allow(settings, server)
        answer = post(server.url, b"", {})
        assert answer.status == 302
        assert not answer.ok
        assert "redirect" in answer.error
        assert not inner.taken


def test_a_long_or_slow_answer_ends(settings: Settings) -> None:
    with listening(says(200, "x" * 1_000_000)) as server:
        allow(settings, server)
        assert len(post(server.url, b"", {}).body) == 4096

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(40):
            time.sleep(0.1)
            try:
                handler.wfile.write(b"x")
            except OSError:
                return

    with listening(drip) as server:
        allow(settings, server)
        begun = time.monotonic()
        post(server.url, b"", {}, seconds=0.5)
        assert time.monotonic() - begun < 2


def test_nobody_there_is_said_without_our_addresses(settings: Settings) -> None:
    with listening(says(200)) as server:
        allow(settings, server)
    answer = post(server.url, b"", {})
    assert (answer.status, answer.error) == (0, "Nobody listens there.")
