"""The examples in the kernel's docstrings are true, and the kernel needs no framework."""

import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import vinculo.kernel

MODULES = [
    found.name for found in pkgutil.walk_packages(vinculo.kernel.__path__, "vinculo.kernel.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_kernel_runs_without_django() -> None:
    source = str(Path(vinculo.kernel.__path__[0]).parents[1])
    imports = "; ".join(f"import {name}" for name in MODULES)
    check = f"import sys; sys.path.insert(0, {source!r}); {imports}; print('django' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"
