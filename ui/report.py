"""An evaluation -> what is shown of it: words for a terminal, JSON, or a page that needs nothing but itself. Pure.

The page runs no script and asks for nothing from anywhere; every character that comes from a file or an article is
escaped.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from qa.evaluate import DEPTH, Estimate, Evaluation, Outcome, Passage, Seconds
from qa.questions import Question, Remark
from ui.render import escape

FIGURES = (
    (
        "Retrieval",
        {
            "article_hit_1": "the first passage is of the right article",
            "article_hit_5": "one of the first 5 passages is",
            "article_mrr_10": "mean of 1 / its rank, within 10 (MRR@10)",
            "sentence_hit_1": "the first passage holds the right sentence",
            "sentence_hit_5": "one of the first 5 passages holds it",
        },
    ),
    (
        "Answers",
        {
            "first_citation_article": "the first citation is of the right article",
            "first_citation_sentence": "the first citation holds the right sentence",
            "quotes_contain_answer": "the quotes contain the answer",
            "quotes_answer_f1": "token F1 of the closest quote and the answer",
        },
    ),
    (
        "Silence",
        {
            "silence_recall": "declined, of what the articles do not say",
            "silence_precision": "rightly declined, of what was declined",
            "wrongly_declined": "wrongly declined, of what they do say",
        },
    ),
)
MEANS = {"article_mrr_10", "quotes_answer_f1"}
SHOWN = 160
"""Characters of a quote in the terminal; the page and the JSON have all of it."""
NOT_FOUND = f"not among {DEPTH}"
NOTE = (
    "Each figure is taken over the questions that expect what it is about. The interval would hold the true figure for "
    "95 of 100 lists of questions drawn like this one. Shares: Wilson; means: bootstrap, too narrow under some twenty "
    "questions. A quote is a whole sentence, so its token F1 with a short answer stays far below 1 when it is right."
)


@dataclass(frozen=True, slots=True)
class Report:
    """An evaluation, and what it is of."""

    evaluation: Evaluation
    remarks: tuple[Remark, ...]
    questions: str
    """The file of questions, as it was named."""
    store: str
    """The index, as it was named."""
    articles: int
    """In the index."""
    today: date
    """The day on which questions that name none were asked."""


def report_text(report: Report, *, at_most: int | None) -> str:
    """Say it in a terminal: a table, what is odd about the questions, and `at_most` failures, or all of them."""
    evaluation = report.evaluation
    return "\n".join(
        [
            _heading(report),
            *_table_text(evaluation),
            "",
            f"Seconds    an answer {_seconds_text(evaluation.answer)}; retrieval {_seconds_text(evaluation.retrieval)}",
            *_list_text("Not scored", [f"  line {remark.line} {remark.says}" for remark in report.remarks], at_most),
            *_list_text("Wrong", [_failure_text(outcome) for outcome in evaluation.failures], at_most),
        ]
    )


def _heading(report: Report) -> str:
    asked = [outcome.question for outcome in report.evaluation.outcomes]
    scored = sum(question.expects_answer or question.none for question in asked)
    silent = sum(question.none for question in asked)
    only = f", {len(asked) - scored} asked only" if scored < len(asked) else ""
    asked_of = f"{_count(len(asked), 'question')} to {_count(report.articles, 'article')}"
    return f"{asked_of}: {scored - silent} that they answer, {silent} that they do not{only}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _table_text(evaluation: Evaluation) -> Iterator[str]:
    for group, rows in _groups(evaluation):
        yield f"\n{group:<48}{'':>12}{'':>7}   95 % interval"
        for name, says, scored in rows:
            low, high = _decimal(scored.low), _decimal(scored.high)
            yield f"  {says:<46}{_of(name, scored):>12}{_decimal(scored.value):>7}   {low} to {high}"


def _groups(evaluation: Evaluation) -> Iterator[tuple[str, list[tuple[str, str, Estimate]]]]:
    """Yield each group that has any figure, and its figures: name, words, estimate."""
    for group, words in FIGURES:
        known = evaluation.estimates
        if rows := [(name, says, known[name]) for name, says in words.items() if name in known]:
            yield group, rows


def _of(name: str, scored: Estimate) -> str:
    return f"of {scored.n}" if name in MEANS else f"{scored.value * scored.n:.0f} of {scored.n}"


def _decimal(value: float) -> str:
    return f"{value:.2f}"


def _seconds_text(seconds: Seconds) -> str:
    return f"{seconds.median:.2f} (median), {seconds.p95:.2f} (95 in 100)"


def _list_text(name: str, lines: Sequence[str], at_most: int | None) -> Iterator[str]:
    if lines:
        more = "" if at_most is None or len(lines) <= at_most else f", the first {at_most}; --all lists every one"
        yield f"\n{name}: {len(lines)}{more}"
        yield from lines[:at_most]


def _failure_text(outcome: Outcome) -> str:
    lines = [f"\n  line {outcome.question.line}: {outcome.question.text}"]
    for name, told in _told(outcome):
        lines += [f"    {name if told[0] is said else '':<9} {_shortened(said)}" for said in told]
    return "\n".join(lines)


def _told(outcome: Outcome) -> list[tuple[str, list[str]]]:
    """Return what there is to tell of a failure, by its name."""
    told = [
        ("wrong", list(outcome.wrong)),
        ("expected", list(_expected(outcome.question))),
        ("came", list(_came(outcome))),
        ("rank", list(_ranks(outcome))),
    ]
    return [(name, said) for name, said in told if said]


def _expected(question: Question) -> Iterator[str]:
    if question.none:
        yield "that the articles do not say"
    for article, sentence in question.gold:
        yield _passage(Passage(article or "any article", sentence or ""))
    if question.answers:
        yield "the answer " + " or ".join(f"“{answer}”" for answer in question.answers)


def _came(outcome: Outcome) -> Iterator[str]:
    if outcome.answered:
        yield from map(_passage, outcome.citations)
        return
    yield outcome.said
    if outcome.nearest:
        yield f"nearest: {_passage(outcome.nearest)}"


def _passage(passage: Passage) -> str:
    return f"{passage.article}: “{passage.text}”" if passage.text else passage.article


def _ranks(outcome: Outcome) -> Iterator[str]:
    if outcome.question.articles:
        yield f"article {outcome.article_rank or NOT_FOUND}"
    if outcome.question.sentences:
        yield f"sentence {outcome.sentence_rank or NOT_FOUND}"


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + " …"


def report_json(report: Report) -> dict[str, object]:
    """Return everything as JSON has it; ranks are null beyond 10 passages."""
    evaluation = report.evaluation
    return {
        "questions": report.questions,
        "store": report.store,
        "articles": report.articles,
        "today": report.today.isoformat(),
        "asked": len(evaluation.outcomes),
        "figures": {name: scored._asdict() for name, scored in evaluation.estimates.items()},
        "seconds": {"answer": evaluation.answer._asdict(), "retrieval": evaluation.retrieval._asdict()},
        "remarks": [remark._asdict() for remark in report.remarks],
        "failures": [_outcome_json(outcome) for outcome in evaluation.failures],
        "outcomes": [_outcome_json(outcome) for outcome in evaluation.outcomes],
    }


def _outcome_json(outcome: Outcome) -> dict[str, object]:
    question = outcome.question
    return {
        "line": question.line,
        "question": question.text,
        "today": question.today and question.today.isoformat(),
        "expected": {
            "places": [place._asdict() for place in question.gold],
            "answers": list(question.answers),
            "none": question.none,
        },
        "wrong": list(outcome.wrong),
        "article_rank": outcome.article_rank,
        "sentence_rank": outcome.sentence_rank,
        "nearest": outcome.nearest and outcome.nearest._asdict(),
        "answered": outcome.answered,
        "text": outcome.said,
        "citations": [cited._asdict() for cited in outcome.citations],
        "seconds": {"answer": outcome.answer_seconds, "retrieval": outcome.retrieval_seconds},
    }


def report_html(report: Report) -> str:
    """Show it as a page."""
    evaluation = report.evaluation
    facts = f"{report.questions} · {report.store} · asked as of {report.today.isoformat()}"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Evaluation of {escape(report.questions)}</title><style>{STYLE}</style></head>\n<body><main>"
        f"<header><h1>How well the articles answer</h1><p>{escape(_heading(report))}.</p>"
        f'<p class="facts">{escape(facts)}</p></header>\n{_tables_html(evaluation)}'
        f'<p class="facts">Seconds: an answer {_seconds_text(evaluation.answer)}; '
        f"retrieval {_seconds_text(evaluation.retrieval)}.</p>\n"
        f"{_remarks_html(report.remarks)}{_failures_html(evaluation.failures)}"
        f"<footer><p>{escape(NOTE)}</p></footer></main></body></html>\n"
    )


def _tables_html(evaluation: Evaluation) -> str:
    head = '<th scope="col">Of</th><th scope="col">Figure</th><th scope="col" colspan="2">95 % interval</th>'
    return "".join(
        f'<table><thead><tr><th scope="col">{group}</th>{head}</tr></thead>'
        f"<tbody>{''.join(_row_html(*row) for row in rows)}</tbody></table>\n"
        for group, rows in _groups(evaluation)
    )


def _row_html(name: str, says: str, scored: Estimate) -> str:
    left, width = 100 * scored.low, 100 * (scored.high - scored.low)
    return (
        f'<tr id="{name}"><th scope="row">{escape(says)}</th><td>{_of(name, scored)}</td>'
        f"<td><strong>{_decimal(scored.value)}</strong></td>"
        f"<td>{_decimal(scored.low)} to {_decimal(scored.high)}</td>"
        f'<td class="drawn" aria-hidden="true"><i style="left:{left:.1f}%;width:{width:.1f}%"></i>'
        f'<b style="left:{100 * scored.value:.1f}%"></b></td></tr>'
    )


def _remarks_html(remarks: Iterable[Remark]) -> str:
    lines = "".join(f'<li dir="auto">line {remark.line} {escape(remark.says)}</li>' for remark in remarks)
    return f"<h2>Not scored</h2><ul>{lines}</ul>\n" if lines else ""


def _failures_html(failures: tuple[Outcome, ...]) -> str:
    if not failures:
        return "<h2>Nothing went wrong</h2>\n"
    return f"<h2>What went wrong: {_count(len(failures), 'question')}</h2>\n{''.join(map(_failure_html, failures))}"


def _failure_html(outcome: Outcome) -> str:
    told = "".join(f"<dt>{name}</dt>{''.join(map(_said_html, said))}" for name, said in _told(outcome))
    heading = f'<h3 dir="auto">{escape(outcome.question.text)}</h3>'
    return f'<section>{heading}<p class="facts">line {outcome.question.line}</p><dl>{told}</dl></section>\n'


def _said_html(said: str) -> str:
    return f'<dd dir="auto">{escape(said)}</dd>'


STYLE = """
:root {
  --paper: #fbfaf7; --ink: #22252a; --soft: #5c6068; --rule: #dedad2; --accent: #1f5f8b; --band: #c9dcea;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", "Noto Serif", Georgia, serif;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #17181a; --ink: #e8e6e1; --soft: #a5a8ae; --rule: #35373b; --accent: #8cc4ec; --band: #2f4658; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 400 1rem/1.55 system-ui, sans-serif; }
main { max-width: 50rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.3; }
h1 { font-size: 1.8rem; margin: 0 0 .4rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
header p { margin: 0; }
.facts, footer, li { color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; margin: 1.5rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--rule); text-align: right; }
th, td { white-space: nowrap; }
th:first-child { text-align: left; white-space: normal; width: 50%; font-weight: 400; }
thead th { color: var(--soft); font-size: .8rem; font-weight: 400; }
thead th:first-child { color: var(--ink); font: 600 1.1rem/1.3 var(--serif); }
thead th:last-child { text-align: left; }
td.drawn { position: relative; width: 22%; padding: 0; }
.drawn::before, .drawn i, .drawn b { content: ""; position: absolute; top: 50%; }
.drawn::before { left: 0; width: 100%; border-top: 1px solid var(--rule); }
.drawn i { height: .5rem; margin-top: -.25rem; background: var(--band); border-radius: 2px; }
.drawn b { width: 2px; height: .9rem; margin: -.45rem 0 0 -1px; background: var(--accent); }
section { border-top: 1px solid var(--rule); padding: 1rem 0; break-inside: avoid; }
dl { display: grid; grid-template-columns: 5.5rem 1fr; gap: .2rem .75rem; margin: .5rem 0 0; }
dt { color: var(--soft); font-size: .875rem; }
dd { grid-column: 2; margin: 0; overflow-wrap: anywhere; }
section p { margin: 0; }
ul { padding-left: 1.1rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--rule); padding-top: .5rem; }
@media (max-width: 36rem) { table { font-size: .85rem; } td.drawn { width: 0; } .drawn * { display: none; } }
"""
