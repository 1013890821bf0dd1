"""Rules of standardising: pure functions that settle, lose nothing and guess nothing."""

from __future__ import annotations

import csv
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records.transfer.shared_data import shared

from vinculo.kernel.addresses import Address
from vinculo.kernel.people import display_name
from vinculo.kernel.text import fold
from vinculo.parties.standardising.applying import PointSheet, Sheet, Standards
from vinculo.parties.standardising.catalogue import (
    ABOUT,
    ADDRESS,
    COMPANY,
    EMAIL,
    PERSON,
    PHONE,
    RULES,
    settled,
    texts_of,
)
from vinculo.parties.standardising.names import Name

ALL = list(RULES.values())
COUNTRIES = st.sampled_from(["", "ES", "MX", "US", "GB", "DE", "FR", "CN", "TW", "JP", "PT", "VN"])
PIECES = st.sampled_from(
    ["ANA", "ana", "Ana", "GARCÍA", "pérez", "DE LA", "van der", "McDONALD", "O'BRIEN", ",", "Dr.",
     "Sra.", "王", "小明", "先生", "III", "S.L.", "sl", "S. A. DE C. V.", "Ltd.", "GmbH & Co KG", "(股)公司",
     "㈱", "有限公司", "IBM", "NORTE", "+34", "955472912", "ext. 12", "转802", "ana@Acme.ES", "<", ">",
     "mailto:", "C/", "Avda.", "Rd.", "str. 3", "8013", "sw1a1aa", "１２", "\u200b", "İ", "ß", "ŉ", "ǆ"]
)  # fmt: skip
TEXT = st.one_of(
    st.lists(PIECES, max_size=5).map(" ".join), st.lists(PIECES, max_size=4).map("".join),
    st.text(max_size=20),
)  # fmt: skip
VALUES: dict[str, st.SearchStrategy[Any]] = {
    PERSON: st.builds(Name, TEXT, TEXT, st.sampled_from(["", "Dr.", "Sr."]), TEXT),
    COMPANY: TEXT,
    PHONE: TEXT,
    EMAIL: TEXT,
    ADDRESS: st.builds(
        Address, street=TEXT, postal_code=TEXT, city=TEXT, region=TEXT, country=COUNTRIES
    ),
}


def letters(value: Any) -> Counter[str]:
    texts = texts_of(value)
    if isinstance(value, Name) and (value.given or value.family):
        texts.pop("full")
    return Counter(sign for text in texts.values() for sign in fold(text) if sign.isalnum())


@pytest.mark.parametrize("key", RULES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_rule_settles_and_loses_nothing(key: str, data: st.DataObject) -> None:
    rule = RULES[key]
    value, country = data.draw(VALUES[rule.about]), data.draw(COUNTRIES)
    new = rule.apply(value, country)
    assert rule.apply(new, country) == new
    if not rule.whole:
        assert letters(new) == letters(value)
    elif new != value and rule.about == PERSON:
        assert not letters(value) - letters(new)
    assert any(texts_of(new).values()) or not any(texts_of(value).values())


@pytest.mark.parametrize("about", ABOUT)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_all_rules_together_settle(about: str, data: st.DataObject) -> None:
    rules = [rule for rule in ALL if rule.about == about]
    value, country = data.draw(VALUES[about]), data.draw(COUNTRIES)
    new, used = settled(value, rules, country)
    assert settled(new, rules, country) == (new, {})
    assert bool(used) == (new != value)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.key)
def test_each_rule_shows_an_example_of_itself(rule: Any) -> None:
    made = rule.apply(rule.sample, rule.sample_country)
    assert made != rule.sample
    assert rule.label and rule.explains


NAMES: list[tuple[Name, str, Name]] = [
    (Name("", "", "", "McDONALD, JUAN"), "US", Name("Juan", "McDonald", "", "Juan McDonald")),
    (Name("JUAN", "McDONALD", "", "McDONALD, JUAN"), "", Name("Juan", "McDonald", "", "Juan McDonald")),
    (Name("leonardo", "DiCaprio", "", "leonardo DiCaprio"), "US",
     Name("Leonardo", "DiCaprio", "", "Leonardo DiCaprio")),
    (Name("ANA", "DE LA CRUZ", "", "ANA DE LA CRUZ"), "ES",
     Name("Ana", "de la Cruz", "", "Ana de la Cruz")),
    (Name("JAN", "VAN DER BERG", "", "JAN VAN DER BERG"), "NL",
     Name("Jan", "van der Berg", "", "Jan van der Berg")),
    (Name("DICK", "VAN DYKE", "", "DICK VAN DYKE"), "US", Name("Dick", "Van Dyke", "", "Dick Van Dyke")),
    (Name("J.R.", "EWING III", "", "J.R. EWING III"), "US",
     Name("J.R.", "Ewing III", "", "J.R. Ewing III")),
    (Name("JM", "O'NEIL-SMITH", "", "JM O'NEIL-SMITH"), "", Name("JM", "O'Neil-Smith", "", "JM O'Neil-Smith")),
    (Name("Sra. ANA", "Ruiz", "", "Sra. ANA Ruiz"), "ES", Name("Ana", "Ruiz", "Sra.", "Ana Ruiz")),
    (Name("Dr. Ana", "Ruiz", "Prof.", "Dr. Ana Ruiz"), "ES", Name("Dr. Ana", "Ruiz", "Prof.", "Dr. Ana Ruiz")),
    (Name("D. Juan", "Ruiz", "", "D. Juan Ruiz"), "US", Name("D. Juan", "Ruiz", "", "D. Juan Ruiz")),
    (Name("小明先生", "王", "", "王小明先生"), "TW", Name("小明", "王", "先生", "王小明")),
    (Name("先生", "王", "", "王先生"), "CN", Name("先生", "王", "", "王先生")),
    (Name("王", "小明", "", "小明 王"), "CN", Name("小明", "王", "", "王小明")),
    (Name("武", "高橋", "", "高橋武"), "JP", Name("武", "高橋", "", "高橋武")),
    (Name("秦", "歐陽", "", "歐陽秦"), "TW", Name("秦", "歐陽", "", "歐陽秦")),
    (Name("María Fernanda", "López", "", "María Fernanda López"), "ES",
     Name("María Fernanda", "López", "", "María Fernanda López")),
    (Name("Ana García", "Pérez", "", "Ana García Pérez"), "ES",
     Name("Ana", "García Pérez", "", "Ana García Pérez")),
    (Name("Ana García", "Pérez", "", "Ana García Pérez"), "US",
     Name("Ana García", "Pérez", "", "Ana García Pérez")),
    (Name("José de la Torre", "Ropero", "", ""), "ES", Name("José", "de la Torre Ropero", "", "José de la Torre Ropero")),
    (Name("", "Smith, Jr.", "", "Smith, Jr."), "US", Name("", "Smith, Jr.", "", "Smith, Jr.")),
]  # fmt: skip


@pytest.mark.parametrize(("came", "country", "made"), NAMES, ids=lambda one: str(one)[:40])
def test_names_of_people(came: Name, country: str, made: Name) -> None:
    rules = [rule for rule in ALL if rule.about == PERSON]
    assert settled(came, rules, country)[0] == made


@pytest.mark.parametrize(
    ("came", "country", "made"),
    [
        ("Furtado e Hijos, S L", "ES", "Furtado e Hijos, S.L."),
        ("TALLERES IBM DEL NORTE S.A.", "ES", "Talleres IBM del Norte S.A."),
        ("INDITEX", "ES", "INDITEX"),
        ("eBay España, sl", "ES", "eBay España, S.L."),
        ("Hotel y Spa", "ES", "Hotel y Spa"),
        ("Pasta Buttini s.r.l.", "IT", "Pasta Buttini S.r.l."),
        ("Grupo Bimbo sab de cv", "MX", "Grupo Bimbo S.A.B. de C.V."),
        ("Acme co.,LTD.", "CN", "Acme Co., Ltd."),
        ("Müller gmbh & co. kg", "DE", "Müller GmbH & Co. KG"),
        ("台積電(股)公司", "TW", "台積電股份有限公司"),
        ("远景科技 有限公司", "CN", "远景科技有限公司"),
        ("㈱東山", "JP", "株式会社東山"),
        ("S.A.", "ES", "S.A."),
    ],
)
def test_names_of_companies(came: str, country: str, made: str) -> None:
    rules = [rule for rule in ALL if rule.about == COMPANY]
    assert settled(came, rules, country)[0] == made


@pytest.mark.parametrize(
    ("came", "country", "made"),
    [
        ("955472912", "ES", "+34 955 47 29 12"),
        ("0034 955 47 29 12", "ES", "+34 955 47 29 12"),
        ("021-68881234转802", "CN", "+86 21 6888 1234 ext. 802"),
        ("955472912 ask for Ana", "ES", "955472912 ask for Ana"),
        ("1-800-FLOWERS", "US", "1-800-FLOWERS"),
        ("12", "ES", "12"),
        ("955472912", "", "955472912"),
    ],
)
def test_phones(came: str, country: str, made: str) -> None:
    assert RULES["phone_international"].apply(came, country) == made


def test_emails_and_addresses() -> None:
    emails = [rule for rule in ALL if rule.about == EMAIL]
    for came, made in (
        ("mailto:ANA.RUIZ@ACME.example;", "ana.ruiz@acme.example"),
        ("“Ana” <Ana.Ruiz@acme.example>", "Ana.Ruiz@acme.example"),
        ("\u202aana@acme.example", "ana@acme.example"),
        ("ana at acme", "ana at acme"),
    ):
        assert settled(came, emails, "ES")[0] == made
    places = [rule for rule in ALL if rule.about == ADDRESS]
    for came, made in (
        (("C/MAYOR 3", "8013", "BARCELONA", "ES"), ("Calle Mayor 3", "08013", "Barcelona", "ES")),
        (("12 st. john's rd.", "sw1a1aa", "London", "GB"), ("12 St. John's Road", "SW1A 1AA", "London", "GB")),
        (("Hauptstr. 29", "D-12345", "Bern", "DE"), ("Hauptstraße 29", "12345", "Bern", "DE")),
        (("507 20th Ave. E. Apt. 2A", "981221234", "Seattle", "US"),
         ("507 20th Ave. E. Apt. 2A", "98122-1234", "Seattle", "US")),
        (("１００号", "200120", "上海市", "CN"), ("100号", "200120", "上海市", "CN")),
    ):  # fmt: skip
        old = Address(came[0], "", "", came[1], came[2], "", came[3])
        new = settled(old, places, "")[0]
        assert (new.street, new.postal_code, new.city, new.country) == made


def test_what_a_person_set_back_is_left_alone() -> None:
    standards = Standards(ALL)
    typed = {"name": {"typed": "ACME NORTE", "made": "Acme Norte", "rules": ["company_case"]}}
    sheet = Sheet(1, "company", "ES", {"name": "ACME NORTE", "legal_name": "X  Y"}, typed)
    sheet.points = [PointSheet(7, "phone", {"typed": "955472912"})]
    found = standards.over(sheet)
    assert found.left_alone
    assert [(one.point, one.field) for one in found.altered] == [(None, "legal_name"), (7, "typed")]
    again = Standards(ALL, again=True).over(sheet)
    assert [one.field for one in again.altered] == ["name", "legal_name", "typed"]
    assert [one.field for one in standards.over(sheet, {"phone"}.__contains__).altered] == ["typed"]


def _names(folder: str, file: str, most: int) -> list[str]:
    with (shared(folder) / file).open(encoding="utf-8") as lines:
        return [row[0] for row in csv.reader(lines)][1:most]


def test_real_spanish_names_are_never_torn() -> None:
    """Names as the statistics office has them, put together at random: right ones stay whole, and
    where the first surname stands among the first names, what is moved is always the right one."""
    given_names = _names("es_names_ine", "hombres.csv", 2000) + _names(
        "es_names_ine", "mujeres.csv", 2000
    )
    surnames = _names("es_names_ine", "apellidos.csv", 3000)
    dice = random.Random(7)
    rules = [rule for rule in ALL if rule.about == PERSON]
    moved = 0
    for _round in range(500):
        given_name, (one, two) = dice.choice(given_names), dice.sample(surnames, 2)
        right = Name(given_name, f"{one} {two}", "", f"{given_name} {one} {two}")
        new, used = settled(right, rules, "ES")
        assert (fold(new.given), fold(new.family)) == (fold(given_name), fold(f"{one} {two}"))
        assert all(keys == ["person_case"] for keys in used.values())
        new = RULES["person_surnames"].apply(Name(f"{given_name} {one}", two), "ES")
        if new.given != f"{given_name} {one}":
            moved += 1
            assert (new.given, new.family) == (given_name, f"{one} {two}")
    assert moved > 120


def test_chinese_names_in_their_order_stay() -> None:
    for family, first in (
        ("王", "小明"),
        ("欧阳", "娜娜"),
        ("林", "马"),
        ("马", "林"),
        ("楊", "柏"),
    ):
        name = Name(first, family, "", display_name(first, family))
        assert RULES["person_order"].apply(name, "CN") == name
