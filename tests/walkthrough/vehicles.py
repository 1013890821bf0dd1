"""What a type declared as the how-to says can do; run inside the copy as a test file of its own."""

from __future__ import annotations

import json

from django.test import Client

from tests.personas import People
from tests.records.test_surfaces import signed_in
from tests.samples import make_company
from vinculo.parties.models import Vehicle  # type: ignore[attr-defined]
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set


def made_in_the_form(client: Client, people: People, plate: str) -> Vehicle:
    company = make_company(people.owner, "Harmless Ltd")
    form = client.get("/vehicles/new", HTTP_HX_REQUEST="true").content.decode()
    assert "Plate" in form and "Bought" in form
    values = {"plate": plate, "company": company.pk, "bought_on": "2026-05-01"}
    answer = client.post("/vehicles/new", values)
    assert answer.status_code == 302, answer.content.decode()
    return Vehicle.objects.get(plate=plate)


def test_a_vehicle_from_form_to_list_to_undo(people: People) -> None:
    client = signed_in(people.owner)
    made = made_in_the_form(client, people, "B-XY 12")
    assert made.owner == people.owner and made.team == people.north
    listed = client.get("/vehicles?plate.contains=xy&bought_on.on=2026-05-01&sort=-bought_on")
    assert "B-XY 12" in listed.content.decode()
    assert "B-XY 12" not in client.get("/vehicles?plate.contains=zz").content.decode()
    taken = b"".join(client.post("/vehicles/export.csv").streaming_content)  # type: ignore[attr-defined]
    assert b"B-XY 12" in taken and b"Harmless Ltd" in taken

    url = f"/vehicles/{made.pk}"
    fact = client.get(f"{url}/field/plate", HTTP_HX_REQUEST="true")
    sent = {"plate": "B-XY 13", "_was": fact.context["form"].told_was}
    answer = client.post(f"{url}/field/plate", sent, HTTP_HX_REQUEST="true")
    undo_url = json.loads(answer["HX-Trigger"])["toast"]["undo_url"]
    history = client.get(f"{url}/history").content.decode()
    assert "B-XY 12" in history and "B-XY 13" in history
    change_set = ChangeSet.objects.get(pk=int(undo_url.split("/")[2]))
    undo_change_set(actor=people.owner, change_set=change_set)
    made.refresh_from_db()
    assert made.plate == "B-XY 12"


def test_the_api_knows_it(people: People) -> None:
    client = signed_in(people.owner)
    company = make_company(people.owner, "Harmless Ltd")
    body = {"plate": "M-AB 1", "company": company.pk}
    answer = client.post("/api/v1/vehicles", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    listed = client.get("/api/v1/vehicles?plate.starts=M-AB").json()["data"]
    assert [one["plate"] for one in listed] == ["M-AB 1"]
    assert "/vehicles" in client.get("/api/v1/openapi.json").content.decode()
