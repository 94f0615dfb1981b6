"""What `bench.ablation` counts."""

import numpy as np

from bench.ablation import OF, Read, of_reader, table
from qa.questions import Gold, Question
from qa.read import WEIGHTS

TOOK = {"search": 1.0, "trained reader": 2.0, "evidence, all": 3.0}
ANSWERED = Question("Who?", 1, gold=(Gold("a", "He."),))
NONE = Question("Why?", 2, none=True)
SHARED = "words of the question"
SURE = dict.fromkeys(WEIGHTS, 5.0)


def read(question: Question, right: list[bool], *sentences: dict[str, float]) -> Read:
    known = np.zeros((len(sentences), len(WEIGHTS)))
    for row, sentence in zip(known, sentences, strict=True):
        for name, value in sentence.items():
            if name != SHARED:
                row[OF[name]] = value
    shared = np.array([sentence.get(SHARED, 0.0) for sentence in sentences])
    return Read(question, known, shared, np.array(right, bool), TOOK)


def test_each_step_chooses_by_what_it_may_know_and_only_the_last_one_declines() -> None:
    nearest = {"how well it was found": 0.0, SHARED: 0.9, "words that answer": -9.0}
    marked = {"how well it was found": -0.1, "the passage answers": 3.0, "words that answer": 4.0}
    beside = {**marked, "words that answer": 1.0, SHARED: 0.5}
    told = table(
        [
            read(ANSWERED, [False, True, False], nearest, marked, beside),
            read(ANSWERED, [True], SURE),
            read(ANSWERED, []),
            read(NONE, [False], {"how well it was found": -1.0}),
            read(NONE, [False], SURE),
        ]
    )
    first = {step: row["first sentence right"] for step, row in told.items()}  # type: ignore[index]
    assert list(first.values())[:3] == [1, 1, 2]
    last = list(told.values())[-1]
    assert (last["declined"], last["of those that no article answers"]) == (1, 2)  # type: ignore[index]


def test_a_reader_is_judged_by_itself() -> None:
    sure, unsure = {"the passage answers": 2.0, "words that answer": 2.0}, {"the passage answers": -2.0}
    told = of_reader([read(ANSWERED, [False, True], unsure, sure), read(NONE, [False], unsure)])
    assert told["right sentence, of passages that hold it"] == told["AUC of the passage"] == 1.0
    assert told["ms for a question, p50"] == 2.0
