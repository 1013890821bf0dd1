"""What an action written as the how-to says does; run inside the copy as a test file of its own."""

from __future__ import annotations

import json

from tests.personas import People
from tests.records.test_surfaces import signed_in
from tests.samples import make_company
from vinculo.platform.models import Change, Event


def test_a_star_on_the_page_is_undone_from_its_toast(people: People) -> None:
    company = make_company(people.owner, "Aurora Ltd")
    client = signed_in(people.owner)
    url = f"/companies/{company.pk}/do/parties.star"
    assert "Star" in client.get(f"/companies/{company.pk}").content.decode()
    assert "Why" in client.get(url, HTTP_HX_REQUEST="true").content.decode()
    answer = client.post(url, {"why": "Large order"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 204
    company.refresh_from_db()
    assert company.value_class == "A"
    assert Event.objects.get(name="parties.company_starred").payload["why"] == "Large order"
    undo_url = json.loads(answer["HX-Trigger"])["toast"]["undo_url"]
    assert client.post(undo_url, HTTP_HX_REQUEST="true").status_code == 204
    company.refresh_from_db()
    assert company.value_class == ""


def test_a_star_by_program_is_refused_in_words_and_writes_nothing(people: People) -> None:
    company = make_company(people.owner, "Aurora Ltd")
    client = signed_in(people.owner)
    url = f"/api/v1/companies/{company.pk}/do/parties.star"
    assert client.post(url, {}, content_type="application/json").status_code == 200
    before = Change.objects.count()
    answer = client.post(url, {}, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == "“Aurora Ltd” is already in class A."
    assert signed_in(people.stranger).post(url, {}).status_code == 404
    assert Change.objects.count() == before
