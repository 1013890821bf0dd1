"""The mapping guessed from real headers, in four languages."""

from __future__ import annotations

import pytest
from tests.records.transfer.shared_data import shared

from vinculo.parties.importing.targets import COMPANY_TARGETS, PERSON_TARGETS
from vinculo.records.transfer import headers as module
from vinculo.records.transfer.headers import guess_mapping
from vinculo.records.transfer.reading import open_table

COMPANY, PERSON = "company", "person"
TARGETS = {COMPANY: COMPANY_TARGETS, PERSON: PERSON_TARGETS}


def mapping(kind: str, headers: list[str], sample: list[list[str]] | None = None) -> dict[str, str]:
    guesses = guess_mapping(headers, TARGETS[kind], sample or [])
    return {guess.header: guess.target for guess in guesses if guess.target}


def file_mapping(kind: str, *parts: str) -> dict[str, str]:
    opened = open_table(shared(*parts), parts[-1])
    return mapping(kind, opened.headers, [row.cells for row in opened.sample(50) if not row.error])


def test_northwind() -> None:
    assert file_mapping(COMPANY, "northwind", "customers.csv") == {
        "customerID": "external_id",
        "companyName": "name",
        "contactName": "contact_name",
        "contactTitle": "contact_role",
        "address": "street",
        "city": "city",
        "region": "region",
        "postalCode": "postal_code",
        "country": "country",
        "phone": "phone",
        "fax": "fax",
    }


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        (
            COMPANY,
            "salesforce_Account.csv",
            "Name=name BillingStreet=street BillingCity=city BillingState=region "
            "BillingPostalCode=postal_code BillingCountry=country Phone=phone Fax=fax "
            "AccountNumber=external_id Website=website Industry=industry NumberOfEmployees=size "
            "Description=description AccountSource=source ShippingCity= ShippingStreet=",
        ),
        (
            PERSON,
            "salesforce_Contact.csv",
            "LastName=family_name FirstName=given_name MailingStreet=street MailingCity=city "
            "Phone=phone MobilePhone=mobile Email=email Title=role LeadSource=source "
            "Birthdate=birthday OtherCity= AssistantName= AssistantPhone=",
        ),
        (
            PERSON,
            "salesforce_Lead.csv",
            "LastName=family_name Company=company Street=street State=region Title=role",
        ),
        (COMPANY, "hubspot_companies.csv", "Record_ID=external_id Company_name=name "
            "Company_Domain_Name=website Company_owner=owner Country/Region=country"),
        (PERSON, "hubspot_contacts.csv", "First_Name=given_name Last_Name=family_name Email=email "
            "Phone_Number=phone Job_Title=role Original_Source=source Create_Date="),
        (PERSON, "outlook_csv.csv", "First_Name=given_name Last_Name=family_name Job_Title=role "
            "E-mail_Address=email E-mail_2_Address=email Company=company Business_City=city "
            "Business_Country=country Home_City= Mobile_Phone=mobile Business_Fax=fax "
            "Manager's_Name= Web_Page=website Notes=description Title="),
        (PERSON, "google_contacts_pre2024.csv", "Given_Name=given_name Family_Name=family_name "
            "E-mail_1_-_Value=email E-mail_1_-_Type= Phone_1_-_Value=phone "
            "Organization_1_-_Name=company Address_1_-_City=city Group_Membership=tags"),
        (PERSON, "pipedrive_import_sample.csv", "Person_-_Name*=name Person_-_First_name=given_name "
            "Person_-_Phone=phone Person_-_Email_(Work)=email Organization_-_Name*=company "
            "Deal_-_Title= Deal_-_Value= Activity_-_Subject*="),
        (COMPANY, "dynamics365_Account.csv", "Account_Name=name Main_Phone=phone Owner=owner "
            "Address_1:_City=city Address_1:_State/Province=region Primary_Contact=contact_name"),
        (PERSON, "dynamics365_Contact.csv", "Email=email Company_Name=company Job_Title=role "
            "Address_1:_Street_1=street Address_1:_ZIP/Postal_Code=postal_code"),
        (COMPANY, "companies_house_basic.csv", "CompanyName=name CompanyNumber=external_id "
            "RegAddress.AddressLine1=street RegAddress.PostTown=city RegAddress.County=region "
            "RegAddress.Country=country RegAddress.PostCode=postal_code"),
        (COMPANY, "gleif_lei2_partial.csv", "LEI=external_id Entity.LegalName=name"),
        (COMPANY, "zoho_Accounts.csv", "ACCOUNTID=external_id Account_Name=name "
            "Account_Owner=owner Industry=industry Website=website"),
        (PERSON, "zoho_Leads.csv", "LEADID=external_id Last_Name=family_name Company=company "
            "Email=email Mobile=mobile Lead_Source=source"),
        (COMPANY, "zoho_Vendors.csv", "VENDORID=external_id Vendor_Name=name"),
    ],
)  # fmt: skip
def test_exports_of_other_programs(kind: str, name: str, expected: str) -> None:
    found = file_mapping(kind, "crm_headers", name)
    for pair in expected.split():
        header, _sign, target = pair.replace("_", " ").rpartition("=")
        assert found.get(header, "") == target.replace(" ", "_"), header


@pytest.mark.parametrize("name", ["zoho_Products.csv", "zoho_Quotes.csv", "zoho_Price_Books.csv"])
def test_files_of_other_things_map_to_nothing(name: str) -> None:
    assert file_mapping(COMPANY, "crm_headers", name) == {}


def test_spanish() -> None:
    headers = "Razón Social|NIF|Teléfono|Móvil|Correo electrónico|Dirección|Población|Provincia"
    headers += "|Código Postal|País|Sector|Nº de empleados|Persona de contacto|Cargo|Observaciones"
    wanted = "name tax_id phone mobile email street city region postal_code country industry size"
    wanted += " contact_name contact_role description"
    assert list(mapping(COMPANY, headers.split("|")).values()) == wanted.split()


@pytest.mark.parametrize(
    "headers",
    [
        "公司名称|统一社会信用代码|联系电话|手机|电子邮箱|详细地址|城市|省份|邮编|国家|行业|联系人|职位|备注",
        "公司名稱|統一編號|聯絡電話|手機|電子郵件|詳細地址|城市|省份|郵遞區號|國家|行業|聯絡人|職稱|備註",
    ],
)
def test_chinese(headers: str) -> None:
    wanted = "name tax_id phone mobile email street city region postal_code country industry"
    wanted += " contact_name contact_role description"
    assert list(mapping(COMPANY, headers.split("|")).values()) == wanted.split()


def test_chinese_headers_with_a_scope_before() -> None:
    assert mapping(COMPANY, ["客户名称", "客户电话", "公司邮箱"]) == {
        "客户名称": "name",
        "客户电话": "phone",
        "公司邮箱": "email",
    }


def test_a_title_that_is_a_form_of_address_is_no_role() -> None:
    guess = guess_mapping(["Title"], PERSON_TARGETS, [["Mr"], ["Mrs"], ["Dr."]])[0]
    assert guess.confidence < 0.5
    assert guess.reason == module.AGAINST_VALUES


def test_values_tell_what_an_unknown_header_hides() -> None:
    guess = guess_mapping(["Kontaktweg"], PERSON_TARGETS, [["a@b.com"], ["c@d.org"]])[0]
    assert (guess.target, guess.reason) == ("email", module.BY_VALUES)


def test_every_column_gets_an_answer() -> None:
    guesses = guess_mapping(["", "Name", "name", "Foo"], COMPANY_TARGETS, [["", "A", "B", ""]])
    assert [guess.target for guess in guesses] == [None, "name", None, None]
    assert all(guess.reason for guess in guesses)


@pytest.mark.parametrize("headers", [["Nombre", "Ciudad"], ["名字", "城市"]])
def test_a_bare_name_is_the_companys_own(headers: list[str]) -> None:
    assert mapping(COMPANY, headers) == {headers[0]: "name", headers[1]: "city"}


def test_beside_a_company_a_bare_name_is_the_contacts() -> None:
    assert mapping(COMPANY, ["Nombre", "Apellidos", "Empresa"]) == {
        "Nombre": "contact_given_name",
        "Apellidos": "contact_family_name",
        "Empresa": "name",
    }
