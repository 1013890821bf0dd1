"""The worker: runs jobs, gives back those of workers that died, delivers events."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connections
from procrastinate.contrib.django import app as queue_app
from procrastinate.contrib.django.utils import connector_params

from vinculo.platform import events, jobs

logger = logging.getLogger("vinculo.worker")

MOMENT = 0.1  # seconds


def run_worker(
    *,
    concurrency: int = 2,
    heartbeat: float = 10.0,
    silence: float = jobs.SILENCE,
    sweep_every: float = 10.0,
    wait: bool = True,
) -> None:
    """Work until told to stop (SIGINT, SIGTERM); jobs in hand are finished first.

    `heartbeat`, `silence` and `sweep_every` are seconds: how often this worker says that it lives,
    after how long another one counts as dead, how often to look. With `wait=False` it returns once
    the queue is empty.
    """
    connector = queue_app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with queue_app.replace_connector(connector):
        asyncio.run(_work(concurrency, heartbeat, silence, sweep_every, wait))


async def _work(
    concurrency: int, heartbeat: float, silence: float, sweep_every: float, wait: bool
) -> None:
    await _in_thread(lambda: jobs.retry_stalled(silence))
    beside = [
        asyncio.create_task(_repeat(lambda: jobs.retry_stalled(silence), sweep_every)),
        asyncio.create_task(_deliver_events(sweep_every)),
    ]
    try:
        async with queue_app.open_async():
            await queue_app.run_worker_async(
                name="vinculo",
                concurrency=concurrency,
                wait=wait,
                shutdown_graceful_timeout=15,
                delete_jobs="successful",
                update_heartbeat_interval=heartbeat,
                stalled_worker_timeout=silence,
            )
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
    if not wait:
        await _in_thread(events.deliver_waiting)


async def _in_thread(function: Callable[[], Any]) -> Any:
    def run() -> Any:
        try:
            return function()
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)


async def _repeat(function: Callable[[], Any], seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await _in_thread(function)
        except Exception:
            # The database may be restarting; the next round will tell.
            logger.exception("The sweep of stalled jobs failed.")


async def _deliver_events(seconds: float) -> None:
    """Deliver when a commit says so, and every so often for stragglers."""
    while True:
        with contextlib.suppress(psycopg.OperationalError):
            params = {**connector_params(), "autocommit": True}
            async with await psycopg.AsyncConnection.connect(**params) as listening:
                await listening.execute(f"LISTEN {events.CHANNEL}")
                while True:
                    try:
                        await _in_thread(events.deliver_waiting)
                    except Exception:
                        logger.exception("The delivery of events failed.")
                    async for _note in listening.notifies(timeout=seconds, stop_after=1):
                        pass
                    # What is said in the same moment is delivered in one round.
                    async for _note in listening.notifies(timeout=MOMENT):
                        pass
        await asyncio.sleep(1.0)
