"""The rules of the house, held against the source itself: see docs/architecture.md."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from vinculo.platform.actions import actions
from vinculo.records.describe import describe
from vinculo.records.entity import Entity
from vinculo.records.registry import entities

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "vinculo"
SNAPSHOTS = ROOT / "tests" / "records" / "snapshots"
ROOMS = ("platform", "records", "parties", "interactions", "demo")

LONGEST_FILE = 400
#: Lines of Python of records/. What speaks another format over the same declaration (api/) and
#: what moves files (transfer/) are counted apart: they are as large as those formats demand.
BUDGETS = {
    "records": 2_640,
    "records/views": 2_120,
    "records/api": 3_760,
    "records/transfer": 5_400,
    "records/lists": 1_290,
    "records/filters": 610,
    "records/saved": 950,
    "records/bulk": 1_500,
    "records/layouts": 900,
    "records/webhooks": 900,
    "records/palette": 400,
    "records/undoing": 400,
    "records/external": 250,
    "records/shaping": 1_300,
    "records/custom": 1_450,
    "records/computed": 1_280,
    "records/computed/formulas": 1_000,
    "records/computed/past": 660,
    "records/quality": 1_650,
}


def python_files(under: Path = SOURCE) -> list[Path]:
    """Our own modules; migrations are Django's."""
    return sorted(path for path in under.rglob("*.py") if "migrations" not in path.parts)


def templates() -> list[Path]:
    """Every page and part of a page."""
    return sorted(path for path in SOURCE.rglob("templates/**/*") if path.is_file())


def named(path: Path) -> str:
    """As it is called in this repository."""
    return str(path.relative_to(ROOT))


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


# --- the rooms --------------------------------------------------------------------------------


def test_imports_go_down_only() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [str(tool), "--no-cache"], cwd=ROOT, capture_output=True, text=True, env={**os.environ}
    )
    assert done.returncode == 0, done.stdout


def test_the_kernel_knows_no_django() -> None:
    for path in python_files(SOURCE / "kernel"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            assert not [name for name in names if name.split(".")[0] == "django"], named(path)


def test_files_stay_short_enough_to_read() -> None:
    long = {
        named(path): lines_of(path)
        for path in [*python_files(), *templates(), *SOURCE.rglob("*.js"), *SOURCE.rglob("*.css")]
        if lines_of(path) > LONGEST_FILE
    }
    assert not long, long


@pytest.mark.parametrize("room", BUDGETS)
def test_the_noun_machinery_stays_small(room: str) -> None:
    inside = [other for other in BUDGETS if other.startswith(f"{room}/")]
    total = sum(
        lines_of(path)
        for path in python_files(SOURCE / room)
        if not any((SOURCE / other) in path.parents for other in inside)
    )
    assert total <= BUDGETS[room], f"{room}: {total} lines"


def test_every_room_says_what_it_is() -> None:
    for room in (*ROOMS, "kernel", "web", "cli"):
        assert (SOURCE / room / "README.md").exists(), room


# --- words ------------------------------------------------------------------------------------


def test_every_model_has_a_docstring() -> None:
    for model in apps.get_models():
        if model.__module__.startswith("vinculo.") and not model._meta.auto_created:
            written = model.__dict__.get("__doc__") or ""
            # Django writes "Model(field, field)" where there is none.
            assert written and not written.startswith(f"{model.__name__}("), model


def test_every_action_has_a_docstring_and_only_keywords() -> None:
    assert actions()
    for entry in actions().values():
        assert entry.summary, entry.name
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", entry.name), entry.name
        for parameter in inspect.signature(inspect.unwrap(entry.function)).parameters.values():
            assert parameter.kind is inspect.Parameter.KEYWORD_ONLY, (entry.name, parameter)


def test_every_public_name_says_what_it_is() -> None:
    bare = []
    for path in python_files():
        tree = ast.parse(path.read_text())
        if tree.body and not ast.get_docstring(tree):
            bare.append(f"{named(path)}: the module")
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and (
                not node.name.startswith("_") and not ast.get_docstring(node)
            ):
                bare.append(f"{named(path)}:{node.lineno}: {node.name}")
    assert not bare, "\n".join(bare)


def test_event_names_are_in_the_past_and_belong_to_a_room() -> None:
    for path in python_files():
        for name in re.findall(r'\bemit\(\s*"([^"]+)"', path.read_text()):
            assert re.fullmatch(r"[a-z]+\.[a-z_]+(ed|made|done|won|lost|sent|left)", name), (
                path,
                name,
            )


# --- one door, one way to write ----------------------------------------------------------------


def is_view(path: Path) -> bool:
    return "views" in path.parts or path.name == "views.py"


def test_views_reach_rows_through_the_one_door() -> None:
    """`Model.objects.…` in a view must pass `visible_to` in the same expression, unless the row is
    the reader's own (`user=request.user`)."""
    found = []
    for path in python_files():
        if not is_view(path):
            continue
        text = path.read_text()
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Attribute) and node.attr == "objects"):
                continue
            query = _whole_expression(text, tree, node)
            if not re.search(r"visible_to|user=(request\.)?user", query):
                found.append(f"{path.relative_to(SOURCE)}: {' '.join(query.split())}")
    unknown = [line for line in found if not line.startswith(tuple(OPEN_DOORS))]
    assert not unknown, "\n".join(unknown)


#: Rows that are no secret to whoever passed the check before them; each with its reason.
OPEN_DOORS = {
    "platform/views/happenings.py: ChangeSet.objects.filter(": "who holds platform.undo_others",
    "platform/views/people.py: ": "administrators only: the decorator of every view there",
    "platform/views/own.py: Role.objects.all()": "the roles to choose from for one's own key",
    "platform/views/own.py: UserSession.objects.create_from_request(": "one's own session",
    "platform/views/own.py: UserSession.objects.filter(user=": "one's own sessions",
    "records/transfer/views/deciding.py: Import.objects.filter(pk=imported.pk).update(": "one's own",
}


def _whole_expression(text: str, tree: ast.AST, node: ast.AST) -> str:
    """The source of the largest expression around a node: the query with all that narrows it."""
    above = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    while isinstance(above.get(node), ast.expr | ast.keyword):
        node = above[node]
    return ast.get_source_segment(text, node) or ""


def test_no_signals_and_no_logic_in_save() -> None:
    for path in python_files():
        text = path.read_text()
        assert not re.search(r"@receiver|(pre|post)_(save|delete|init)\b", text), named(path)
        for function in functions(path):
            if function.name == "save" and "models" in named(path):
                raise AssertionError(f"{named(path)}:{function.lineno}: save() is overridden")


def test_public_functions_say_what_they_take() -> None:
    vague = []
    for path in python_files():
        for node in ast.parse(path.read_text()).body:
            if (
                isinstance(node, ast.FunctionDef)
                and node.args.kwarg
                and not node.name.startswith("_")
                and not is_view(path)
                and node.name not in TAKES_ANYTHING
            ):
                vague.append(f"{named(path)}:{node.lineno}: {node.name}")
    assert not vague, vague


#: What passes on arguments that only others know, or is called by Django's own conventions.
TAKES_ANYTHING = {
    "ensure_default_roles": "called by Django after migrating",
    "install_after_migrate": "called by Django after migrating",
    "check_entities": "called by Django's checks",
    "enqueue": "the arguments of the job",
    "enqueue_at": "the arguments of the job",
}


def test_sql_is_never_put_together_from_values() -> None:
    """What a request brings is always a parameter; `raw` and `extra` are not used at all."""
    for path in python_files():
        text = path.read_text()
        assert not re.search(r"\.(raw|extra)\(", text), named(path)
        if is_view(path) or "api" in path.parts:
            assert ".execute(" not in text and "RawSQL" not in text, named(path)


# --- pages ------------------------------------------------------------------------------------


def test_templates_hold_no_script_style_or_handler() -> None:
    """The content policy would refuse them; here they are found before any browser does."""
    wrong = {
        "style attribute": r"<[^>]*\sstyle\s*=",
        "style element": r"<style\b",
        "inline script": r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>",
        "handler": r"<[^>]*\son(click|change|submit|load|error|input|key\w+|mouse\w+)\s*=",
        "javascript address": r"(href|src|action)\s*=\s*[\"']?\s*javascript:",
        "htmx handler": r"\shx-on[:-]",
        "unescaped value": r"\|\s*safe\b|{%\s*autoescape off",
    }
    found = []
    for path in templates():
        if path.suffix != ".html":  # mails are plain text
            continue
        text = path.read_text()
        for what, pattern in wrong.items():
            found += [
                f"{named(path)}: {what}: {match[0][:60]}"
                for match in re.finditer(pattern, text, re.I)
            ]
    assert not found, "\n".join(found)


def test_html_is_never_put_together_from_strings() -> None:
    found = [
        named(path)
        for path in python_files()
        if re.search(r"mark_safe\(\s*(f[\"']|[^)\"']*(%|\.format\())", path.read_text())
    ]
    assert not found, found


#: Forms of strangers, which other sites send, too: the door asks where they come from.
TOKENLESS = ("sales/webforms/page.html", "sales/webforms/snippet_form.html")


def test_every_form_that_posts_carries_the_token() -> None:
    for path in templates():
        if str(path).endswith(TOKENLESS):
            continue
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", path.read_text(), re.S):
            assert "csrf_token" in form, (named(path), form[:80])


def test_no_template_is_left_over() -> None:
    """Each is rendered, included or extended somewhere, or its name belongs to a library."""
    libraries = ("account/", "allauth/", "mfa/", "socialaccount/", "usersessions/")
    everything = "\n".join(
        path.read_text() for path in [*python_files(), *templates()] if path.suffix != ".mo"
    )
    unused = []
    for path in templates():
        name = str(path).split("/templates/", 1)[1]
        by_status = re.fullmatch(r"\d{3}\.html", name)
        if not by_status and not name.startswith(libraries) and name not in everything:
            kinds = re.sub(r"_[a-z]+\.html$", "_", name)  # "mark_{kind}.html"
            if f"{kinds}{{" not in everything:
                unused.append(name)
    assert not unused, unused


# --- what is derived --------------------------------------------------------------------------


@pytest.mark.parametrize("entity", entities(), ids=lambda entity: entity.key)
def test_what_follows_from_a_declaration_is_as_committed(entity: Entity) -> None:
    """`vinculo entity KEY`; write it anew with VINCULO_WRITE_SNAPSHOTS=1 and read the difference."""
    committed = SNAPSHOTS / f"{entity.key}.txt"
    printed = describe(entity)
    if os.environ.get("VINCULO_WRITE_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        committed.write_text(printed)
    assert committed.read_text() == printed


def test_no_snapshot_of_what_is_gone() -> None:
    kept = {path.stem for path in SNAPSHOTS.glob("*.txt")}
    assert kept == {entity.key for entity in entities()}
