"""29: nothing of setting up, upgrading or debugging answers, and nobody is there before somebody
comes by the one-time link."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.personas import People
from tests.routes import routes
from tests.security.test_every_route import PUBLIC, body
from tests.security.world import Theirs, make_theirs, signed_in
from vinculo.cli.prepare import migrate_if_pending, pending_migrations
from vinculo.demo.actions import create_demo
from vinculo.platform.firststeps import first_admin_link
from vinculo.platform.models import FirstLink, RoleAssignment, User

pytestmark = pytest.mark.django_db
#: What an address of another program's back door is called.
BACK_DOORS = re.compile(
    r"(?i)(?<![a-z])(?:__?debug__?|debug|debugger|install|installer|set-?up|upgrade|update|migrate|"
    r"admin|administrator|console|shell|sql|phpinfo|silk|test|tests|seed|reset-?db|root|dev|trace|"
    r"profiler|env|config|backup|restore|dump|graphql|rpc|swagger)(?![a-z])"
)
#: Sends a webhook on trial; brings a deleted field back. Both for administrators.
OURS = {"settings/webhooks/<int:pk>/test", "settings/fields/<int:pk>/restore"}
PROBES = (
    "admin/", "admin/login/", "administrator/", "install", "install/", "install.php", "setup",
    "setup/", "upgrade", "upgrade.php", "debug", "__debug__/", "_debugbar", "silk/", "console",
    "shell", "phpinfo.php", "server-status", "actuator/env", ".env", ".git/config", "config.json",
    "settings.py", "manage.py", "backup.zip", "dump.sql", "database.sqlite", "wp-login.php",
    "metrics/", "api/admin", "api/v1/admin", "api/v1/setup", "graphql", "swagger", "static/.env",
    "demo/create", "demo/enter", "static/", "media/", "files/", "welcome/", "welcome/admin",
)  # fmt: skip
DEFAULTS = ("admin", "password", "changeme", "vinculo", "administrator", "1234567890",
            "qwertyuiop", "password123", "ada@example.com", "1q2w3e4r5t")  # fmt: skip


@pytest.fixture
def theirs(people: People) -> Theirs:
    """One row of everything, the owner's."""
    return make_theirs(people)


def test_no_address_is_called_like_a_back_door() -> None:
    named = [one.pattern for one in routes() if BACK_DOORS.search(one.pattern)]
    assert set(named) == OURS
    known = {one.pattern for one in routes()}
    assert known >= PUBLIC, "an entrance that is no address any more"


@pytest.mark.parametrize("who", ("nobody", "admin"))
def test_the_usual_back_doors_are_not_there(who: str, people: People) -> None:
    client = Client(raise_request_exception=False) if who == "nobody" else signed_in(people.admin)
    for path in PROBES:
        for method in ("get", "post"):
            answer = getattr(client, method)(f"/{path}")
            text = body(answer)
            assert answer.status_code in (404, 405, 410), (method, path, answer.status_code)
            assert "Traceback" not in text and "urlpatterns" not in text, path


def test_nothing_that_helps_who_debugs_is_on() -> None:
    assert not configured.DEBUG
    rooms = " ".join([*configured.INSTALLED_APPS, *configured.MIDDLEWARE])
    assert not re.search(r"django\.contrib\.admin|debug|silk|extensions|werkzeug", rooms)
    assert configured.SESSION_SERIALIZER.endswith("JSONSerializer")


@pytest.mark.parametrize("who", ("nobody", "owner"))
def test_a_failure_says_nothing_of_the_inside(who: str, theirs: Theirs) -> None:
    """Every address, while the database fails with words that nobody should read."""
    client = Client(raise_request_exception=False) if who == "nobody" else signed_in(theirs.owner)

    def fails(*_args: Any) -> None:
        raise ValueError(f"Zanzibarquill {configured.SECRET_KEY}")

    failed = 0
    for route in routes():
        url = route.url(**theirs.fillings(route)[0])
        with connection.execute_wrapper(fails):
            answer = client.get(url)
            text = body(answer)
        failed += answer.status_code >= 500
        assert "Zanzibarquill" not in text and configured.SECRET_KEY not in text, url
        assert not re.search(r"Traceback|site-packages|SELECT|/src/vinculo", text), url
    assert failed


class TestFirstStart:
    """What the first `vinculo serve` of a real installation leaves."""

    def test_nobody_is_there_but_a_link(self) -> None:
        migrate_if_pending()
        assert pending_migrations() == 0
        assert not User.objects.exists() and not RoleAssignment.objects.exists()
        page = body(Client().get("/accounts/login/"))
        assert "/enter" not in page
        assert not any(word in page.lower() for word in ("admin@", "default password", "demo"))
        first, second = first_admin_link(), first_admin_link()
        assert FirstLink.objects.count() == 1, "only the newest link opens"
        secrets = [link.rsplit("/", 1)[1] for link in (first, second)]
        assert secrets[0] != secrets[1] and min(map(len, secrets)) >= 24
        assert not FirstLink.objects.filter(digest__in=secrets).exists(), "only digests are kept"
        assert Client().get(f"/welcome/{secrets[0]}").status_code == 410
        assert Client().get(f"/welcome/{secrets[1]}").status_code == 200

    @pytest.mark.parametrize("password", DEFAULTS)
    def test_nor_does_the_first_one_choose_what_everybody_guesses(self, password: str) -> None:
        link = "/welcome/" + first_admin_link().rsplit("/", 1)[1]
        form = {"name": "Ada", "email": "ada@example.com", "password": password}
        assert Client().post(link, form).status_code == 422
        assert not User.objects.exists()


def test_people_made_by_a_program_cannot_sign_in(settings: Any, tmp_path: Any) -> None:
    """The people of the demo company, in an installation that is none, or no more."""
    create_demo(actor=None)
    staff = list(User.objects.all())
    assert staff and not [one for one in staff if one.has_usable_password()]
    for kind in ('{"kind": "real"}', "{}", "[]", '"demo"', "not json", None):
        settings.INSTALLATION_FILE = tmp_path / f"{len(str(kind))}.json"
        if kind is not None:
            settings.INSTALLATION_FILE.write_text(kind)
        for one in staff:
            client = Client(raise_request_exception=False)
            assert client.post(f"/demo/{one.pk}/enter").status_code == 403
            assert "_auth_user_id" not in client.session
        assert "/enter" not in body(Client().get("/accounts/login/"))
    cache.clear()
    for password in ("", "demo", *DEFAULTS[:3], staff[0].name, staff[0].email):
        client = Client(raise_request_exception=False)
        answer = client.post("/accounts/login/", {"login": staff[0].email, "password": password})
        assert answer.status_code != 302 and "_auth_user_id" not in client.session
