"""A customer with a link, and the page as their phone would fill it in."""

from __future__ import annotations

from typing import Any

from django.test import Client
from tests.parties.makers import make_person, point
from tests.personas import People

from vinculo.parties.confirming.links import ask_to_confirm
from vinculo.parties.confirming.models import ConfirmSettings
from vinculo.parties.derived import refresh
from vinculo.parties.models import Person
from vinculo.platform.models import User


def make_customer(people: People, **columns: Any) -> Person:
    """A person of the owner's with a phone, an e-mail and an address."""
    given = columns.pop("given_name", "Ana")
    person = make_person(
        f"{given} Ruiz", given_name=given, family_name="Ruiz", owner=people.owner,
        team=people.north, language="es", description="Pays late", tags=["difficult"], **columns,
    )  # fmt: skip
    point(person, "phone", "+34 600 123 123", "+34600123123", is_primary=True)
    point(person, "email", "ana@acme.example", "ana@acme.example", is_primary=True)
    point(person, "email", "ana@home.example", "ana@home.example")
    point(person, "address", "", street="Calle Sol 3", city="Madrid", region="Madrid",
          postal_code="28013", country="ES", is_primary=True)  # fmt: skip
    refresh([person.pk])
    return Person.objects.get(pk=person.pk)


def link_of(actor: User, person: Any, language: str = "en") -> str:
    """The path of a new link."""
    url = ask_to_confirm(actor=actor, party=person, language=language).url
    return url[url.index("/confirm/") :]


def setting(kind: str = "person", **fields: str) -> None:
    """What customers are asked from now on."""
    ConfirmSettings.objects.update_or_create(kind=kind, defaults={"fields": fields})


def filled(path: str, client: Client, **values: str) -> dict[str, str]:
    """What the page sends when the customer changes nothing but `values`."""
    form = client.get(path).context["form"]
    sent = {name: str(form[name].value() or "") for name in form.fields}
    return {**sent, "_was": form.told_was, **values}


def send(path: str, **values: str) -> Any:
    """Open the page, change `values` and send it."""
    client = Client()
    return client.post(path, filled(path, client, **values))
