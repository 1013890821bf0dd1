"""Which encoding a text file is written in.

The first bytes decide: a byte order mark, valid UTF-8, then what the bytes look like. Chinese
encodings are told apart by how many characters land among the common ones, because almost any
bytes are *valid* in them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from vinculo.kernel.errors import DomainError, _
from vinculo.records.transfer import limits
from vinculo.records.transfer.cells import UNDECODABLE
from vinculo.records.transfer.sources import open_bytes

ENCODINGS: dict[str, str] = {
    "utf-8": "UTF-8",
    "cp1252": "Western (Windows-1252)",
    "iso8859-15": "Western (ISO 8859-15)",
    "gb18030": "简体中文 (GB18030)",
    "big5": "繁體中文 (Big5)",
    "utf-16": "UTF-16",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Кириллица (Windows-1251)",
    "shift_jis": "日本語 (Shift JIS)",
    "euc_kr": "한국어 (EUC-KR)",
}
"""The encodings a person may choose, with the names shown."""

MARK_ERRORS = "vinculo.mark"
"""Error handler: bytes that cannot be read become :data:`cells.UNDECODABLE`."""


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODABLE, error.end


codecs.register_error(MARK_ERRORS, _mark)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Bytes no text file holds, whatever its encoding: controls except tab, newline, form feed, return,
# escape and the end-of-file sign of old systems.
_CONTROLS = re.compile(rb"[\x01-\x08\x0b\x0e-\x19\x1c-\x1f]")
_MAGIC = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"MZ\x90",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"SQLite format 3",
)
_WESTERN = frozenset(
    "áéíóúüñçàèìòùâêîôûäöëïßãõåæøœÁÉÍÓÚÜÑÇÀÈÌÒÙÂÊÎÔÛÄÖËÏÃÕÅÆØŒ¿¡ºª€’‘“”–—«»°·´®©\xa0"
)


def guess_encoding(path: Path) -> tuple[str, bool]:
    """The encoding of a text file and whether a byte order mark says so.

    Raises DomainError for a file that is no text at all.
    """
    head = _telling_part(path)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, True
    refuse_binary(head)
    if wide := _unmarked_utf16(head):
        return wide, False
    if _mostly_utf8(head):
        return "utf-8", False
    return _legacy_encoding(head), False


def refuse_binary(head: bytes) -> None:
    """Raise DomainError when these first bytes of a file cannot be text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _unmarked_utf16(head):
        return
    nuls, controls = head.count(0), len(_CONTROLS.findall(head))
    if head.startswith(_MAGIC) or nuls > max(8, len(head) // 200) or controls > len(head) // 50:
        raise DomainError(
            _("This is not a table. Choose a CSV, TSV or XLSX file."),
            field="file",
        )


def _telling_part(path: Path) -> bytes:
    """The first 256 KB, or those around the first byte that is not plain ASCII."""
    with open_bytes(path) as file:
        head = file.read(limits.HEAD_BYTES)
        if not head.isascii() or b"\0" in head:
            return head
        while block := file.read(limits.HEAD_BYTES):
            if not block.isascii():
                # The rest of the character may stand in the next block.
                return head[-4096:] + block + file.read(limits.HEAD_BYTES)
    return head


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 without a mark: zeros in every second place only, and text with lines when read."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 50 < len(head) or min(even, odd) * 20 > max(even, odd):
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = head[: len(head) // 2 * 2].decode(encoding, errors="replace")
    return encoding if "\ufffd" not in text[:-1] and "\0" not in text else None


def _mostly_utf8(head: bytes) -> bool:
    """Whether the lines that are not plain ASCII read as UTF-8, but for a few strays."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
        return True
    except UnicodeDecodeError:
        pass
    good = bad = 0
    for line in head.splitlines()[:-1] or [head]:
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad += 1
    return good > bad


def _legacy_encoding(head: bytes) -> str:
    """The likeliest encoding of bytes that are not UTF-8."""
    if _share_gb2312(head) > 0.75:
        return "gb18030"
    if _share_big5(head) > 0.75:
        return "big5"
    text = head.decode("cp1252", errors="replace")
    high = [letter for letter in text if letter > "\x7f"]
    if high and sum(letter in _WESTERN for letter in high) / len(high) > 0.9:
        return "cp1252"
    return _by_statistics(head)


def _double_bytes(head: bytes) -> Iterator[tuple[int, int]]:
    """The two-byte characters these bytes hold if they are Chinese."""
    position, end = 0, len(head) - 1
    while position < end:
        lead = head[position]
        if lead < 0x81:
            position += 1
            continue
        yield lead, head[position + 1]
        position += 2


def _share_gb2312(head: bytes) -> float:
    """How many of the two-byte characters are common ones in GB2312 (0 to 1)."""
    pairs = list(_double_bytes(head))
    common = sum((0xB0 <= a <= 0xD7 or 0xA1 <= a <= 0xA3) and b >= 0xA1 for a, b in pairs)
    return common / len(pairs) if pairs else 0.0


def _share_big5(head: bytes) -> float:
    """How many of the two-byte characters are common ones in Big5 (0 to 1)."""
    pairs = list(_double_bytes(head))
    common = sum(0xA1 <= a <= 0xC6 and (0x40 <= b <= 0x7E or 0xA1 <= b <= 0xFE) for a, b in pairs)
    return common / len(pairs) if pairs else 0.0


def _by_statistics(head: bytes) -> str:
    # Imported late: its tables take longer to load than most files take to read.
    from charset_normalizer import from_bytes

    best = from_bytes(head, cp_isolation=[name for name in ENCODINGS if name != "utf-16"]).best()
    if best is None or best.encoding.replace("_", "-") in ("ascii", "utf-8"):
        return "cp1252"
    found = codecs.lookup(best.encoding).name
    return next((name for name in ENCODINGS if codecs.lookup(name).name == found), "cp1252")
