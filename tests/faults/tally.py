"""Cases -> a test that fails if any of them did, names those, and tells `bench.faults` how many passed."""

import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import pytest

Case = TypeVar("Case")
SHOWN = 5


class Tally:
    """Counts what was tried and what passed, of one fault."""

    def __init__(self, record: Callable[[str, object], None], workers: int = 2) -> None:
        self.record = record
        self.workers = workers
        self.tried = 0
        self.failed: list[str] = []
        self.kinds: Counter[str] = Counter()

    def all(self, fault: str, cases: Iterable[Case], attempt: Callable[[Case], object]) -> None:
        """Try every case, as many at once as there are cores here, and fail at the end if any did."""
        with ThreadPoolExecutor(self.workers) as pool:
            for _ in pool.map(lambda case: self.one(case, attempt), cases):
                pass
        self.end(fault)

    def until_none(self, fault: str, cases: Iterator[Case], attempt: Callable[[Case], bool]) -> None:
        """Try cases in order until one returns False: there was nothing left to try."""
        with ThreadPoolExecutor(self.workers) as pool:
            while batch := list(islice(cases, 8)):
                if not all(pool.map(lambda case: self.one(case, attempt), batch)):
                    break
        self.end(fault)

    def count(self, kind: str) -> None:
        """Count a case among those of its kind, for the record."""
        self.kinds[kind] += 1

    def one(self, case: Case, attempt: Callable[[Case], bool | object]) -> bool:
        """Try a case; one that fails is kept for the end, and counts as tried."""
        try:
            left = attempt(case) is not False
        except (Exception, pytest.fail.Exception):  # noqa: BLE001 - it is kept, whatever it is, and raised at the end
            self.failed.append(f"case {case}:\n{traceback.format_exc(limit=-4)}")
            left = True
        self.tried += left
        return left

    def end(self, fault: str) -> None:
        """Record the figures, and fail if any case did."""
        figures = {"tried": self.tried, "passed": self.tried - len(self.failed)}
        self.record(fault, figures | ({"kinds": dict(sorted(self.kinds.items()))} if self.kinds else {}))
        assert not self.failed, f"{len(self.failed)} of {self.tried} failed\n" + "\n".join(self.failed[:SHOWN])
        assert self.tried, "nothing was tried"
