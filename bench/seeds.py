"""Ask our questions about articles of ours: `python -m bench.seeds [dev|dev2|test|invented]`.

`bench/questions/` names, for each question, the article and the sentence that answer, or "none". `dev`, `dev2` and
`test` are about the sample articles, `dev2` by somebody who knew none of the others; `invented` about thirty articles
that nothing else uses: written with those that the reader learned from, by the same rules, and held out. Tune on dev
and dev2; the others decide. `qa.evaluate` says what each figure is; hit@k is by sentence, "article in first k" by
article.
"""

import json
import sys
import tempfile
from datetime import date
from pathlib import Path

from index import build
from qa import ask, retrieve
from qa.evaluate import DEPTH, Estimate, Evaluation, evaluate, share, within
from qa.questions import Question, read_questions

ROOT = Path(__file__).parent.parent


QUESTIONS = ROOT / "bench" / "questions"
SETS = {
    "dev": (ROOT / "seeds", QUESTIONS / "seeds.dev.jsonl"),
    "dev2": (ROOT / "seeds", QUESTIONS / "seeds.dev2.jsonl"),
    "test": (ROOT / "seeds", QUESTIONS / "seeds.test.jsonl"),
    "invented": (QUESTIONS / "invented", QUESTIONS / "invented.jsonl"),
}
"""The articles and the questions about them."""


def load(name: str) -> list[Question]:
    """Return the questions of a set, in order."""
    return read_questions(SETS[name][1])


def put(questions: list[Question], store: str) -> Evaluation:
    """Ask `questions` of `store`, and score what comes."""
    return evaluate(
        questions,
        retrieve=lambda question, today: retrieve(question, k=DEPTH, store=store, today=today),
        ask=lambda question, today: ask(question, store=store, today=today),
        today=date.today(),
    )


def figures(evaluation: Evaluation) -> dict[str, Estimate]:
    """Return the figures that `bench/README.md` keeps."""
    known = [outcome for outcome in evaluation.outcomes if outcome.question.gold]
    scored = evaluation.estimates
    return {
        "article first": scored["article_hit_1"],
        "article in first 3": share([within(outcome.article_rank, 3) for outcome in known]),
        "hit@1": scored["sentence_hit_1"],
        "hit@3": share([within(outcome.sentence_rank, 3) for outcome in known]),
        "first citation": scored["first_citation_sentence"],
        "declined": scored["silence_recall"],
        "wrongly declined": scored["wrongly_declined"],
    }


def main(name: str) -> None:
    """Print the figures, and each question that went wrong."""
    with tempfile.TemporaryDirectory() as store:
        build(SETS[name][0], store=store)
        evaluation = put(load(name), store)
    for outcome in evaluation.outcomes:
        if outcome.question.gold and (outcome.sentence_rank != 1 or not outcome.first_sentence_is_right):
            print(f"rank {outcome.sentence_rank}, p {outcome.probability:.2f}: {outcome.question.text}")
            print(f"    wanted {tuple(outcome.question.gold[0])}\n    said   {outcome.said}")
        if outcome.question.none and outcome.answered:
            print(f"answered, p {outcome.probability:.2f}: {outcome.question.text}")
            print(f"    said   {outcome.said}")
    print(json.dumps({name: {of: _in_words(scored) for of, scored in figures(evaluation).items()}}, indent=2))


def _in_words(scored: Estimate) -> str:
    return f"{scored.value * scored.n:.0f} of {scored.n} ({scored.value:.2f})"


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "dev")
