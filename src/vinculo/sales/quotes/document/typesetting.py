"""The one place that calls typst: data goes in as JSON, bytes of a PDF come out.

Only what typst brings along and the fonts of this machine are used; nothing is fetched, and no file
but the template is read.
"""

from __future__ import annotations

import functools
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

TEMPLATE = Path(__file__).with_name("quote.typ")
#: In this order: what typst brings along has Latin, Greek, Cyrillic and Hebrew letters.
OURS = ("Libertinus Serif",)
#: Families with Chinese characters, the better ones first; a machine has one of them or none.
SIMPLIFIED = (
    "Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK SC", "Source Han Sans SC",
    "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "SimSun", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "Droid Sans Fallback",
)  # fmt: skip
TRADITIONAL = (
    "Noto Serif CJK TC", "Source Han Serif TC", "Noto Sans CJK TC", "Source Han Sans TC",
    "Noto Sans TC", "PingFang TC", "Microsoft JhengHei", "PMingLiU", *SIMPLIFIED,
)  # fmt: skip
#: For every other script, Arabic first of all.
OTHERS = (
    "Noto Naskh Arabic",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "DejaVu Sans",
    "DejaVu Sans Mono",
)
#: A PDF that can be kept for good: fonts inside, every sign known.
ARCHIVE = ["a-2u"]
PREVIEW_PPI = 100


def pdf_of(paper: dict[str, Any], language: str, at: datetime, logo: bytes = b"") -> bytes:
    """The paper as PDF: for the same paper the same bytes.

    It is PDF/A where this machine has a font for every sign; else those signs come out as boxes in
    a plain PDF.
    """
    import typst

    try:
        return _set(paper, language, at, logo, format="pdf", pdf_standards=ARCHIVE)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
    return _set(paper, language, at, logo, format="pdf")


def picture_of(paper: dict[str, Any], language: str, at: datetime, logo: bytes = b"") -> bytes:
    """The first page as PNG."""
    made: Any = _set(paper, language, at, logo, format="png", ppi=PREVIEW_PPI)
    return made[0] if isinstance(made, list) else made


def has_chinese() -> bool:
    """Whether this machine has a font with Chinese characters."""
    return any(family in _families() for family in TRADITIONAL)


def _set(
    paper: dict[str, Any], language: str, at: datetime, logo: bytes, **options: Any
) -> bytes:  # fmt: skip
    import typst

    data = {
        **paper,
        "lang": language.partition("-")[0] or "en",
        "script": {"zh-hans": "hans", "zh-hant": "hant"}.get(language, ""),
        "fonts": [*OURS, *_chinese(language), *(one for one in OTHERS if one in _families())],
        "day": [at.year, at.month, at.day],
        "logo": list(logo),
    }
    made: Any = typst.compile(
        TEMPLATE.read_bytes(),
        root=TEMPLATE.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,  # those of the machine are among `_fonts` already
        sys_inputs={"data": json.dumps(data)},
        timestamp=at,
        **options,
    )
    return made


def _chinese(language: str) -> list[str]:
    wanted = TRADITIONAL if language == "zh-hant" else SIMPLIFIED
    return [family for family in wanted if family in _families()][:1]


@functools.cache
def _fonts() -> Any:
    """The fonts of typst, of this machine, and of the data directory; looked for once."""
    import typst

    own = Path(settings.VINCULO_DATA) / "fonts"
    return typst.Fonts(font_paths=[os.fspath(own)] if own.is_dir() else [])


@functools.cache
def _families() -> frozenset[str]:
    return frozenset(_fonts().families())
