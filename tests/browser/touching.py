"""A finger on the screen: held, drawn somewhere, lifted."""

from __future__ import annotations

from playwright.sync_api import CDPSession, Locator, Page


class Finger:
    """One finger; it goes down in the middle of an element."""

    def __init__(self, page: Page, on: Locator) -> None:
        self._touch: CDPSession = page.context.new_cdp_session(page)
        self.x, self.y = middle(on)
        self._say("touchStart")

    def draw_to(self, x: float, y: float, steps: int = 6) -> None:
        """Along a straight line, as a finger does."""
        start_x, start_y = self.x, self.y
        for step in range(1, steps + 1):
            self.x = start_x + (x - start_x) * step / steps
            self.y = start_y + (y - start_y) * step / steps
            self._say("touchMove")

    def lift(self) -> None:
        """Off the screen."""
        self._touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _say(self, what: str) -> None:
        points = [{"x": self.x, "y": self.y}]
        self._touch.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": points})


def middle(of: Locator) -> tuple[float, float]:
    """The middle of an element that is in sight."""
    of.scroll_into_view_if_needed()
    box = of.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
