"""Tables are read whatever program wrote them, and broken ones give reasons, never crashes."""

from __future__ import annotations

import contextlib
import datetime as dt
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.records.transfer.shared_data import shared
from vinculo.kernel.errors import DomainError
from vinculo.records.transfer import limits
from vinculo.records.transfer.cells import escape_formula, unescape_formula
from vinculo.records.transfer.reading import Table, open_table


def table(tmp_path: Path, content: bytes | str, name: str = "file.csv", **chosen: str) -> Table:
    path = tmp_path / "upload"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_table(path, name, **chosen)


def cells(opened: Table) -> list[list[str]]:
    return [row.cells for row in opened.rows() if row.error is None]


def reasons(opened: Table) -> dict[int, str]:
    return {row.number: str(row.error) for row in opened.rows() if row.error is not None}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_guessed(tmp_path: Path, delimiter: str) -> None:
    lines = ["name,city,note", 'Acme,Bonn,"a, b; c|d"', "Ñandú,León,x"]
    opened = table(tmp_path, "\n".join(lines).replace(",", delimiter))
    assert opened.delimiter == delimiter
    assert opened.headers == ["name", "city", "note"]
    assert len(cells(opened)) == 2


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gb18030", "gb18030"),
    ],
)
def test_chinese_encodings_are_guessed(tmp_path: Path, encoding: str, written: str) -> None:
    text = "公司名称,城市\n上海远景能源有限公司,上海\n北京字节跳动科技,北京\n"
    opened = table(tmp_path, text.encode(written))
    assert opened.encoding == encoding
    assert opened.headers == ["公司名称", "城市"]
    assert cells(opened)[0] == ["上海远景能源有限公司", "上海"]


def test_traditional_chinese_is_told_from_simplified(tmp_path: Path) -> None:
    text = "名稱,城市\n台灣積體電路製造股份有限公司,新竹市\n鴻海精密工業,新北市\n"
    assert table(tmp_path, text.encode("big5")).encoding == "big5"


def test_western_files_keep_their_accents(tmp_path: Path) -> None:
    opened = table(tmp_path, "Nombre;Ciudad\nPeñalver;Málaga\n".encode("cp1252"))
    assert opened.encoding == "cp1252"
    assert cells(opened) == [["Peñalver", "Málaga"]]


def test_accents_far_into_the_file_still_decide_the_encoding(tmp_path: Path) -> None:
    plain = "name,city\n" + "Acme,Bonn\n" * 60_000
    opened = table(tmp_path, plain.encode() + "Peñalver,Málaga\n".encode("cp1252"))
    assert opened.encoding == "cp1252"


def test_the_encoding_can_be_chosen(tmp_path: Path) -> None:
    content = "name\nПетро\n".encode("cp1251")
    assert cells(table(tmp_path, content, encoding="cp1251")) == [["Петро"]]
    with pytest.raises(DomainError):
        table(tmp_path, content, encoding="klingon")


def test_rows_in_another_encoding_are_row_errors(tmp_path: Path) -> None:
    content = "name,city\nPeñalver,Málaga\n".encode() * 3 + "Núñez,León\n".encode("cp1252")
    opened = table(tmp_path, content)
    assert opened.encoding == "utf-8"
    assert len(reasons(opened)) == 1
    assert "encoding" in reasons(opened)[7]


def test_an_unclosed_quote_costs_one_row_only(tmp_path: Path) -> None:
    rows = "".join(f"Company {n},Bonn\n" for n in range(1_000))
    opened = table(tmp_path, "name,city\n" + '"broken,Bonn\n' + rows)
    assert len(cells(opened)) == 1_000
    assert list(reasons(opened)) == [2]


def test_text_after_a_closing_quote_is_a_row_error(tmp_path: Path) -> None:
    opened = table(tmp_path, 'name,city\n"Acme"x,Bonn\nOther,Rome\n')
    assert list(reasons(opened)) == [2]
    assert cells(opened) == [["Other", "Rome"]]


def test_cells_over_several_lines_keep_line_numbers(tmp_path: Path) -> None:
    opened = table(tmp_path, 'name,note\nAcme,"one\ntwo\nthree"\nOther,x\n')
    assert [(row.number, row.cells[0]) for row in opened.rows()] == [(2, "Acme"), (5, "Other")]


def test_nul_bytes_are_row_errors(tmp_path: Path) -> None:
    opened = table(tmp_path, b"name,city\nA\0cme,Bonn\nOther,Rome\n" + b"Some,Where\n" * 300)
    assert list(reasons(opened)) == [2]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\n\n\n",
        b" , ,\n,,\n",
        bytes(range(256)) * 40,
        b"\0" * 5_000,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 obj",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
        b"PK\x03\x04 not really a zip",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        (",".join(f"c{n}" for n in range(10_000)) + "\n").encode(),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DomainError):
        table(tmp_path, content)


def test_lines_without_end_are_row_errors(tmp_path: Path) -> None:
    opened = table(tmp_path, "name,city\n" + "x" * 3_500_000 + ",Bonn\nAcme,Rome\n")
    assert "too long" in reasons(opened)[2]
    assert cells(opened) == [["Acme", "Rome"]]


def test_headers_are_made_distinct(tmp_path: Path) -> None:
    opened = table(tmp_path, "\ufeff name ,e-mail,e-mail,,\u200bcity\nA,b,c,d,e\n")
    assert opened.headers == ["name", "e-mail", "e-mail (2)", "#4", "city"]
    assert opened.quirks.renamed_headers == ["e-mail (2)", "#4"]


def test_ragged_rows(tmp_path: Path) -> None:
    opened = table(tmp_path, "a,b,c\n1\n1,2,3,,\n1,2,3,4\n\n , ,\n")
    assert cells(opened) == [["1", "", ""], ["1", "2", "3"]]
    assert reasons(opened) == {4: "The row has 4 cells, but the header has 3."}
    assert (opened.quirks.short_rows, opened.quirks.long_rows) == (1, 1)
    assert opened.quirks.blank_rows == 2


def test_words_for_nothing_are_emptied_and_counted(tmp_path: Path) -> None:
    opened = table(tmp_path, "name,city\nAcme,NULL\nMr Null,Null\nOther,N/A\n")
    assert cells(opened) == [["Acme", ""], ["Mr Null", "Null"], ["Other", ""]]
    assert opened.quirks.nothing_words == 2


def test_the_sep_line_of_excel_is_obeyed(tmp_path: Path) -> None:
    opened = table(tmp_path, "sep=|\nname|city, country\nAcme|Bonn\n")
    assert opened.delimiter == "|"
    assert opened.headers == ["name", "city, country"]
    assert [row.number for row in opened.rows()] == [3]


def test_northwind_is_read(tmp_path: Path) -> None:
    opened = open_table(shared("northwind", "customers.csv"), "customers.csv")
    assert len(opened.headers) == 11
    assert len(cells(opened)) == 91
    assert opened.quirks.nothing_words > 0


def test_every_shared_header_file_opens() -> None:
    for path in sorted(shared("crm_headers").glob("*.csv")):
        opened = open_table(path, path.name)
        assert opened.headers, path.name
        assert all(header == header.strip() for header in opened.headers)


def test_reading_uses_flat_memory(tmp_path: Path) -> None:
    opened = table(tmp_path, "name,city,note\n" + 'Acme,Bonn,"some, text"\n' * 60_000)
    tracemalloc.start()
    count = sum(1 for _row in opened.rows())
    _current, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 60_000
    assert peak < 2_000_000


@given(st.binary(max_size=2_000))
@settings(max_examples=150, deadline=None)
def test_no_bytes_crash_the_reader(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("hostile") / "file"
    for prefix in (b"", b"name,city\n"):
        path.write_bytes(prefix + content)
        try:
            opened = open_table(path, "file.csv")
        except DomainError:
            continue
        for row in opened.rows():
            assert row.error is not None or len(row.cells) == len(opened.headers)


@given(st.text(alphabet=st.sampled_from("\"',;|\t\r\n a=+-@\ufeff\0é中"), max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_punctuation_crashes_the_reader(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    path = tmp_path_factory.mktemp("hostile") / "file"
    path.write_bytes(b"name,city\n" + content.encode())
    with contextlib.suppress(DomainError):
        list(open_table(path, "file.csv").rows())


@given(st.text(max_size=40))
def test_formula_escapes_round_trip(text: str) -> None:
    escaped = escape_formula(text)
    assert unescape_formula(escaped) == text
    assert not escaped.startswith(("=", "+", "-", "@", "\t", "\r"))


# --- workbooks ---


def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("Kunden")
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(1, 0, ["name", "since", "size", "active"])
        page.write(3, 0, "Acme")
        page.write_datetime(3, 1, dt.datetime(2024, 2, 3), date)
        page.write(3, 2, 12)
        page.write(3, 3, True)
        page.write_row(4, 0, ["NULL", "", 1.5])
        book.add_worksheet("Other").write(0, 0, "x")
    return path


def test_workbooks_are_read_as_text(tmp_path: Path) -> None:
    opened = open_table(workbook(tmp_path), "book.xlsx")
    assert opened.sheets == ["Kunden", "Other"]
    assert [(row.number, row.cells) for row in opened.rows()] == [
        (4, ["Acme", "2024-02-03", "12", "TRUE"]),
        (5, ["", "", "1.5", ""]),
    ]
    assert open_table(workbook(tmp_path), "book.xlsx", sheet="Other").headers == ["x"]
    with pytest.raises(DomainError):
        open_table(workbook(tmp_path), "book.xlsx", sheet="None")


def _repack(source: Path, target: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
    return target


def test_a_workbook_that_unpacks_to_much_is_refused(tmp_path: Path) -> None:
    bomb = _repack(
        workbook(tmp_path), tmp_path / "bomb.xlsx", {"xl/worksheets/sheet2.xml": b" " * 40_000_000}
    )
    assert bomb.stat().st_size < 200_000
    with pytest.raises(DomainError, match="unpacks"):
        open_table(bomb, "bomb.xlsx")


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    bomb = _repack(
        workbook(tmp_path), tmp_path / "bomb.xlsx", {"xl/worksheets/sheet2.xml": b" " * 40_000_000}
    )
    lie = bomb.read_bytes().replace(struct.pack("<L", 40_000_000), struct.pack("<L", 500))
    bomb.write_bytes(lie)
    with pytest.raises(DomainError):
        open_table(bomb, "bomb.xlsx")


def test_a_sheet_with_two_distant_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sparse.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write(0, 0, "name")
        page.write(1_048_575, 16_383, "far away")
    with pytest.raises(DomainError, match="unpacks"):
        open_table(path, "sparse.xlsx")


def test_a_workbook_with_too_many_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet().write_row(0, 0, [f"c{n}" for n in range(limits.MAX_COLUMNS + 1)])
    with pytest.raises(DomainError, match="columns"):
        open_table(path, "wide.xlsx")
