"""Take the pictures of the README and the guides: `python -m scripts.screenshots`.

Makes a demo installation in a temporary folder, looks at it with a headless browser and writes
docs/pictures/*.png. `--url` takes a demo that runs already. The demo's dates follow today, so two
runs differ; pictures are made anew when the pages have changed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.run_tests import browser_path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
LARGEST = 150_000  # bytes
PATIENCE = 60  # seconds for a demo to be made
SAMPLE = """Empresa;Contacto;Teléfono;Correo;Ciudad;País
Brunnhof GmbH;Ida Moser;+49 30 901820;ida@brunnhof.example;Berlin;Germany
Casa Almendra;Luis Prado;+34 910 555 120;luis@almendra.example;Madrid;Spain
Northgate Tools;Ruth Hale;020 7946 0991;ruth(at)northgate;London;United Kingdom
東山食品;王小明;+886 2 2345 6789;ming@dongshan.example;臺北;Taiwan
"""


def main(arguments: list[str]) -> int:
    """Take every picture, or those named; 1 when one is larger than it may be."""
    parser = argparse.ArgumentParser(prog="screenshots", description=__doc__)
    parser.add_argument("names", nargs="*", help="pictures to take (all)")
    parser.add_argument("--url", help="a demo installation that runs already")
    asked = parser.parse_args(arguments)
    PICTURES.mkdir(parents=True, exist_ok=True)
    too_large = []
    with demo(asked.url) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        for name, (who, draw, looks) in SCENES.items():
            if asked.names and name not in asked.names:
                continue
            page = open_page(browser, url, who, looks)
            draw(page)
            size = take(page, name)
            page.context.close()
            print(f"docs/pictures/{name}.png: {size // 1000} kB", flush=True)
            if size > LARGEST:
                too_large.append(name)
        browser.close()
    if too_large:
        print(f"Too large: {', '.join(too_large)}.", file=sys.stderr)
    return 1 if too_large else 0


@contextmanager
def demo(url: str | None) -> Iterator[str]:
    """The address of a demo installation; one of our own is gone afterwards."""
    if url:
        yield url.rstrip("/")
        return
    with tempfile.TemporaryDirectory(prefix="vinculo-pictures-") as folder:
        Path(folder).chmod(0o711)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "vinculo", "serve", "--demo", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "VINCULO_DATA": f"{folder}/data", "DATABASE_URL": ""},
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_ready(f"{address}/readyz")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=60)


def wait_until_ready(url: str) -> None:
    """Return when the address answers with 200; TimeoutError after PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"{url} did not answer within {PATIENCE} seconds.")


def open_page(browser: Browser, url: str, who: str, looks: str) -> Page:
    """A page of a demo persona, in a browser of its own; nobody's when `who` is empty."""
    context = browser.new_context(
        base_url=url,
        viewport=PHONE if "phone" in looks else DESK,  # type: ignore[arg-type]
        color_scheme="dark" if "dark" in looks else "light",
        reduced_motion="reduce",
        locale="en",
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    if who:
        page.get_by_role("button", name=who).click()
        page.wait_for_url(re.compile("/my-day"))
    return page


def take(page: Page, name: str) -> int:
    """Write the picture; its size in bytes."""
    page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    target = PICTURES / f"{name}.png"
    page.screenshot(path=target, animations="disabled", caret="hide")
    if shutil.which("pngquant"):
        subprocess.run(
            ["pngquant", "--force", "--skip-if-larger", "--strip", "--ext", ".png", "128", target],
            check=False,
        )
    return target.stat().st_size


# --- what is shown ----------------------------------------------------------------------------


def companies(page: Page) -> None:
    """The list with two filters."""
    page.goto(
        "/companies?state.in=active&last_contact_at.within=last_90_days&sort=-last_contact_at"
    )


def busy_company(page: Page) -> None:
    """The company that was last spoken with."""
    answer = page.request.get("/api/v1/companies?sort=-last_contact_at&limit=1&fields=name")
    found = json.loads(answer.body())["data"][0]["id"]
    page.goto(f"/companies/{found}")
    page.locator("#timeline").wait_for()


def history(page: Page) -> None:
    """The history of that company after a change of its phone."""
    busy_company(page)
    fact = page.locator(".fact[data-field=phone]")
    fact.locator("dt").click()
    fact.get_by_role("textbox").fill("0161 496 0123")
    fact.get_by_role("textbox").press("Enter")
    page.locator(".toast").get_by_role("button", name="Undo").wait_for()
    page.goto(f"{page.url}/history")


def log_call(page: Page) -> None:
    """The composer, opened by its key."""
    busy_company(page)
    page.keyboard.press("l")
    page.get_by_role("textbox", name="What was said").fill("They want forty crates in **May**.")
    page.get_by_label("What you promised").fill("Send the price list")


def mapping(page: Page) -> None:
    """A file just chosen: what was guessed of it."""
    page.goto("/companies")
    page.get_by_role("link", name="Import").first.click()
    page.locator("input[type=file]").set_input_files(
        {"name": "clientes.csv", "mimeType": "text/csv", "buffer": SAMPLE.encode()}
    )
    page.get_by_text("Brunnhof GmbH").first.wait_for()


def dry_run(page: Page) -> None:
    """What would happen to each row of it."""
    mapping(page)
    page.get_by_role("button", name="Check the file").click()
    page.locator(".outcome").first.wait_for()


def role(page: Page) -> None:
    """The rights of a salesperson."""
    page.goto("/settings/roles")
    page.get_by_role("link", name="Salesperson").first.click()
    page.get_by_role("heading", level=1).wait_for()


def doubled(page: Page) -> str:
    """Two companies come in a second time and are found; the groups' address."""
    found = page.request.get("/api/v1/companies?city.is=Madrid&limit=2").json()["data"]
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    for one in found:
        again = {name: one[name] for name in ("email", "phone", "website", "city", "country")}
        page.request.post(
            "/api/v1/companies",
            data={"name": one["name"].upper().replace(".", ""), **again},
            headers={"X-CSRFToken": token},
        )
    groups = "/duplicates?kind=company&least=90"
    page.goto(groups)
    page.get_by_role("button", name=re.compile("Find duplicates|Look again")).click()
    end = time.monotonic() + PATIENCE
    while page.get_by_role("region", name="Group 1").count() == 0 and time.monotonic() < end:
        page.wait_for_timeout(1_000)
        page.goto(groups)
    return groups


def duplicates(page: Page) -> None:
    """Groups of records that may be one customer."""
    doubled(page)


def merging(page: Page) -> None:
    """Two of them side by side."""
    doubled(page)
    page.get_by_role("link", name="Compare and merge").first.click()
    page.get_by_role("button", name="Merge", exact=True).wait_for()


def layouts(page: Page) -> None:
    """The layout of companies with a condition; nothing is saved."""
    page.goto("/settings/layouts/companies")
    row = page.locator('[data-layout-row="website"]')
    row.locator("summary").click()
    row.get_by_role("button", name="Add a condition").click()
    row.get_by_label("Field").select_option("industry")
    row.get_by_label("Value").select_option("food")


def formula(page: Page) -> None:
    """A formula with what it gives, before it is saved."""
    page.goto("/settings/fields/companies/new?kind=formula")
    page.get_by_label("Label", exact=True).first.fill("Silence")
    written = page.get_by_label("Formula", exact=True)
    written.fill(
        'if(is_empty(last_contact_at), "never met",\n'
        '   days_between(last_contact_at, today()) & " days")'
    )
    page.get_by_text("This gives a text.").wait_for()
    page.get_by_text("Functions", exact=True).click()


def asked(page: Page) -> str:
    """A person is asked to confirm their data; the path of their link."""
    one = page.request.get("/api/v1/people?city.is=Madrid&limit=1").json()["data"][0]
    page.goto(f"/people/{one['id']}/confirm")
    page.locator("select[name=language]").select_option("en")
    page.get_by_role("button", name="Make the link").click()
    return urlsplit(page.get_by_label("Link", exact=True).input_value()).path


def confirm(page: Page) -> None:
    """What a customer sees behind their link."""
    page.goto(f"{asked(page)}?lang=en")


def proposed(page: Page) -> None:
    """What they corrected, beside what the record says."""
    confirm(page)
    page.get_by_label("Street").fill("Calle de la Luna 5, 3º B")
    page.get_by_label("Postal code").fill("28004")
    page.get_by_label("Phone").first.fill("+34 612 345 678")
    page.get_by_role("button", name="This is right").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    page.goto("/proposed")
    page.locator(".cell-title a").first.click()
    page.get_by_role("button", name="Take over").wait_for()


def typed(page: Page) -> None:
    """A company that came in as a rule does not want it, with what was typed."""
    page.goto("/settings/standardising")
    for rule in ("Names of companies, Legal forms", "Phones, International form"):
        switch = page.get_by_role("button", name=f"{rule}: As they come in")
        if switch.get_attribute("aria-pressed") == "false":
            switch.click()
            page.wait_for_load_state("networkidle")
    page.goto("/companies/new?name=Furtado+e+Hijos%2C+sl&phone=910555120&city=Madrid&country=ES")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", name="As it was typed").wait_for()


def assignment(page: Page) -> None:
    """Two rules, and what they would have done with the leads there are."""
    page.goto("/settings/assignment")
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    asked = ("Forty crates", "Samples", "A price list", "A visit", "Olive oil", "Gift boxes")
    for at, name in enumerate(asked):
        page.request.post(
            "/api/v1/leads",
            data={"name": name, "country": "ES" if at % 2 else "DE"},
            headers={"X-CSRFToken": token},
        )
    for name, match, hours in (("Who speaks the language", "language", "8"), ("Everybody", "", "")):
        page.goto("/settings/assignment/new")
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("On", exact=True).check()
        page.get_by_label("Somebody of this team").select_option(index=1)
        page.get_by_label("Must be among what they are good at").select_option(match)
        page.get_by_label("Passed on when untouched for so many hours").fill(hours)
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_role("heading", name="Assignment").wait_for()


def letterhead(page: Page) -> None:
    """A letterhead, with what it looks like."""
    page.goto("/settings/letterhead")
    for label, text in {
        "Company": "Aurora Trading SL",
        "Address": "Calle Mayor 1\n28013 Madrid",
        "Tax id": "ESB12345678",
        "How to reach us": "+34 910 555 100\nhola@aurora.example",
        "Bank details": "IBAN ES91 2100 0418 4502 0005 1332",
        "Footer": "Aurora Trading SL · Registro Mercantil de Madrid",
    }.items():
        page.get_by_role("textbox", name=label).fill(text)
    page.locator("main form .btn-primary").click()
    page.get_by_text("Saved.").wait_for()
    page.goto("/settings/letterhead")


def offered(page: Page) -> tuple[str, str]:
    """A quote is issued, and a link to it made; the paths of both."""
    page.goto("/quotes")
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")

    def send(path: str, **data: str | int | bool) -> None:
        page.request.post(f"/api/v1{path}", data=data, headers={"X-CSRFToken": token})

    company = page.request.get("/api/v1/companies?city.is=Madrid&limit=1").json()["data"][0]["id"]
    send("/quotes", name="Forty crates a month", company=company, language="en",
         terms="Payment within 30 days.")  # fmt: skip
    newest = page.request.get("/api/v1/quotes?sort=-created_at&limit=1").json()["data"][0]["id"]
    quote = f"/quotes/{newest}"
    add = f"{quote}/do/sales.add_line"
    send(add, name="Olive oil, 5 l", quantity=40, unit="crates", price="118.50", tax_rate=10)
    send(add, name="Delivery", price="95", tax_rate=21)
    send(add, name="Tasting for your team", price="240", tax_rate=21, optional=True)
    send(f"{quote}/do/sales.issue_quote")
    page.goto(f"{quote}/offer")
    page.get_by_role("button", name="Make the link").click()
    return quote, urlsplit(page.get_by_label("Link", exact=True).input_value()).path


def offer(page: Page) -> None:
    """What its customer sees on a phone."""
    _quote, path = offered(page)
    page.goto(path)
    page.get_by_label("I want this as well").check()
    page.locator("#totals").scroll_into_view_if_needed()


def answered(page: Page) -> None:
    """What the quote says once they have accepted it."""
    quote, path = offered(page)
    page.goto(path)
    page.get_by_label("I want this as well").check()
    page.get_by_label("Your name").fill("Luis Prado")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("Accepted by Luis Prado").wait_for()
    page.goto(quote)
    page.locator("#panel-answers").scroll_into_view_if_needed()


def address(path: str) -> Callable[[Page], None]:
    """Just this page."""

    def go(page: Page) -> None:
        page.goto(path)

    return go


#: Picture → who looks, at what, how.
def terms(page: Page) -> None:
    """Companies called accounts."""
    page.goto("/settings/terms/companies/en")
    page.fill("[name=one]", "Account")
    page.fill("[name=many]", "Accounts")
    page.click("main form .btn-primary")
    page.wait_for_load_state("networkidle")
    page.click("main details summary")


def modules(page: Page) -> None:
    """All modules, one of them off."""
    page.goto("/settings/modules")
    page.click("#vcards button")
    page.click("[role=alertdialog] .btn-danger")
    page.wait_for_selector("#vcards .btn-primary")
    page.goto("/settings/modules")


SCENES: dict[str, tuple[str, Callable[[Page], None], str]] = {
    "sign-in": ("", address("/accounts/login/"), ""),
    "companies": ("Sam Reed", companies, ""),
    "company": ("Sam Reed", busy_company, ""),
    "company-dark": ("Sam Reed", busy_company, "dark"),
    "company-phone": ("Sam Reed", busy_company, "phone"),
    "my-day": ("Emma Clarke", address("/my-day"), ""),
    "log-call": ("Emma Clarke", log_call, ""),
    "import-columns": ("Sam Reed", mapping, ""),
    "import-check": ("Sam Reed", dry_run, ""),
    "history": ("Emma Clarke", history, ""),
    "role": ("Ana Torres", role, ""),
    "layouts": ("Ana Torres", layouts, ""),
    "formula": ("Ana Torres", formula, ""),
    "duplicates": ("Ana Torres", duplicates, ""),
    "terms": ("Ana Torres", terms, ""),
    "modules": ("Ana Torres", modules, "phone"),
    "merging": ("Ana Torres", merging, ""),
    "quality": ("Ana Torres", address("/quality?of=people"), ""),
    "confirm-phone": ("Ana Torres", confirm, "phone"),
    "proposed": ("Ana Torres", proposed, ""),
    "standardising": ("Ana Torres", address("/settings/standardising"), ""),
    "assignment": ("Ana Torres", assignment, ""),
    "letterhead": ("Ana Torres", letterhead, ""),
    "offer-phone": ("Ana Torres", offer, "phone"),
    "quote-answered": ("Ana Torres", answered, ""),
    "standardising-typed": ("Ana Torres", typed, ""),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
