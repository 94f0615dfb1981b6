"""What was read is not read again: a question that is asked once more is answered at once.

Questions are asked again more often than it seems: each that is offered to come next was put to the index before, and
an answer is asked for again by its link and by the next person. A reading depends on nothing but the question and the
text, so that it stays right whatever becomes of the index (`docs/decisions/0038-remembered.md`).
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from threading import Lock

from qa.spans import Marked, Marker

MOST = 1024
"""Texts that are remembered: those of some fifty questions, five megabytes."""


class RememberingMarker:
    """Marks as `marker` does, and remembers what it read last. Safe to call from several threads."""

    def __init__(self, marker: Marker, most: int = MOST) -> None:
        self.marker = marker
        self._most = most
        self._remembered: OrderedDict[tuple[str, str], Marked] = OrderedDict()
        self._lock = Lock()

    def mark(self, question: str, passages: Sequence[str]) -> Iterator[Marked]:
        """Yield each passage with what in it answers `question`; only what is not remembered is read."""
        known = [self._recall(question, passage) for passage in passages]
        unknown = [passage for passage, marked in zip(passages, known, strict=True) if marked is None]
        read = iter(self.marker.mark(question, unknown) if unknown else ())
        for passage, marked in zip(passages, known, strict=True):
            yield marked or self._remember(question, passage, next(read))

    def _recall(self, question: str, passage: str) -> Marked | None:
        with self._lock:
            marked = self._remembered.get((question, passage))
            if marked is not None:
                self._remembered.move_to_end((question, passage))
            return marked

    def _remember(self, question: str, passage: str, marked: Marked) -> Marked:
        with self._lock:
            self._remembered[question, passage] = marked
            if len(self._remembered) > self._most:
                self._remembered.popitem(last=False)
        return marked
