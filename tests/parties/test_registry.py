"""Registers of companies: loaded as a whole, looked up while one types, filled in with their source."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parties.makers import make_company
from tests.personas import People
from tests.records.transfer.shared_data import shared

from vinculo.cli.main import main
from vinculo.demo.registers import GLEIF, register_rows, write_register
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound
from vinculo.parties.models import Company
from vinculo.parties.registry import formats, loading
from vinculo.parties.registry.actions import fill_from_register
from vinculo.parties.registry.finding import (
    Entry,
    entry_called,
    look_again,
    registers,
    suggestions,
)
from vinculo.parties.registry.models import Register, ValueOrigin
from vinculo.parties.registry.origins import notes
from vinculo.parties.registry.preparing import number_key
from vinculo.parties.registry.reading import open_register
from vinculo.platform.models import ChangeSet, Role
from vinculo.platform.undo import undo_change_set

pytestmark = pytest.mark.django_db

HEADERS = ["Nr", "Firma", "Form", "CIF", "Calle", "CP", "Ciudad", "Web", "Estado"]
MAPPED = [
    ("Nr", "number"), ("Firma", "name"), ("Form", "legal_form"), ("CIF", "tax_id"),
    ("Calle", "street"), ("CP", "postal_code"), ("Ciudad", "city"), ("Web", "website"),
    ("Estado", "status"),
]  # fmt: skip
ROWS = [
    ["M-1", "Furtado e Hijos, S.L.", "S.L.", "B58378431", "Calle Sol 3", "28013", "Madrid",
     "www.furtado.example", "Activa"],
    ["M-2", "Furtivos del Norte SA", "S.A.", "", "", "", "Bilbao", "", "active"],
    ["M-3", "Aceros Norte, S.A.", "S.A.", "X", "", "", "Bilbao", "", "active"],
    ["M-4", "上海远景科技有限公司", "", "", "", "", "上海", "", "active"],
]  # fmt: skip


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No test knows the registers of another."""
    look_again()
    yield
    look_again()


def write(path: Path, rows: list[list[str]], headers: list[str] = HEADERS) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerows([headers, *rows])
    return path


def load(path: Path, key: str = "mercantil", country: str = "ES") -> loading.Loaded:
    file = open_register(path)
    known = formats.recognised(file.headers)
    layout = (
        formats.layout_of(file.headers, known)
        if known
        else formats.mapped_layout(file.headers, MAPPED, country)
    )
    return loading.load_register(actor=None, file=file, layout=layout, key=key, label="Mercantil")


@pytest.fixture
def loaded(tmp_path: Path) -> Register:
    """Four companies of a register that is mapped by hand."""
    return load(write(tmp_path / "mercantil.csv", ROWS)).register


def names(typed: str, country: str = "") -> list[str]:
    return [one.name for one in suggestions(typed, country=country)]


def furtado() -> Entry:
    return suggestions("furtado")[0]


# --- loading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "key"),
    [("gleif_lei2_partial.csv", "gleif"), ("companies_house_basic.csv", "companies-house")],
)
def test_registers_are_known_by_their_header_rows(file: str, key: str) -> None:
    found = formats.recognised(open_register(shared("crm_headers", file)).headers)
    assert found is not None
    assert found.key == key


def test_another_table_is_no_register(tmp_path: Path) -> None:
    assert formats.recognised(HEADERS) is None
    with pytest.raises(DomainError, match="no field “phone”"):
        formats.mapped_layout(HEADERS, [("Nr", "phone")], "")
    with pytest.raises(DomainError, match="no column called"):
        formats.mapped_layout(HEADERS, [("Nummer", "number")], "")
    with pytest.raises(DomainError, match="number and name"):
        formats.mapped_layout(HEADERS, [("Nr", "number")], "")


def test_companies_house_comes_in(tmp_path: Path) -> None:
    load(shared("crm_headers", "companies_house_basic.csv"), key="companies-house")
    (found,) = suggestions("01 digital")
    assert (found.number, found.city, found.country) == ("05857258", "DURHAM", "GB")
    assert found.street == "35 ELTON ROAD, BILLINGHAM"
    assert found.active
    assert names("5857258") == []
    assert names("0585 7258") == ["01 DIGITAL LIMITED"]


def test_a_generated_register_comes_in_whole_through_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes give the rows that one gives."""
    from vinculo.records.transfer import pool

    path = tmp_path / "lei.csv"
    write_register(path, 2_500)
    loaded = load(path, key="gleif")
    assert (loaded.register.rows, loaded.register.refused) == (2_500, 0)
    alone = _all_rows(loaded.register)
    monkeypatch.setattr(pool, "WORTH_A_POOL", 0)
    together = load(path, key="gleif")
    assert _all_rows(together.register) == alone
    assert len(alone) == 2_500
    assert Register.objects.count() == 1


def _all_rows(register: Register) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM parties_registeredcompany WHERE register_id = %s ORDER BY number",
            [register.pk],
        )
        return cursor.fetchall()


def test_a_zip_is_read_as_what_is_in_it(tmp_path: Path) -> None:
    write_register(tmp_path / "lei.csv", 30)
    with zipfile.ZipFile(tmp_path / "lei.zip", "w") as archive:
        archive.write(tmp_path / "lei.csv", "lei.csv")
    assert load(tmp_path / "lei.zip", key="gleif").register.rows == 30
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.write(tmp_path / "lei.csv", "a.csv")
        archive.write(tmp_path / "lei.csv", "b.csv")
    with pytest.raises(DomainError, match="exactly one CSV"):
        open_register(tmp_path / "two.zip")


def test_rows_without_number_or_name_are_refused_with_their_line(tmp_path: Path) -> None:
    rows = [ROWS[0], ["", "No number", *[""] * 7], ["M-9", "", *[""] * 7]]
    done = load(write(tmp_path / "some.csv", rows))
    assert (done.register.rows, done.register.refused) == (1, 2)
    assert [line for line, _error in done.examples] == [3, 4]
    assert "no number or no name" in str(done.examples[0][1])


def tables() -> int:
    """How many tables of registers there are: a test with transactions of its own leaves its."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_inherits"
            " WHERE inhparent = 'parties_registeredcompany'::regclass"
        )
        return int(cursor.fetchone()[0])


def test_a_newer_file_replaces_the_older_one(tmp_path: Path, loaded: Register) -> None:
    assert names("furt")
    before = tables()
    again = load(write(tmp_path / "new.csv", [["M-7", "Otra Casa, S.L.", *[""] * 7]]))
    assert again.register.pk == loaded.pk
    assert names("furt") == []
    assert names("otra") == ["Otra Casa, S.L."]
    assert tables() == before


def test_a_file_that_fails_leaves_the_older_rows(tmp_path: Path, loaded: Register) -> None:
    with pytest.raises(DomainError, match="No row"):
        load(write(tmp_path / "bad.csv", [["", "Nothing", *[""] * 7]]))
    assert names("furtado") == ["Furtado e Hijos, S.L."]
    assert Register.objects.get().rows == 4


def test_loading_and_removing_are_noted_without_their_rows(loaded: Register) -> None:
    noted = ChangeSet.objects.get(verb="parties.load_register")
    assert noted.label == "Mercantil: 4"
    assert not noted.changes.exists()
    loading.remove_register(actor=None, key="mercantil")
    assert ChangeSet.objects.filter(verb="parties.remove_register").count() == 1
    assert suggestions("furtado") == []
    assert registers() == {}
    with pytest.raises(NotFound):
        loading.remove_register(actor=None, key="mercantil")


def test_the_command_loads_lists_and_removes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from vinculo.cli import registry

    path = write(tmp_path / "mercantil.csv", ROWS)
    assert _command(registry, "load", str(path), "--name", "mercantil", "--country", "ES",
                    *(f"--map={column}={field}" for column, field in MAPPED)) == 0  # fmt: skip
    assert "mercantil: 4 companies" in capsys.readouterr().out
    assert _command(registry, "list") == 0
    assert "4 companies of mercantil.csv, loaded on" in capsys.readouterr().out
    assert _command(registry, "remove", "mercantil") == 0
    assert not Register.objects.exists()
    with pytest.raises(Exception, match="no register we know"):
        _command(registry, "load", str(path))
    assert main is not None


def _command(module: object, *arguments: str) -> int:
    import argparse

    parser = argparse.ArgumentParser()
    module.add_arguments(parser)  # type: ignore[attr-defined]
    return int(module.run(parser.parse_args(list(arguments))))  # type: ignore[attr-defined]


# --- looking up ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Furt", ["Furtado e Hijos, S.L.", "Furtivos del Norte SA"]),
        ("furtado hij", ["Furtado e Hijos, S.L."]),
        ("hijos", ["Furtado e Hijos, S.L."]),
        ("norte", ["Aceros Norte, S.A.", "Furtivos del Norte SA"]),
        ("aceros norte s.a", ["Aceros Norte, S.A."]),
        ("b-58.378 431", ["Furtado e Hijos, S.L."]),
        ("远景", ["上海远景科技有限公司"]),
        ("shanghaiyuanjing", ["上海远景科技有限公司"]),
        ("zzz", []),
        ("f", []),
        ("'; DROP", []),
    ],
)
def test_companies_are_found_by_what_one_types(
    loaded: Register, typed: str, found: list[str]
) -> None:
    assert sorted(names(typed)) == sorted(found)


def test_those_that_exist_and_those_of_the_country_come_first(tmp_path: Path) -> None:
    rows = [
        ["1", "Acme Uno", *[""] * 6, "Dissolved"],
        ["2", "Acme Dos", *[""] * 6, "active"],
        ["3", "Acme Tres", *[""] * 6, ""],
    ]
    load(write(tmp_path / "a.csv", rows))
    assert names("acme") == ["Acme Dos", "Acme Tres", "Acme Uno"]
    load(write(tmp_path / "b.csv", [["1", "Acme Portuguesa", *[""] * 7]]), "pt", country="PT")
    assert names("acme", "PT")[0] == "Acme Portuguesa"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_nothing_that_is_typed_trips_the_look_up(text: str) -> None:
    assert entry_called(text) is None
    assert number_key(number_key(text)) == number_key(text)


def test_whatever_is_typed_is_asked_in_words_the_database_reads(loaded: Register) -> None:
    for typed in (
        "a'b\\c",
        "& | !",
        ":*",
        "at&t",
        "o'brien's",
        "'",
        "12'4:*",
        "\\",
        "（有限公司）",
    ):
        assert suggestions(typed) == []


# --- filling in ----------------------------------------------------------------------------------


def test_a_register_fills_what_is_empty_and_what_is_chosen(
    people: People, loaded: Register
) -> None:
    company = make_company("Furtado", website="https://old.example", owner=people.owner)
    fill_from_register(
        actor=people.owner, company=company, reference=furtado().reference,
        fields=["legal_name", "tax_id", "street", "postal_code", "city", "country"],
    )  # fmt: skip
    company = Company.objects.get()
    assert (company.name, company.website) == ("Furtado", "https://old.example")
    assert company.legal_name == "Furtado e Hijos, S.L."
    assert (company.tax_id, company.city, company.country) == ("B58378431", "Madrid", "ES")
    origins = {one.field: one for one in ValueOrigin.objects.filter(party=company)}
    assert set(origins) == {"legal_name", "tax_id", "street", "postal_code", "city", "country"}
    assert (origins["city"].source, origins["city"].number) == ("Mercantil", "M-1")


def test_undo_takes_the_values_and_their_origins_back(people: People, loaded: Register) -> None:
    company = make_company("Furtado", owner=people.owner)
    fill_from_register(
        actor=people.owner, company=company, reference=furtado().reference, fields=["tax_id"]
    )
    done = ChangeSet.objects.get(verb="parties.fill_from_register")
    undo_change_set(actor=people.owner, change_set=done)
    assert Company.objects.get().tax_id == ""
    assert not ValueOrigin.objects.exists()


def test_an_origin_holds_only_while_the_value_does(people: People, loaded: Register) -> None:
    company = make_company("Furtado", owner=people.owner)
    fill_from_register(
        actor=people.owner, company=company, reference=furtado().reference,
        fields=["tax_id", "website"],
    )  # fmt: skip
    company = Company.objects.get()
    assert set(notes(people.owner, company)) == {"tax_id", "website"}
    assert notes(people.owner, company)["tax_id"].startswith("Mercantil M-1, ")
    Company.objects.update(tax_id="B00000000")
    assert set(notes(people.owner, Company.objects.get())) == {"website"}


def test_only_fields_that_one_may_write_are_filled(people: People, loaded: Register) -> None:
    Role.objects.filter(name="Own rows").update(
        field_rules={"parties.company": {"tax_id": "readonly"}}
    )
    company = make_company("Furtado", owner=people.owner)
    with pytest.raises(NotAllowed):
        fill_from_register(
            actor=people.owner, company=company, reference=furtado().reference,
            fields=["tax_id", "city"],
        )  # fmt: skip
    assert Company.objects.get().city == ""
    assert not ValueOrigin.objects.exists()


def test_nobody_fills_what_they_may_not_change(people: People, loaded: Register) -> None:
    company = make_company("Furtado", owner=people.owner)
    with pytest.raises(NotAllowed):
        fill_from_register(
            actor=people.stranger, company=company, reference=furtado().reference, fields=["city"]
        )
    with pytest.raises(NotFound):
        fill_from_register(actor=people.owner, company=company, reference="9:9", fields=["city"])
    with pytest.raises(DomainError, match="at least one"):
        fill_from_register(
            actor=people.owner, company=company, reference=furtado().reference, fields=[]
        )
    assert not ValueOrigin.objects.exists()


# --- on screen -----------------------------------------------------------------------------------


@pytest.fixture
def client(people: People, client: Client) -> Client:
    client.force_login(people.owner)
    return client


def test_typing_in_the_form_offers_companies_of_the_register(
    client: Client, loaded: Register
) -> None:
    form = client.get("/companies/new", headers={"hx-request": "true"}).content.decode()
    assert 'data-suggest="/companies/register/suggest?record="' in form
    page = client.get("/companies/register/suggest", {"q": "furta"}).content.decode()
    assert "Furtado e Hijos, S.L." in page
    assert f"/companies/register/new?entry={loaded.pk}%3AM-1" in page


def test_a_form_is_filled_in_and_shows_what_differs(client: Client, loaded: Register) -> None:
    typed = {
        "entry": furtado().reference,
        "name": "furta",
        "city": "Toledo",
        "phone": "+34 911 222 333",
    }
    page = client.get(
        "/companies/register/new", typed, headers={"hx-request": "true"}
    ).content.decode()
    assert 'value="Furtado e Hijos, S.L."' in page
    assert 'value="B58378431"' in page
    assert 'value="+34 911 222 333"' in page
    assert 'value="Toledo"' in page, "what was typed stays"
    assert "<s>Toledo</s> → <strong>Madrid</strong>" in page
    taken = client.get(
        "/companies/register/new", {**typed, "use": "city"}, headers={"hx-request": "true"}
    ).content.decode()
    assert 'value="Madrid"' in taken
    assert "<s>Toledo</s>" not in taken


def test_a_company_made_so_keeps_where_its_values_came_from(
    client: Client, loaded: Register
) -> None:
    answer = client.post(
        f"/companies/new?also=postal_code&register={furtado().reference}",
        {
            "name": "Furtado e Hijos, S.L.", "tax_id": "B58378431", "city": "Toledo",
            "postal_code": "28013", "website": "https://www.furtado.example",
        },
    )  # fmt: skip
    company = Company.objects.get()
    assert answer.url == f"/companies/{company.pk}"
    origins = set(ValueOrigin.objects.values_list("field", flat=True))
    assert origins == {"name", "tax_id", "postal_code", "website"}
    page = client.get(answer.url).content.decode()
    assert '<span class="fact-note">Mercantil M-1, ' in page
    assert ChangeSet.objects.filter(verb="records.create").count() == 1


def test_a_refused_form_comes_back_with_its_further_fields(
    client: Client, loaded: Register
) -> None:
    url = f"/companies/new?also=postal_code&register={furtado().reference}"
    answer = client.post(url, {"name": "", "postal_code": "28013"}, headers={"hx-request": "true"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'action="{url.replace("&", "&amp;")}"' in page
    assert 'value="28013"' in page


def test_a_record_is_compared_and_filled_in(
    client: Client, people: People, loaded: Register
) -> None:
    company = make_company("Furtado", website="https://old.example", owner=people.owner)
    url = f"/companies/{company.pk}/register"
    assert url in client.get(f"/companies/{company.pk}").content.decode()
    found = client.get(url, headers={"hx-request": "true"}).content.decode()
    assert f"{url}?entry={loaded.pk}%3AM-1" in found
    page = client.get(
        url, {"entry": furtado().reference}, headers={"hx-request": "true"}
    ).content.decode()
    assert "<s>https://old.example</s>" in page
    assert 'value="tax_id" checked' in page
    assert 'value="website">' in page, "what is there is not ticked"
    nothing = client.post(url, {"entry": furtado().reference}, headers={"hx-request": "true"})
    assert nothing.status_code == 422
    assert not ValueOrigin.objects.exists()
    done = client.post(
        url,
        {"entry": furtado().reference, "fields": ["tax_id"]},
        headers={"hx-request": "true"},
    )
    assert done.status_code == 204
    assert Company.objects.get().tax_id == "B58378431"


def test_without_a_register_the_dialog_says_how_to_load_one(client: Client, people: People) -> None:
    company = make_company("Furtado", owner=people.owner)
    page = client.get(f"/companies/{company.pk}/register", headers={"hx-request": "true"})
    assert "vinculo registry load FILE" in page.content.decode()


def test_who_may_not_write_companies_looks_nothing_up(
    client: Client, people: People, loaded: Register
) -> None:
    Role.objects.filter(name="Own rows").update(grants={"parties.company": {"view": "own"}})
    assert client.get("/companies/register/suggest", {"q": "furta"}).status_code == 403
    company = make_company("Furtado", owner=people.owner)
    assert client.get(f"/companies/{company.pk}/register").status_code == 403
    theirs = make_company("Furtado", owner=people.stranger)
    assert client.get(f"/companies/{theirs.pk}/register").status_code in (403, 404)


def test_generated_rows_fit_their_headers() -> None:
    rows = list(register_rows(50))
    assert all(len(row) == len(GLEIF) for row in rows)
    assert len({row[0] for row in rows}) == 50
