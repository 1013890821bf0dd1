"""Files: told by content, kept under tokens, downloaded only."""

from __future__ import annotations

import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.interactions.makers import latest_change_set, make_company
from tests.personas import People
from vinculo.interactions import media
from vinculo.interactions.actions import attach_file, remove_file, rename_file
from vinculo.interactions.actions.files import file_name
from vinculo.interactions.jobs import discard_files
from vinculo.interactions.models import File
from vinculo.kernel.clock import frozen, now
from vinculo.kernel.errors import DomainError, NotFound
from vinculo.platform import blobs
from vinculo.platform.undo import KEPT_FOR, undo_change_set

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 30
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
HTML = b"<!doctype html><script>alert(document.cookie)</script>"


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    settings.VINCULO_DATA = tmp_path
    return tmp_path


def upload(name: str, content: bytes, claimed: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=claimed)


def docx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    return buffer.getvalue()


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "told", "served"),
    [
        ("photo.png", PNG, "image/png", "image/png"),
        ("photo.png", SVG, "image/svg+xml", "application/octet-stream"),
        ("photo.jpg", HTML, "text/html", "application/octet-stream"),
        ("both.gif", b"GIF89a=1;<script>alert(1)</script>", "text/html", media.UNKNOWN),
        ("both.pdf", b"%PDF-1.7 <script>alert(1)</script>", "text/html", media.UNKNOWN),
        ("note.html", b"Just words", "text/plain", media.UNKNOWN),
        ("offer.pdf", b"%PDF-1.7\n%\xe2\xe3", "application/pdf", "application/pdf"),
        ("data.bin", b"\x00\x01\x02", media.UNKNOWN, media.UNKNOWN),
        ("broken.zip", b"PK\x03\x04nonsense", media.UNKNOWN, media.UNKNOWN),
        ("letter.docx", docx(), media.OFFICE["word/"], media.OFFICE["word/"]),
    ],
)
def test_a_file_goes_out_as_a_harmless_download(
    people: People, name: str, content: bytes, told: str, served: str
) -> None:
    company = make_company(people.owner)
    file = attach_file(actor=people.owner, party=company, upload=upload(name, content))
    assert (file.media_type, file.size) == (told, len(content))
    client = Client()
    client.force_login(people.owner)
    answer = client.get(f"/files/{file.token}")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Type"] == served
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_token_is_not_the_number_nor_a_path(people: People, data_folder: Path) -> None:
    company = make_company(people.owner)
    file = attach_file(actor=people.owner, party=company, upload=upload("a.png", PNG))
    assert len(file.token) >= 26
    (path,) = stored(data_folder)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "a.png" not in str(path)
    client = Client()
    client.force_login(people.owner)
    for bad in ("../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "a" * 27, "%00" * 20):
        assert client.get(f"/files/{bad}").status_code == 404, bad
    for bad in ("../secret", "", "a/b", "a\x00b", ".."):
        with pytest.raises(NotFound):
            blobs.path_of(bad)


@pytest.mark.parametrize("persona", ["teammate", "stranger"])
def test_a_token_opens_nothing_for_others(people: People, persona: str) -> None:
    company = make_company(people.owner)
    file = attach_file(actor=people.owner, party=company, upload=upload("a.png", PNG))
    client = Client()
    client.force_login(people.all()[persona])
    assert client.get(f"/files/{file.token}").status_code == 404
    with pytest.raises(NotFound):
        remove_file(actor=people.all()[persona], file=file)
    with pytest.raises(NotFound):
        attach_file(actor=people.all()[persona], party=company, upload=upload("b.png", PNG))


def test_what_is_empty_or_too_large_leaves_nothing_behind(
    people: People,
    data_folder: Path,
    settings,  # type: ignore[no-untyped-def]
) -> None:
    company = make_company(people.owner)
    settings.FILE_LIMIT = 1024 * 1024
    for content in (b"", b"x" * (1024 * 1024 + 1)):
        with pytest.raises(DomainError) as refused:
            attach_file(actor=people.owner, party=company, upload=upload("a.bin", content))
        assert refused.value.field == "upload"
    assert stored(data_folder) == []
    assert not File.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\offer.pdf", "offer.pdf"),
        ("报价 2026.xlsx", "报价 2026.xlsx"),
        ("inv\u202efdp.exe", "invfdp.exe"),
        ('a"b<c>.txt', "abc.txt"),
        ("x\r\nSet-Cookie: a=b.txt", "x Set-Cookie a=b.txt"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
    ],
)
def test_names_lose_what_misleads(typed: str, kept: str) -> None:
    assert file_name(typed) == kept


def test_a_name_is_needed(people: People) -> None:
    for typed in ("", "...", "///", "\u202e"):
        with pytest.raises(DomainError):
            file_name(typed)


def test_a_removed_file_comes_back_with_its_content_until_nothing_can_undo_it(
    people: People, data_folder: Path
) -> None:
    company = make_company(people.owner)
    file = attach_file(actor=people.owner, party=company, upload=upload("a.png", PNG))
    rename_file(actor=people.owner, file=file, name="b.png")
    remove_file(actor=people.owner, file=file)
    (path,) = stored(data_folder)
    old = time.time() - 3 * 24 * 3600
    os.utime(path, (old, old))
    discard_files()
    assert path.exists()
    undo_change_set(actor=people.owner, change_set=latest_change_set(people.owner))
    restored = File.objects.get()
    assert (restored.name, restored.token) == ("b.png", file.token)
    remove_file(actor=people.owner, file=restored)
    with frozen(now() + KEPT_FOR + KEPT_FOR):
        discard_files()
    assert stored(data_folder) == []


def test_what_an_interrupted_upload_left_is_removed_later(
    people: People, data_folder: Path
) -> None:
    token, _size, _digest = blobs.store([b"abc"], 10)
    discard_files()
    assert blobs.path_of(token).exists()
    old = time.time() - 3 * 24 * 3600
    os.utime(blobs.path_of(token), (old, old))
    discard_files()
    assert not blobs.path_of(token).exists()
