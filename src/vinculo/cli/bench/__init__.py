"""`vinculo bench`: measure this machine against the performance budgets, on data of any size.

It makes its own installation with its own embedded database, fills it with the demo's generator,
serves it with two web workers and asks over HTTP what people ask; docs/benchmarks.md explains.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `vinculo bench`."""
    parser.add_argument("--customers", type=int, default=20_000, help="companies and people")
    parser.add_argument("--interactions", type=int, default=100_000, help="calls, e-mails, …")
    parser.add_argument("--deals", type=int, default=10_000, help="open deals; 0 for none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="keep the data here and use what is there")
    parser.add_argument("--keep", action="store_true", help="do not remove the data at the end")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--rounds", type=int, default=40, help="requests per page and role")
    parser.add_argument("--seconds", type=float, default=5.0, help="per throughput measurement")
    parser.add_argument("--import-rows", type=int, default=50_000)
    parser.add_argument(
        "--register-rows",
        type=int,
        default=100_000,
        metavar="N",
        help="load a register of so many companies and look companies up in it; 0 for none",
    )
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--load-only", action="store_true", help="fill the database, measure not")
    crowd = parser.add_argument_group("many people at once, instead of page by page")
    crowd.add_argument("--people", type=int, default=0, metavar="N", help="so many people at once")
    crowd.add_argument("--duration", type=float, default=60.0, help="seconds they work")
    crowd.add_argument("--think", type=float, default=2.0, help="seconds between two requests")
    crowd.add_argument(
        "--chaos", action="store_true", help="kill -9 web, worker and database meanwhile"
    )
    crowd.add_argument("--kill-every", type=float, default=5.0, help="seconds between two kills")


def run(args: argparse.Namespace) -> int:
    """Load, measure, report; 0 also where a budget is missed: seconds never fail a build.

    With `--people`, 1 when an answer was wrong, a write was lost or was done twice.
    """
    from vinculo.cli.bench.running import bench

    return bench(args)
