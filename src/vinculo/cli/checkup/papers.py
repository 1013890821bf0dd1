"""What papers for customers need of the machine: fonts."""

from __future__ import annotations

from vinculo.cli.checkup import Finding
from vinculo.cli.checkup.server import carefully, rows

#: Whether anything that goes onto a paper is written in Chinese.
WANTED = """
SELECT EXISTS (
  SELECT 1 FROM sales_quote q
  LEFT JOIN parties_party customer ON customer.id = coalesce(q.company_id, q.person_id)
  WHERE q.language LIKE 'zh%%' OR concat(q.name, customer.name) ~ '[\u4e00-\u9fff]'
)
"""


def paper_findings() -> list[Finding]:
    """Whether quotes can be set as PDF without boxes in them."""
    return [carefully(chinese)]


def chinese() -> Finding:
    """Whether there is a font with Chinese characters, where any are to be printed."""
    from vinculo.sales.quotes.document.typesetting import has_chinese

    if has_chinese():
        return Finding("There is a font with Chinese characters for papers.")
    said = "There is no font with Chinese characters: on papers they come out as boxes."
    if not rows(WANTED)[0][0]:
        return Finding(f"{said} No quote has any.")
    return Finding(
        said,
        "Install one (Debian: apt-get install fonts-noto-cjk), or put a font file into the folder "
        "`fonts` of the data directory; then start Vinculo again.",
    )
