"""Websites: a browser is never sent to a script, a file or a stranger's look-alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.errors import DomainError
from vinculo.kernel.urls import Website, is_safe_url, parse_website


@pytest.mark.parametrize(
    ("typed", "url", "domain"),
    [
        ("acme.es", "https://acme.es", "acme.es"),
        ("http://acme.es/", "http://acme.es", "acme.es"),
        ("HTTPS://WWW.Acme.ES:443/A?b=C#d", "https://www.acme.es/A?b=C#d", "acme.es"),
        ("acme.es:8443/x", "https://acme.es:8443/x", "acme.es"),
        ("//acme.es/x", "https://acme.es/x", "acme.es"),
        ("例子.中国", "https://例子.中国", "例子.中国"),
        ("españa.com", "https://españa.com", "españa.com"),
        (" www.acme.co.uk. ", "https://www.acme.co.uk", "acme.co.uk"),
    ],
)
def test_accepted(typed: str, url: str, domain: str) -> None:
    assert parse_website(typed) == Website(url, domain)
    assert is_safe_url(url)


@pytest.mark.parametrize(
    "typed",
    [
        "", "acme", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\u200bscript:alert(1)",
        "java\tscript:alert(1)", "data:text/html,x", "vbscript:x.y", "file:///etc/passwd",
        "ftp://acme.es", "mailto:a@acme.es", "https://user:pw@acme.es", "https://acme.es@evil.com",
        "https://acme.es\\@evil.com", "http://127.0.0.1/", "http://[::1]/", "http://localhost",
        "https://acme.es/<script>", "https://a cme.es", "https://раypal.com", "http://acme.es:99999",
        "http://.es", "https://", "http:acme.es", "javascript://acme.es/%0aalert(1)",
        "x" * 3000 + ".es",
    ],
)  # fmt: skip
def test_refused(typed: str) -> None:
    with pytest.raises(DomainError):
        parse_website(typed)
    assert not is_safe_url(typed)


@given(st.one_of(st.text(max_size=60), st.text("htps:/.@w#?ac[]%1\\", max_size=30)))
def test_whatever_is_accepted_is_a_web_address_and_stays_the_same(typed: str) -> None:
    try:
        site = parse_website(typed)
    except DomainError:
        return
    assert site.url.startswith(("http://", "https://"))
    assert not any(sign in site.url for sign in ' \\"<>@`\n') or "@" in site.url.split("/", 3)[-1]
    assert parse_website(site.url) == site
