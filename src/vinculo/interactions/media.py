"""What a file really is, told by its content: the name and the browser's word do not count."""

import codecs
import re
import zipfile
from pathlib import Path

UNKNOWN = "application/octet-stream"

SIGNATURES: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF-", 0, "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
    (b"ftyp", 4, "video/mp4"),
    (b"II*\x00", 0, "image/tiff"),
    (b"MM\x00*", 0, "image/tiff"),
    (b"BM", 0, "image/bmp"),
    (b"ID3", 0, "audio/mpeg"),
    (b"OggS", 0, "audio/ogg"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "application/x-ole-storage"),
    (b"7z\xbc\xaf\x27\x1c", 0, "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", 0, "application/vnd.rar"),
    (b"\x1f\x8b", 0, "application/gzip"),
    (b"{\\rtf", 0, "application/rtf"),
)

OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

MARKUP = re.compile(rb"<\s*(!doctype\s+html|html|head|body|script|svg|iframe|img|\?xml|!--)", re.I)

# Only these are announced as what they are; whatever a browser might run is just bytes.
HARMLESS = {
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/heic",
    *OFFICE.values(),
}


def sniff(path: Path) -> str:
    """The media type of a stored file, by its content."""
    with path.open("rb") as source:
        start = source.read(4096)
    if MARKUP.search(start):
        # Also where it follows a picture's signature: a polyglot is what its worst part is.
        return "image/svg+xml" if re.search(rb"<\s*svg", start, re.I) else "text/html"
    for signature, offset, media_type in SIGNATURES:
        if start[offset : offset + len(signature)] == signature:
            return media_type
    if start[:4] == b"RIFF" and start[8:12] in (b"WEBP", b"WAVE"):
        return "image/webp" if start[8:12] == b"WEBP" else "audio/wav"
    if start[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _archive(path)
    return "text/plain" if _is_text(start) else UNKNOWN


def _archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist()[:50]]
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                declared = archive.read("mimetype").decode("ascii", "replace")
                if declared.startswith("application/vnd.oasis.opendocument."):
                    return declared[:100]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return UNKNOWN
    for folder, media_type in OFFICE.items():
        if any(name.startswith(folder) for name in names):
            return media_type
    return "application/zip"


def _is_text(start: bytes) -> bool:
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return True
    if b"\x00" in start:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start, final=False)
    except UnicodeDecodeError:
        return False
    return True


def served_as(media_type: str) -> str:
    """The type in the answer's header: the file's own only where it can do no harm."""
    return media_type if media_type in HARMLESS else UNKNOWN
