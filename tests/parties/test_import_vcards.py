"""vCards of phones, mail programs and address books: every card comes in or says why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parties.importing_help import Imported, import_file
from tests.personas import People
from tests.records.transfer.shared_data import SHARED, shared

from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company, Person
from vinculo.platform.models import User
from vinculo.records.transfer.reading import Table, open_table
from vinculo.records.transfer.vcards import HEADERS

CARDS = sorted(path.relative_to(SHARED).as_posix() for path in SHARED.glob("vcards_*/*.vcf"))


def bring(user: User, path: Path) -> Imported:
    return import_file(user, "parties.person", path, lenient=True, country="US")


@pytest.mark.django_db
@pytest.mark.parametrize("name", CARDS or ["vcards_ez"])
def test_every_card_comes_in_or_is_refused_with_its_reason(people: People, name: str) -> None:
    path = shared(*name.split("/"))
    if not CARDS:
        pytest.skip("real data is absent: there are no vCards beside the checkout")
    cards = path.read_bytes().replace(b"\0", b"").upper().count(b"BEGIN:VCARD")
    done = bring(people.admin, path)
    created, _updated, _skipped, refused = done.counts
    assert created + refused == cards
    assert all(reason for _row, reason, _params in done.refused)
    assert Person.objects.count() == created


@pytest.mark.django_db
@pytest.mark.parametrize("name", CARDS or ["vcards_ez"])
def test_without_leaving_anything_out_every_card_comes_in_or_says_why(
    people: People, name: str
) -> None:
    """The same, strictly: a picture or a date that does not fit refuses its card."""
    path = shared(*name.split("/"))
    if not CARDS:
        pytest.skip("real data is absent: there are no vCards beside the checkout")
    cards = path.read_bytes().replace(b"\0", b"").upper().count(b"BEGIN:VCARD")
    done = import_file(people.admin, "parties.person", path, country="US")
    created, _updated, _skipped, refused = done.counts
    assert created + refused == cards
    assert all(reason for _row, reason, _params in done.refused)
    inside = b"".join(path.read_bytes().upper().split())
    if b"PHOTO;ENCODING=B" in inside and created == cards:
        assert Person.objects.exclude(portrait="").exists()


OTHERS = sorted(
    path.relative_to(SHARED).as_posix()
    for path in SHARED.glob("vcards_*/*")
    if path.suffix not in (".vcf", "") and "license" not in path.name
)


@pytest.mark.parametrize("name", OTHERS or ["vcards_ez"])
def test_cards_written_in_another_form_are_refused_with_what_to_do(name: str) -> None:
    path = shared(*name.split("/"))
    if not OTHERS:
        pytest.skip("real data is absent: there are no vCards beside the checkout")
    form = path.suffix.removeprefix(".").upper()
    with pytest.raises(DomainError, match=f"This file is {form}, .* also as vCard"):
        open_table(path, path.name)


@pytest.mark.skipif(not CARDS, reason="real data is absent")
def test_the_samples_cover_every_version() -> None:
    found = {
        line.partition(":")[2].strip()
        for name in CARDS
        for line in shared(*name.split("/")).read_text("latin-1").splitlines()
        if line.upper().startswith("VERSION:")
    }
    assert found >= {"2.1", "3.0", "4.0"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("version", "lines"),
    [
        (
            "2.1",
            ("N:Ruiz;Ana", "FN:Ana Ruiz", "ORG:Acme", "TEL;CELL;PREF:+34 600 123 123",
             "EMAIL;INTERNET:ana@acme.es", "ADR;WORK:;;Calle Sol 3;Madrid;;28013;Spain",
             "BDAY:19800322"),
        ),
        (
            "3.0",
            ("N:Ruiz;Ana;;;", "FN:Ana Ruiz", "ORG:Acme;Sales", "TEL;TYPE=CELL:+34 600 123 123",
             "EMAIL;TYPE=INTERNET,PREF:ana@acme.es",
             "ADR;TYPE=WORK:;;Calle Sol 3;Madrid;;28013;Spain", "BDAY:1980-03-22"),
        ),
        (
            "4.0",
            ("KIND:individual", "N:Ruiz;Ana;;;", "FN;PREF=1:Ana Ruiz", "ORG:Acme",
             "TEL;VALUE=uri;TYPE=\"voice,cell\":tel:+34-600-123-123", "EMAIL;PREF=1:ana@acme.es",
             "ADR;TYPE=work:;;Calle Sol 3;Madrid;;28013;Spain", "BDAY:19800322"),
        ),
    ],
)  # fmt: skip
def test_all_versions_say_the_same(
    people: People, tmp_path: Path, version: str, lines: tuple[str, ...]
) -> None:
    path = tmp_path / "ana.vcf"
    path.write_text(card(*lines, version=version))
    assert import_file(people.admin, "parties.person", path).counts == (1, 0, 0, 0)
    ana = Person.objects.select_related("company").get()
    assert ana.company is not None
    assert (ana.name, ana.given_name, ana.family_name, ana.company.name) == (
        "Ana Ruiz", "Ana", "Ruiz", "Acme",
    )  # fmt: skip
    assert (ana.email, ana.city, ana.country) == ("ana@acme.es", "Madrid", "ES")
    assert ana.birthday is not None
    assert ana.birthday.isoformat() == "1980-03-22"
    assert ana.contact_points.get(kind="phone").value == "+34600123123"


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""))


def opened(folder: Path, text: str, encoding: str = "utf-8") -> Table:
    path = folder / "cards.vcf"
    path.write_bytes(text.encode(encoding))
    return open_table(path, path.name)


def first(folder: Path, text: str) -> dict[str, str]:
    row = next(opened(folder, text).rows())
    assert row.error is None
    return {name: cell for name, cell in zip(HEADERS, row.cells, strict=True) if cell}


@pytest.mark.django_db
def test_a_card_fills_a_person(people: People, tmp_path: Path) -> None:
    path = tmp_path / "ana.vcf"
    path.write_text(
        card(
            "N:Ruiz;Ana;;Dra.;", "FN:Ana Ruiz", "ORG:Acme\\, S.A.;Ventas", "TITLE:Gerente",
            "item1.EMAIL;TYPE=INTERNET:ana@home.es", "EMAIL;TYPE=WORK,PREF:ana@acme.es",
            "TEL;TYPE=CELL:+34 600 123 123", "TEL;TYPE=FAX:+34 911 222 334",
            "ADR;TYPE=WORK:;;Calle Sol 3;Madrid;Madrid;28013;España", "BDAY:1980-03-22",
            "NOTE:Line one\\nLine two", "CATEGORIES:VIP,Feria", "UID:abc-1",
        ),
        encoding="utf-8",
    )  # fmt: skip
    assert bring(people.admin, path).counts == (1, 0, 0, 0)
    ana = Person.objects.get()
    assert (ana.name, ana.given_name, ana.family_name) == ("Ana Ruiz", "Ana", "Ruiz")
    assert ana.company is not None
    assert ana.company.name == "Acme, S.A."
    assert (ana.job_title, ana.email, ana.city, ana.country) == (
        "Gerente", "ana@acme.es", "Madrid", "ES",
    )  # fmt: skip
    assert sorted(ana.tags) == ["Feria", "VIP"]
    assert ana.description == "Line one\nLine two"
    assert ana.birthday.isoformat() == "1980-03-22"
    phones = ana.contact_points.filter(kind="phone").order_by("pk").values_list("value", "label")
    assert list(phones) == [("+34600123123", "mobile"), ("+34911222334", "fax")]


def test_old_cards_in_quoted_printable_and_other_encodings(tmp_path: Path) -> None:
    lines = (
        "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Mu=F1oz;Jos=E9",
        "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9 Mu=",
        "=C3=B1oz",
        "TEL;CELL:600 123 123",
    )
    found = first(tmp_path, card(*lines, version="2.1"))
    assert (found["Full name"], found["Family name"]) == ("José Muñoz", "Muñoz")
    assert found["Mobile"] == "600 123 123"


def test_folded_lines_pictures_and_cards_within_cards(tmp_path: Path) -> None:
    text = card(
        "FN:Ana", " Ruiz", "PHOTO;ENCODING=b;TYPE=JPEG:" + "A" * 5_000, "AGENT:",
        "BEGIN:VCARD", "FN:Her agent", "END:VCARD", 'TEL;TYPE="voice:odd";VALUE=uri:tel:+34-1',
    )  # fmt: skip
    found = first(tmp_path, text)
    assert found.pop("vCard photo") == "data:;base64," + "A" * 5_000
    assert found == {"Full name": "AnaRuiz", "Phone": "+34-1"}


@pytest.mark.parametrize("mark", ["KIND:org", "X-ABShowAs:COMPANY", "kind:ORG"])
@pytest.mark.django_db
def test_the_card_of_a_company_is_no_person(people: People, tmp_path: Path, mark: str) -> None:
    path = tmp_path / "acme.vcf"
    path.write_text(card(mark, "N:;;;;", "FN:Acme", "TEL:+34 911 222 333") + card("FN:Ana Ruiz"))
    done = import_file(people.admin, "parties.person", path)
    assert done.counts == (1, 0, 0, 1)
    assert "Import it as a company" in done.refused[0][1]
    done = import_file(people.admin, "parties.company", path)
    assert done.counts[0] == 1
    acme = Company.objects.get()
    assert (acme.name, acme.phone) == ("Acme", "+34 911 222 333")


def test_only_a_name_in_other_letters_is_one(tmp_path: Path) -> None:
    def named(name: str, nickname: str) -> str:
        found = first(tmp_path, card(f"FN:{name}", f"NICKNAME:{nickname}"))
        return found.get("Name in another script", "")

    assert named("Ana Ruiz", "安娜") == "安娜"
    assert named("王小明", "Wang Xiaoming") == "Wang Xiaoming"
    assert named("Ana Ruiz", "Anita") == ""
    assert named("王小明", "小明") == ""
    assert named("Ana Ruiz", "42") == "42"


def test_a_card_without_an_end_is_refused_alone(tmp_path: Path) -> None:
    rows = list(opened(tmp_path, card("FN:Ana") + "BEGIN:VCARD\r\nFN:Lost\r\n").rows())
    assert [row.error is None for row in rows] == [True, False]
    assert rows[1].number == 5


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["2.1", "3.0", "4.0"]))
def test_no_card_trips_the_reader(text: str, version: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cards.vcf"
        path.write_text(card(text, version=version), encoding="utf-8", errors="replace")
        try:
            rows = list(open_table(path, path.name).rows())
        except DomainError:
            return
        assert all(row.error is not None or len(row.cells) == len(HEADERS) for row in rows)
