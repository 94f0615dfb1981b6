"""Ask our questions about the sample articles: `python -m bench.seeds [dev|test]`.

`bench/questions/seeds.*.jsonl` names, for each question, the article and the sentence that answer, or "none". Tune on
dev; test decides. Figures: article first, and hit@k: the share of answerable questions with a passage of the right
article, or with one that holds the right sentence, among the first k of `retrieve`; first citation: the share whose
first citation is that sentence; declined, of those that no article answers; wrongly declined, of those that one does.
"""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from index import build
from qa import Answer, ask, retrieve

ROOT = Path(__file__).parent.parent
Gold = tuple[str, str]


@dataclass(frozen=True)
class Question:
    """A question, and each (article, sentence) that answers it: none, where the articles do not say."""

    text: str
    gold: frozenset[Gold]


@dataclass(frozen=True)
class Outcome:
    """What came of a question."""

    question: Question
    rank: int | None
    """Of the first passage that holds a right sentence, from 1."""
    article_rank: int | None
    """Of the first passage of a right article, from 1."""
    answer: Answer

    @property
    def first_is_right(self) -> bool:
        """Tell whether the first citation is a right sentence."""
        first = self.answer.citations[:1]
        return any(holds(cited.article.id, cited.quote, self.question.gold) for cited in first)


def load(split: str) -> list[Question]:
    """Return the questions of a split, in order."""
    lines = (ROOT / "bench" / "questions" / f"seeds.{split}.jsonl").read_text().splitlines()
    return [_question(json.loads(line)) for line in lines]


def _question(said: dict) -> Question:
    if said["article"] == "none":
        return Question(said["question"], frozenset())
    gold = {(said["article"], said["sentence"])}
    for other in said.get("also", []):
        gold.add((other["article"], other["sentence"]) if isinstance(other, dict) else (said["article"], other))
    return Question(said["question"], frozenset(gold))


def holds(article: str, text: str, gold: frozenset[Gold]) -> bool:
    """Tell whether `text` of `article` holds one of the right sentences; white space is folded."""
    folded = " ".join(text.split())
    return any(article == right and sentence in folded for right, sentence in gold)


def put(question: Question, store: str) -> Outcome:
    """Ask `question`, and look how it went."""
    hits = retrieve(question.text, k=10, store=store)
    ranks = (rank for rank, hit in enumerate(hits, start=1) if holds(hit.article.id, hit.text, question.gold))
    right = {article for article, _ in question.gold}
    article_ranks = (rank for rank, hit in enumerate(hits, start=1) if hit.article.id in right)
    return Outcome(question, next(ranks, None), next(article_ranks, None), ask(question.text, store=store))


def figures(outcomes: list[Outcome]) -> dict[str, str]:
    """Return each figure as a fraction in words."""
    answerable = [outcome for outcome in outcomes if outcome.question.gold]
    none = [outcome for outcome in outcomes if not outcome.question.gold]
    return {
        "article first": _of(sum(outcome.article_rank == 1 for outcome in answerable), len(answerable)),
        "article in first 3": _of(sum(outcome.article_rank in {1, 2, 3} for outcome in answerable), len(answerable)),
        "hit@1": _of(sum(outcome.rank == 1 for outcome in answerable), len(answerable)),
        "hit@3": _of(sum(outcome.rank in {1, 2, 3} for outcome in answerable), len(answerable)),
        "first citation": _of(sum(outcome.first_is_right for outcome in answerable), len(answerable)),
        "declined": _of(sum(not outcome.answer.answered for outcome in none), len(none)),
        "wrongly declined": _of(sum(not outcome.answer.answered for outcome in answerable), len(answerable)),
    }


def _of(count: int, total: int) -> str:
    return f"{count} of {total} ({count / total:.2f})"


def main(split: str) -> None:
    """Print the figures, and each question that went wrong."""
    with tempfile.TemporaryDirectory() as store:
        build(ROOT / "seeds", store=store)
        outcomes = [put(question, store) for question in load(split)]
    for outcome in outcomes:
        if outcome.question.gold and (outcome.rank != 1 or not outcome.first_is_right):
            print(f"rank {outcome.rank}, p {outcome.answer.probability:.2f}: {outcome.question.text}")
            print(f"    wanted {sorted(outcome.question.gold)[0]}\n    said   {outcome.answer.text}")
        if not outcome.question.gold and outcome.answer.answered:
            print(f"answered, p {outcome.answer.probability:.2f}: {outcome.question.text}")
            print(f"    said   {outcome.answer.text}")
    print(json.dumps({split: figures(outcomes)}, indent=2))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "dev")
