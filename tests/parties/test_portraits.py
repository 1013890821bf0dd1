"""Pictures of people: drawn anew or refused, never kept or served as they came."""

from __future__ import annotations

import base64
import io
import os
import struct
import time
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.parties.importing_help import import_file
from tests.parties.makers import make_person
from tests.personas import People

from vinculo.interactions.jobs import discard_files
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.parties.merging.actions import merge
from vinculo.parties.models import Person
from vinculo.parties.portraits.actions import set_picture
from vinculo.parties.portraits.drawing import drawn, drawn_from_text
from vinculo.parties.portraits.keeping import picture_of
from vinculo.platform import blobs
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set

pytestmark = pytest.mark.django_db


def image(form: str = "PNG", size: tuple[int, int] = (400, 300), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode != "P" else 3).save(out, form)
    return out.getvalue()


def card(picture: str, name: str = "Ana Ruiz", version: str = "3.0", email: str = "") -> str:
    lines = ["BEGIN:VCARD", f"VERSION:{version}", f"FN:{name}"]
    lines += [f"EMAIL:{email}"] if email else []
    return "\r\n".join([*lines, *([picture] if picture else []), "END:VCARD", ""])


def coded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
def test_any_picture_becomes_a_small_square_jpeg(form: str) -> None:
    small = drawn(image(form))
    with Image.open(io.BytesIO(small)) as found:
        assert (found.format, found.size) == ("JPEG", (256, 256))
    assert len(small) < 30_000


def test_nothing_of_what_was_sent_comes_through() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>"
    Image.new("RGB", (300, 300), "red").save(out, "JPEG", exif=exif, comment=b"<svg onload=x>")
    small = drawn(out.getvalue() + b"<?php system('x') ?>")
    assert b"script" not in small
    assert b"svg" not in small
    assert b"php" not in small


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "P", "CMYK", "1", "I;16"])
def test_every_way_to_keep_colours_is_read(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (300, 200)).save(out, form)
    assert drawn(out.getvalue())[:3] == b"\xff\xd8\xff"


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 30,000 by 30,000."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"%PDF-1.4", image()[:60], b"\xff\xd8\xff" + b"\0" * 40, b"\0" * (5 * 1024 * 1024 + 1),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(DomainError) as refused:
        drawn(raw)
    assert refused.value.field == "picture"


def test_a_picture_that_unpacks_to_gigabytes_is_refused_unread() -> None:
    assert len(bomb()) < 1_000
    with pytest.raises(DomainError, match=r"pixels|cannot be read"):
        drawn(bomb())


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM"]),
)
def test_no_bytes_trip_the_reader(raw: bytes, start: bytes) -> None:
    try:
        assert drawn(start + raw)[:3] == b"\xff\xd8\xff"
    except DomainError as refused:
        assert refused.field == "picture"
    with pytest.raises(DomainError):
        drawn_from_text("data:;base64,!" + raw.hex())


# --- in a file of vCards -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "line"),
    [
        ("2.1", "PHOTO;ENCODING=BASE64;JPEG:{}"),
        ("3.0", "PHOTO;ENCODING=b;TYPE=PNG:{}"),
        ("3.0", "item1.PHOTO;ENCODING=B;TYPE=JPEG:{}"),
        ("4.0", "PHOTO:data:image/png;base64,{}"),
    ],
)
def test_a_card_brings_its_picture(people: People, tmp_path: Path, version: str, line: str) -> None:
    path = tmp_path / "ana.vcf"
    path.write_text(card(line.format(coded(image())), version=version))
    assert import_file(people.owner, "parties.person", path).counts == (1, 0, 0, 0)
    ana = Person.objects.get()
    kept = picture_of(ana)
    assert kept[:3] == b"\xff\xd8\xff"
    assert kept != image()


def test_a_folded_picture_is_put_together_again(people: People, tmp_path: Path) -> None:
    text = coded(image())
    folded = "\r\n ".join(text[at : at + 70] for at in range(0, len(text), 70))
    path = tmp_path / "ana.vcf"
    path.write_text(card(f"PHOTO;ENCODING=b;TYPE=PNG:\r\n {folded}"), newline="")
    import_file(people.owner, "parties.person", path)
    assert picture_of(Person.objects.get())


def test_a_picture_at_an_address_is_never_fetched(people: People, tmp_path: Path) -> None:
    path = tmp_path / "ana.vcf"
    path.write_text(card("PHOTO;VALUE=uri:http://127.0.0.1:9/ana.jpg"))
    assert import_file(people.owner, "parties.person", path).counts == (1, 0, 0, 0)
    assert Person.objects.get().portrait == ""


def test_a_broken_picture_refuses_its_card_or_is_left_out(people: People, tmp_path: Path) -> None:
    path = tmp_path / "ana.vcf"
    path.write_text(card("PHOTO;ENCODING=b:" + coded(b"nothing")) + card("", "Luis Gil"))
    strict = import_file(people.owner, "parties.person", path)
    assert strict.counts == (1, 0, 0, 1)
    assert "picture cannot be read" in strict.refused[0][1]
    lenient = import_file(people.owner, "parties.person", path, lenient=True)
    assert lenient.counts == (2, 0, 0, 0)
    assert not Person.objects.exclude(portrait="").exists()


def test_a_known_person_without_a_picture_gets_one(people: People, tmp_path: Path) -> None:
    path = tmp_path / "ana.vcf"
    path.write_text(card("", email="ana@acme.es"))
    import_file(people.owner, "parties.person", path, key="email")
    path.write_text(card(f"PHOTO;ENCODING=b:{coded(image())}", email="ana@acme.es"))
    again = import_file(people.owner, "parties.person", path, key="email", mode="both")
    assert again.counts == (0, 1, 0, 0)
    assert picture_of(Person.objects.get())
    third = import_file(people.owner, "parties.person", path, key="email", mode="both")
    assert third.counts == (0, 0, 1, 0)


def test_undoing_the_import_takes_the_picture_along(people: People, tmp_path: Path) -> None:
    path = tmp_path / "ana.vcf"
    path.write_text(card("", email="ana@acme.es"))
    import_file(people.owner, "parties.person", path, key="email")
    path.write_text(card(f"PHOTO;ENCODING=b:{coded(image())}", email="ana@acme.es"))
    import_file(people.owner, "parties.person", path, key="email", mode="both")
    last = ChangeSet.objects.order_by("pk").last()
    assert last is not None
    undo_change_set(actor=people.owner, change_set=last)
    assert Person.objects.get().portrait == ""


# --- by hand, on screen, over time ---------------------------------------------------------------


def upload(raw: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("me.png", image() if raw is None else raw, "image/png")


def test_a_picture_is_set_shown_and_taken_away(people: People, client: Client) -> None:
    ana = make_person("Ana Ruiz", owner=people.owner)
    client.force_login(people.owner)
    url = f"/people/{ana.pk}"
    done = client.post(f"{url}/do/parties.set_picture", {"picture": upload()})
    assert done.status_code == 302
    ana.refresh_from_db()
    source = f"{url}/picture?v={ana.portrait[:8]}"
    for path in (url, f"{url}/peek", "/people"):
        assert f'src="{source}"' in client.get(path).content.decode(), path
    shown = client.get(source)
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert shown.content == picture_of(ana)
    assert shown.content != image()
    client.post(f"{url}/do/parties.set_picture", {})
    ana.refresh_from_db()
    assert ana.portrait == ""
    assert client.get(source).status_code == 404


def test_a_refused_picture_is_said_on_its_field(people: People, client: Client) -> None:
    ana = make_person("Ana Ruiz", owner=people.owner)
    client.force_login(people.owner)
    answer = client.post(
        f"/people/{ana.pk}/do/parties.set_picture",
        {"picture": upload(b"<svg/>")},
        headers={"hx-request": "true"},
    )
    assert answer.status_code == 422
    assert "The picture cannot be read" in answer.content.decode()
    assert Person.objects.get().portrait == ""


def test_only_who_may_change_a_person_sets_the_picture(people: People) -> None:
    ana = make_person("Ana Ruiz", owner=people.owner)
    with pytest.raises((NotAllowed, DomainError)):
        set_picture(actor=people.stranger, party=ana, picture=upload())
    assert Person.objects.get().portrait == ""


def test_merging_keeps_the_only_picture(people: People) -> None:
    ana, other = (make_person(name, owner=people.owner) for name in ("Ana Ruiz", "Ana Ruiz G."))
    set_picture(actor=people.owner, party=other, picture=upload())
    other.refresh_from_db()
    kept = merge(actor=people.owner, keep=ana, gone=[other])
    assert kept.portrait == other.portrait


def test_what_no_undo_needs_any_more_is_swept(people: People) -> None:
    ana = make_person("Ana Ruiz", owner=people.owner)
    set_picture(actor=people.owner, party=ana, picture=upload())
    first = Person.objects.get().portrait
    set_picture(actor=people.owner, party=ana, picture=upload(image(size=(50, 50))))
    second = Person.objects.get().portrait
    left, _size, _digest = blobs.store([b"abc"], 10)
    old = time.time() - 40 * 24 * 3600
    for token in (first, second, left):
        os.utime(blobs.path_of(token), (old, old))
    discard_files()
    assert blobs.path_of(first).exists(), "an undo brings it back"
    assert blobs.path_of(second).exists()
    assert not blobs.path_of(left).exists()
