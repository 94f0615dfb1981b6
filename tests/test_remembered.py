"""What was read once is remembered, and is the same as if it were read anew."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.errors import ModelError
from qa.remembered import RememberingMarker
from qa.spans import Marked


class CountingMarker:
    """Tells of each passage how long it is beside the question, and keeps what it was asked to read."""

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []

    def mark(self, question: str, passages: Sequence[str]) -> Iterator[Marked]:
        for passage in passages:
            if passage == "broken":
                raise ModelError("the model is broken")
            self.read.append((question, passage))
            yield Marked.unmarked(float(len(question) * 100 + len(passage)))


def answers(marker: RememberingMarker, question: str, passages: Sequence[str]) -> list[float]:
    return [marked.answers for marked in marker.mark(question, passages)]


def test_what_is_asked_again_is_not_read_again_and_is_told_in_the_order_of_the_passages() -> None:
    counting = CountingMarker()
    marker = RememberingMarker(counting)
    assert answers(marker, "why?", ["a", "bbb"]) == [401.0, 403.0]
    assert answers(marker, "why?", ["cc", "bbb", "dddd", "a"]) == [402.0, 403.0, 404.0, 401.0]
    assert counting.read == [("why?", "a"), ("why?", "bbb"), ("why?", "cc"), ("why?", "dddd")]


def test_another_question_about_the_same_passage_is_read() -> None:
    counting = CountingMarker()
    marker = RememberingMarker(counting)
    assert answers(marker, "why?", ["a"]) + answers(marker, "who?!", ["a"]) == [401.0, 501.0]
    assert len(counting.read) == 2


def test_a_passage_that_is_given_twice_is_told_twice() -> None:
    assert answers(RememberingMarker(CountingMarker()), "why?", ["a", "bb", "a"]) == [401.0, 402.0, 401.0]


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    counting = CountingMarker()
    marker = RememberingMarker(counting, most=2)
    for passage in ("a", "b", "a", "c", "a", "b"):  # "b" makes room for "c"
        answers(marker, "why?", [passage])
    assert [passage for _, passage in counting.read] == ["a", "b", "c", "b"]


def test_more_than_is_remembered_can_be_read_at_once() -> None:
    passages = ["x" * length for length in range(1, 9)]
    marker = RememberingMarker(CountingMarker(), most=3)
    for _ in range(2):
        assert answers(marker, "?", passages) == [100.0 + length for length in range(1, 9)]


def test_where_reading_fails_what_was_read_before_is_remembered_and_the_rest_is_tried_again() -> None:
    counting = CountingMarker()
    marker = RememberingMarker(counting)
    for _ in range(2):
        with pytest.raises(ModelError, match="broken"):
            answers(marker, "why?", ["a", "broken"])
    assert counting.read == [("why?", "a")]


def test_many_threads_are_told_what_each_asked() -> None:
    marker = RememberingMarker(CountingMarker(), most=5)

    def ask(number: int) -> bool:
        passages = ["x" * ((number + step) % 9 + 1) for step in range(6)]
        question = "?" * (number % 3 + 1)
        return answers(marker, question, passages) == [len(question) * 100.0 + len(passage) for passage in passages]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))
