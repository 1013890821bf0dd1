"""A company is the same with and without its legal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.text import company_core, fold


@pytest.mark.parametrize(
    "names",
    [
        [
            "Furtado e Hijos",
            "FURTADO E HIJOS, S.L.",
            "Furtado e Hijos SLU",
            "furtado e hijos s.l.u.",
        ],
        ["Grupo Bimbo", "Grupo Bimbo S.A.B. de C.V.", "Grupo Bimbo, SAB de CV"],
        [
            "Acme",
            "Acme Inc.",
            "ACME Co., Ltd.",
            "Acme, L.L.C.",
            "Acme GmbH & Co. KG",
            "Acme S.p.A.",
        ],
        [
            "上海远景科技",
            "上海远景科技有限公司",
            "上海远景科技股份有限公司",
            "上海远景科技集团有限公司",
        ],
        ["トヨタ自動車", "トヨタ自動車株式会社", "株式会社トヨタ自動車"],
        ["Peña & Ruiz", "Pena & Ruiz S.C."],
    ],
)
def test_same_company(names: list[str]) -> None:
    assert len({company_core(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Acme Foods", "Acme"), ("Banco Sol", "Banco"), ("La Caixa", "Caixa")]
)
def test_different_companies(one: str, other: str) -> None:
    assert company_core(one) != company_core(other)


@given(st.text(max_size=60))
def test_a_name_never_loses_everything(name: str) -> None:
    if any(char.isalnum() for char in fold(name)):
        assert company_core(name)
    assert company_core(company_core(name)) == company_core(name)
