"""Work in a process of its own: what it loads and takes in memory ends with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

T = TypeVar("T")


def run_apart(
    function: Callable[..., T], *arguments: Any, watch: Callable[[], None] = lambda: None
) -> T:
    """The function's result, worked out there; arguments and result are pickled.

    `watch` is called every moment meanwhile: what it raises ends the process.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        work = pool.submit(function, *arguments)
        try:
            while not work.done():
                watch()
                time.sleep(0.1)
        except BaseException:
            for process in list(pool._processes.values()):
                process.kill()
            raise
        return work.result()
