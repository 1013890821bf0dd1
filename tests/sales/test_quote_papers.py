"""A quote as PDF: what stands on it, in which language, for whom, and what it survives."""

from __future__ import annotations

import io
import json
from base64 import b64decode
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from tests.personas import People
from tests.sales.test_quotes import QUOTE, fresh, make, role_of
from tests.samples import make_company
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.parties.contacts import write_contacts
from vinculo.platform.access_events import notes
from vinculo.platform.formats import Styles, written_as
from vinculo.platform.models import AccessEvent, User
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record
from vinculo.sales.quotes import actions, lines
from vinculo.sales.quotes.derived import refresh
from vinculo.sales.quotes.document.models import Letterhead
from vinculo.sales.quotes.document.paper import issued_at, paper_of
from vinculo.sales.quotes.document.setting import set_letterhead
from vinculo.sales.quotes.document.typesetting import TEMPLATE, pdf_of
from vinculo.sales.quotes.document.views import made
from vinculo.sales.quotes.models import Issued, Quote, QuoteLine

pytestmark = pytest.mark.django_db

CLOSE_BY = {"\u200b": "", "\xa0": " ", "\u202f": " "}


def text_of(content: bytes) -> str:
    """What a PDF says, page by page, with ordinary blanks."""
    found = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    for sign, plain in CLOSE_BY.items():
        found = found.replace(sign, plain)
    return found


def pages_of(content: bytes) -> int:
    return len(PdfReader(io.BytesIO(content)).pages)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def picture(colour: str = "red", size: tuple[int, int] = (300, 90)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGBA", size, colour).save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue(), "image/png")


def test_the_paper_says_what_is_offered_by_whom_and_to_whom(people: People) -> None:
    set_letterhead(actor=people.admin, name="Aurora Trading SL", address="Calle Mayor 1\n28013 Madrid",
                   tax_id="B1234", contact="hola@aurora.example", bank="IBAN ES91 2100",
                   footer="Registro Mercantil de Madrid")  # fmt: skip
    company = make_company(people.owner, "Harmless Ltd")
    write_contacts(company, {"street": "1 Main St", "city": "Leeds", "country": "GB"})
    quote = make(people.owner, company=company, language="en", terms="Payment within 30 days.",
                 lines=[{"name": "Pump", "description": "3 kW", "price": Decimal(100), "unit": "pc",
                         "quantity": Decimal("2.5"), "tax_rate": Decimal(21),
                         "discount_percent": Decimal(10)},
                        {"name": "Visit", "price": Decimal(50), "optional": True}])  # fmt: skip
    edit_record(actor=people.owner, entity=entity(QUOTE), record=quote,
                data={"discount_amount": Decimal(5)})  # fmt: skip
    said = text_of(made(fresh(quote)))
    for wanted in (
        "Aurora Trading SL", "28013 Madrid", "Tax id: B1234", "IBAN ES91 2100",
        "Registro Mercantil de Madrid", "Harmless Ltd", "1 Main St", "United Kingdom", "Draft",
        "3 kW", "2.5 pc", "€100.00", "−10 %", "€225.00", "Optional", "Subtotal", "−€5.00",
        "Tax 21 % on €220.00", "€46.20", "€266.20", "Payment within 30 days.", "Page 1 of 1",
    ):  # fmt: skip
        assert wanted in said, wanted
    issued = actions.issue_quote(actor=people.owner, quote=quote)
    said = text_of(made(fresh(quote)))
    assert issued.number in said
    assert "Draft" not in said
    actions.withdraw_quote(actor=people.owner, quote=quote)
    assert "Withdrawn" in text_of(made(fresh(quote)))


def test_the_same_quote_is_the_same_bytes_whoever_asks(people: People) -> None:
    quote = make(people.owner, language="en")
    one = made(quote)
    with written_as(Styles("iso", "comma")):
        assert made(fresh(quote)) == one
    assert client_of(people.admin).get(f"/quotes/{quote.pk}/pdf").content == one
    lines.add_line(actor=people.owner, quote=quote, name="Hose", price=Decimal(1))
    assert made(fresh(quote)) != one


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", ("Presupuesto", "Página 1 de 1", "100,00")), ("zh-hans", ("报价", "第 1 页")),
     ("zh-hant", ("報價", "第 1 頁"))],
)  # fmt: skip
def test_words_dates_and_amounts_are_the_customers(
    people: People, language: str, words: tuple[str, ...]
) -> None:
    quote = make(people.owner, language=language)
    said = text_of(made(quote)).replace(" ", "")
    for word in words:
        assert word.replace(" ", "") in said, (word, said)


def test_names_of_any_script_come_out_in_order(people: People) -> None:
    names = ("上海贸易有限公司", "דוד לוי", "Ελλάδα", "Київ")
    quote = make(people.owner, language="en", company=make_company(people.owner, names[0]),
                 lines=[{"name": name, "price": Decimal(1)} for name in names])  # fmt: skip
    content = made(quote)
    said = text_of(content)
    for name in names[2:]:
        assert name in said, name
    assert names[0] in said.replace(" ", "")
    # Readers give right-to-left words as they are laid out or as they are read: never shuffled.
    assert "דוד" in said or "דוד"[::-1] in said


def test_an_arabic_name_is_joined_and_runs_from_right_to_left(people: People) -> None:
    quote = make(people.owner, language="en", lines=[
        {"name": "شركة الأمل 2026 Ltd", "price": Decimal(1)}])  # fmt: skip
    reader = PdfReader(io.BytesIO(made(quote)))
    said = reader.pages[0].extract_text()
    assert "2026" in said
    assert "Ltd" in said
    assert "شركة" in said or "شركة"[::-1] in said


HOSTILE = (
    '#eval("1+1")', "*bold* _it_", "$x^2$", "`raw`", "@ref <label>", "= Heading", "// gone",
    '#import "@preview/x:1.0.0"', '"]) #panic("x") #([', "\\u{41}", "#sys.inputs",
)  # fmt: skip


@pytest.mark.parametrize("evil", HOSTILE)
def test_markup_in_what_people_typed_stays_words(people: People, evil: str) -> None:
    set_letterhead(actor=people.admin, name=evil, footer=evil)
    quote = make(people.owner, language="en", name=evil, terms=evil,
                 company=make_company(people.owner, evil),
                 lines=[{"name": evil, "description": evil, "price": Decimal(1), "unit": evil[:9]}])  # fmt: skip
    said = "".join(text_of(made(quote)).split())
    assert said.count("".join(evil.split())) >= 6, said


def test_three_hundred_lines_repeat_the_head_and_number_the_pages(people: People) -> None:
    quote = make(people.owner, language="en")
    QuoteLine.objects.bulk_create(
        QuoteLine(quote=quote, name=f"Part {at} {'x' * 180}", price=Decimal("1e9"), place=at + 2)
        for at in range(299)
    )
    refresh([quote.pk])
    content = made(fresh(quote))
    count = pages_of(content)
    assert count > 10
    for at, page in enumerate(PdfReader(io.BytesIO(content)).pages, 1):
        said = page.extract_text().replace("\xa0", " ")
        assert f"Page {at} of {count}" in said
        if at < count - 1:
            assert "Unit price" in said
    assert "€299,000,000,100.00" in text_of(content)


def test_a_file_for_good_where_every_sign_is_known_and_boxes_where_not(people: People) -> None:
    known = made(make(people.owner, language="en"))
    assert b"pdfaid:part" in _metadata(known)
    unknown = make(people.owner, language="en", lines=[{"name": "\U00013000", "price": Decimal(1)}])
    content = made(unknown)
    assert pages_of(content) == 1
    assert b"pdfaid:part" not in _metadata(content)


def _metadata(content: bytes) -> bytes:
    found: Any = PdfReader(io.BytesIO(content)).trailer["/Root"].get("/Metadata")
    return found.get_object().get_data() if found is not None else b""


def test_what_was_issued_keeps_the_names_of_that_day(people: People) -> None:
    set_letterhead(actor=people.admin, name="Aurora Trading SL")
    quote = make(people.owner, language="en")
    actions.issue_quote(actor=people.owner, quote=quote)
    before = made(fresh(quote))
    set_letterhead(actor=people.admin, name="Boreal SA", footer="New")
    type(quote.company).objects.filter(pk=quote.company_id).update(name="Renamed Ltd")
    assert made(fresh(quote)) == before
    Issued.objects.update(parties={})  # of before there were papers
    assert "Boreal SA" in text_of(made(fresh(quote)))


@pytest.mark.parametrize(
    "hidden", [("sales.quote", "gross"), ("sales.quote", "terms"), ("parties.company", "street")]
)
def test_who_may_not_see_all_of_it_gets_no_paper(people: People, hidden: tuple[str, str]) -> None:
    quote = make(people.owner)
    address = f"/quotes/{quote.pk}/pdf"
    client = client_of(people.owner)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "private, no-store"
    assert "no-store" in answer["Cache-Control"]
    role = role_of(people.owner)
    role.field_rules = {hidden[0]: {hidden[1]: "hidden"}}
    role.save()
    answer = client.get(address)
    assert answer.status_code == 403
    assert b"%PDF" not in answer.content
    assert address not in client.get(f"/quotes/{quote.pk}").content.decode()
    assert client_of(people.stranger).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_who_does_not_see_the_customer_gets_no_paper(people: People) -> None:
    quote = make(people.owner, company=make_company(people.stranger, "Elsewhere Ltd"))
    assert client_of(people.owner).get(f"/quotes/{quote.pk}/pdf").status_code == 403
    assert client_of(people.admin).get(f"/quotes/{quote.pk}/pdf").status_code == 200


class TestLetterhead:
    def test_administrators_write_it_and_look_at_it(self, people: People) -> None:
        client = client_of(people.admin)
        sent = {"name": "Aurora <b>Trading</b>", "address": "Calle Mayor 1\nMadrid",
                "logo": picture()}  # fmt: skip
        assert client.post("/settings/letterhead", sent).status_code == 302
        held = Letterhead.objects.get()
        assert held.address.splitlines() == ["Calle Mayor 1", "Madrid"]
        with Image.open(io.BytesIO(b64decode(held.logo))) as drawn:
            assert (drawn.format, drawn.size) == ("PNG", (300, 90))
        page = client.get("/settings/letterhead").content.decode()
        assert "Aurora &lt;b&gt;Trading" in page
        shown = client.get("/settings/letterhead/preview")
        assert shown["Content-Type"] == "image/png"
        with Image.open(io.BytesIO(shown.content)) as image:
            colours = {one: count for count, one in image.convert("RGB").getcolors(10**6) or []}
        assert colours[255, 0, 0] > 500
        client.post("/settings/letterhead", {"name": "Aurora"})
        assert Letterhead.objects.get().logo == held.logo
        client.post("/settings/letterhead", {"name": "Aurora", "no_logo": "on"})
        assert Letterhead.objects.get().logo == ""

    def test_nobody_else_does(self, people: People) -> None:
        client = client_of(people.manager)
        for address in ("/settings/letterhead", "/settings/letterhead/preview"):
            assert client.get(address).status_code == 403
        with pytest.raises(NotAllowed):
            set_letterhead(actor=people.manager, name="Mine")
        assert not Letterhead.objects.exists()

    @pytest.mark.parametrize("raw", [b"<svg onload=alert(1)>", b"%PDF-1.4", b"", b"\x89PNG\r\n"])
    def test_what_is_no_picture_is_refused_and_nothing_written(
        self, people: People, raw: bytes
    ) -> None:
        sent = SimpleUploadedFile("logo.png", raw, "image/png")
        with pytest.raises(DomainError) as refusal:
            set_letterhead(actor=people.admin, name="Aurora", logo=sent)
        assert refusal.value.field == "logo"
        assert not Letterhead.objects.exists()

    def test_a_large_logo_is_made_small(self, people: People) -> None:
        set_letterhead(actor=people.admin, logo=picture(size=(4000, 1000)))
        with Image.open(io.BytesIO(b64decode(Letterhead.objects.get().logo))) as drawn:
            assert drawn.size == (900, 225)


def test_the_template_reads_nothing_but_its_data() -> None:
    text = TEMPLATE.read_text()
    for word in ("#import", "#include", "read(", "@preview", "eval(", "plugin("):
        assert word not in text, word


def test_a_paper_is_plain_json_and_any_of_it_may_be_empty(people: People) -> None:
    paper = paper_of(make(people.owner, lines=[]))
    assert json.loads(json.dumps(paper)) == json.loads(json.dumps(paper, default=str))
    empty = Quote(name="", currency="", issued_on=date(2026, 1, 1))
    assert issued_at(empty).isoformat() == "2026-01-01T00:00:00+00:00"
    assert pdf_of(paper, "en", issued_at(empty)).startswith(b"%PDF")


def test_who_took_a_paper_is_noted(people: People) -> None:
    quote = make(people.owner)
    client_of(people.owner).get(f"/quotes/{quote.pk}/pdf")
    notes.flush(connection)
    noted = AccessEvent.objects.filter(entity=QUOTE, row_id=quote.pk, how="download")
    assert noted.count() == 1
