"""Exports of other programs: every header file is recognised, and read column by column."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.parties.test_import_headers import COMPANY, PERSON, TARGETS, mapping
from tests.personas import People
from tests.records.transfer.shared_data import SHARED, shared

from vinculo.records.transfer.headers import Target, guess_mapping
from vinculo.records.transfer.held import held
from vinculo.records.transfer.presets import presets, recognise
from vinculo.records.transfer.reading import open_table
from vinculo.records.transfer.vocabulary import plain
from vinculo.records.transfer.writer import writer_of

_TABLE = Path(__file__).with_name("header_files.csv").read_text(encoding="utf-8")
FILES = list(csv.DictReader(_TABLE.splitlines()))
BY_ENTITY = {"parties.company": TARGETS[COMPANY], "parties.person": TARGETS[PERSON]}


@pytest.mark.parametrize("expected", FILES, ids=lambda row: row["file"])
def test_a_file_is_read_as_the_table_says(expected: dict[str, str]) -> None:
    opened = open_table(shared("crm_headers", expected["file"]), expected["file"])
    preset = recognise(opened.headers)
    assert preset is not None
    assert preset.entity == expected["entity"]
    wanted = dict(pair.rsplit("=", 1) for pair in expected["mapped"].split("|") if pair)
    if preset.entity in BY_ENTITY:
        sample = [row.cells for row in opened.sample(50) if not row.error]
        guesses = guess_mapping(opened.headers, BY_ENTITY[preset.entity], sample, preset)
        assert {guess.header: guess.target for guess in guesses if guess.target} == wanted
        assert all(guess.reason for guess in guesses)
    else:
        known = {header for header in opened.headers if preset.columns.get(plain(header))}
        assert known == set(wanted)


def test_no_file_of_headers_is_forgotten() -> None:
    there = {path.name for path in (SHARED / "crm_headers").glob("*.csv")}
    if not there:
        pytest.skip("real data is absent: crm_headers is not beside the checkout")
    assert {row["file"] for row in FILES} == there


@pytest.mark.django_db
def test_presets_fill_fields_that_exist(people: People) -> None:
    for preset in presets():
        wanted = {target for target in preset.columns.values() if target}
        targets: tuple[Target, ...] = BY_ENTITY.get(preset.entity, ())
        known = {target.key for target in targets}
        if preset.entity and not targets:
            known = {one.key for one in writer_of(held(preset.entity)).targets(people.admin)}
        assert wanted <= known, preset.name
        assert preset.signature, preset.name


def test_hubspot_in_spanish() -> None:
    headers = "ID de registro|Nombre|Apellidos|Correo|Número de teléfono|Empresa asociada"
    headers += "|País/región|Propietario del contacto|Fuente original|Cargo"
    wanted = "external_id given_name family_name email phone company country owner source role"
    assert list(mapping(PERSON, headers.split("|")).values()) == wanted.split()


def test_hubspot_in_chinese() -> None:
    for headers in (
        "记录 ID|名字|姓氏|电子邮件|电话号码|关联公司|国家/地区|联系人所有者|职位",
        "記錄 ID|名字|姓氏|電子郵件|電話號碼|關聯公司|國家/地區|聯絡人擁有者|職稱",
    ):
        wanted = "external_id given_name family_name email phone company country owner role"
        assert list(mapping(PERSON, headers.split("|")).values()) == wanted.split()


def test_outlook_in_spanish() -> None:
    headers = "Nombre|Apellidos|Organización|Puesto|Calle del trabajo|Ciudad de trabajo"
    headers += "|Provincia o estado de trabajo|Código postal del trabajo"
    headers += "|País o región del trabajo|Teléfono del trabajo|Teléfono móvil"
    headers += "|Dirección de correo electrónico"
    wanted = "given_name family_name company role street city region postal_code country phone"
    wanted += " mobile email"
    assert list(mapping(PERSON, headers.split("|")).values()) == wanted.split()
