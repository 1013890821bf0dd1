"""The client in docs/examples does what the guide says, against a real server, twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.personas import make_people
from tests.records.api.calling import make_key
from vinculo.interactions.models import Interaction
from vinculo.parties.models import Company

CLIENT = Path(__file__).parents[3] / "docs/examples/api_client.py"


@pytest.mark.django_db(transaction=True)
def test_the_example_runs_and_a_second_time_makes_nothing_new(live_server: LiveServer) -> None:
    people = make_people()
    secret = make_key(people.owner)[1]
    env = {**os.environ, "VINCULO_URL": live_server.url, "VINCULO_KEY": secret}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, str(CLIENT)],
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Harbour Lights Ltd London" in done.stdout
    assert Company.objects.count() == 2
    assert Company.objects.get(name__startswith="Harbour").website.endswith("harbourlights.example")
    assert Interaction.objects.count() == 2
