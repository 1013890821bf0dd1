"""A trend as a line: its scale, and what stands at its ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vinculo.platform.drawing import HEIGHT, WIDTH, Frame
from vinculo.records.quality.reading import Point


@dataclass(frozen=True)
class Chart:
    """A line of percentages over days: the points of a polyline, and what stands at its ends."""

    points: str
    last_x: str
    last_y: str
    first_day: date
    last_day: date
    lowest: int
    highest: int
    width: int = WIDTH
    height: int = HEIGHT


def chart_of(points: Sequence[Point]) -> Chart | None:
    """The trend as a line; None where there are not two days of which a share can be told.

    The scale reaches from the last ten below the lowest share to the next ten above the highest, so
    that a small change shows; both ends stand beside the drawing.
    """
    told = [(one.day, one.share.good) for one in points if one.share.good is not None]
    if len(told) < 2:
        return None
    shares = [share for _day, share in told]
    lowest = min(int(min(shares) // 10) * 10, 90)
    highest = max(-int(-max(shares) // 10) * 10, lowest + 10)
    frame = Frame(told[0][0], told[-1][0], Decimal(lowest), Decimal(highest))
    last_x, last_y = (str(end) for end in frame.place(*told[-1]))
    return Chart(frame.line(told), last_x, last_y, frame.first, frame.last, lowest, highest)
