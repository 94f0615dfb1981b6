"""What the fault tests share: the process that their children are forked from, and a tally of what was tried."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.child import start_server
from tests.faults.shim import compile_shim
from tests.faults.tally import Tally

ROOM = 2**30
"""Bytes: the stores of a test are some megabytes, and memory that only just suffices had better be left alone."""


@pytest.fixture(scope="session", autouse=True)
def server(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Start the process that children are forked from, and return the shim that is loaded in it."""
    shim = compile_shim(tmp_path_factory.mktemp("shim"))
    start_server(shim)
    return shim


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory, where there is room: thousands of syncs take minutes on a disk; a kill is no other there."""
    shared = Path("/dev/shm")
    if not (os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > ROOM):
        yield tmp_path_factory.mktemp("faults")
        return
    place = Path(tempfile.mkdtemp(prefix="article-qa-faults-", dir=shared))
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def module_path(memory: Path) -> Iterator[Path]:
    """A folder of this module's own."""
    place = Path(tempfile.mkdtemp(dir=memory))
    yield place
    shutil.rmtree(place)


@pytest.fixture
def tmp_path(memory: Path) -> Iterator[Path]:
    """A folder of this test's own."""
    place = Path(tempfile.mkdtemp(dir=memory))
    yield place
    shutil.rmtree(place)


@pytest.fixture
def shim(server: Path | None) -> None:
    """Ask for the shim."""
    if server is None:
        assert not os.environ.get("CI"), "CI must have a C compiler: install gcc and libc6-dev"
        pytest.skip("no C compiler here, or not Linux: the calls of a build cannot be made to fail")


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Tally:
    """Count what is tried and what passes."""
    return Tally(record_property)
