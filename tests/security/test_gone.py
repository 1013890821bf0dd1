"""34: what was deleted is nowhere any more: by no old link, in no list, search or file."""

from __future__ import annotations

import pytest

from tests.personas import People
from tests.routes import routes
from tests.security.canaries import plant
from tests.security.test_canaries import body, client_of, holds
from tests.security.test_every_route import says_nothing
from tests.security.world import SECRET, Theirs, make_theirs
from vinculo.records.entity import Entity
from vinculo.records.registry import entities
from vinculo.records.writing import delete_record

pytestmark = pytest.mark.django_db
ENTITIES = entities()


@pytest.fixture
def theirs(people: People) -> Theirs:
    """One row of everything, the owner's."""
    return make_theirs(people)


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_what_was_deleted_is_nowhere(entity: Entity, theirs: Theirs, people: People) -> None:
    """Not for a colleague who saw it, either; the journal, and undoing it, keep it for the owner."""
    record = theirs.records[entity.key]
    words = [new for _old, new in plant(entity, record, theirs.owner).values() if len(new) > 4]
    delete_record(actor=theirs.owner, entity=entity, record=record)
    client = client_of(people.manager)
    for route in routes():
        if route.key != entity.key and route.pattern not in ("search", "palette", "my-day"):
            continue
        for values in theirs.fillings(route):
            url = route.url(**values)
            answer = client.get(url, {} if route.blanks else {"q": SECRET[:6]})
            if "<int:pk>" in route.pattern:
                assert says_nothing(answer), (url, answer.status_code)
            text = body(answer)
            assert not [word for word in words if holds(text, word)], url
