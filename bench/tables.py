"""The latest results -> the tables and plots of `bench/README.md`: `python -m bench.tables`.

A section stands between `<!-- NAME -->` and `<!-- end -->`, and is written anew from `results/*-NAME.json`, the last by
date; what stands around it is written by hand. A section without results stays as it is. A second run changes nothing.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.bars import Bar, bars
from bench.retrieval import SAYS_IT

HERE = Path(__file__).parent
QUALITY = ("R@1", "R@5", "R@20", "MRR@10")
OURS = "article-qa"
RATES = ("passages a second", "passages a processor second")
LOOPS = "bare loop, a text on each processor"
BUILT = "article-qa, the whole build"
STAGES = {
    "lexical": "words",
    "dense": "vectors",
    "fused": "fused",
    "and the article around": "and the article around",
    "and time, outlet": "and time, outlet, the recent",
    "as hits": "as hits: joined, folded",
    "or another that says it": "or another that holds the answer's words",
}
NAMES = {
    "seeds": "our questions about the sample articles",
    "squad": "SQuAD 1.1",
    "news-2022": "news of 2022",
    "dev": "our dev questions about the sample articles",
    "test": "our held-out questions about the sample articles",
    "invented": "our questions about thirty other articles",
}
Result = Mapping[str, Any]


def main() -> None:
    """Write every section that has results, and its plots."""
    readme = HERE / "README.md"
    text = readme.read_text()
    for name, table in SECTIONS.items():
        if found := latest(HERE / "results", name):
            text = replaced(text, name, table(found))
    readme.write_text(text)
    for name, (drawn, title) in PLOTS.items():
        if found := latest(HERE / "results", name):
            (HERE / "plots" / f"{name}.svg").write_text(bars(drawn(found), title))


def latest(folder: Path, name: str) -> Result | None:
    """Return the last results of a name, by their day."""
    files = sorted(folder.glob(f"????-??-??-{name}.json"))
    return json.loads(files[-1].read_text()) if files else None


def replaced(text: str, name: str, section: str) -> str:
    r"""Return `text` with what stands between the marks of a section replaced. Raises ValueError where it has none.

    >>> replaced("a <!-- x -->old<!-- end --> z", "x", "new")
    'a <!-- x -->\n\nnew\n\n<!-- end --> z'
    """
    marked = re.compile(rf"(<!-- {re.escape(name)} -->).*?(<!-- end -->)", re.DOTALL)
    if len(marked.findall(text)) != 1:
        raise ValueError(f"one section <!-- {name} --> ... <!-- end --> is needed: put it where the table should be")
    return marked.sub(lambda found: f"{found[1]}\n\n{section.strip()}\n\n{found[2]}", text)


def retrieval_table(result: Result) -> str:
    """Tell what each stage of our own retrieval adds."""
    news, squad = result["sets"]["news-2022"], result["sets"]["squad"]
    lines = [
        "| | news R@1 | R@5 | R@20 | MRR@10 | SQuAD R@1 | R@5 | MRR@10 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for stage, title in STAGES.items():
        of_news = [share(news[stage][figure]) for figure in QUALITY]
        of_squad = [share(squad[stage][figure]) if stage in squad else "" for figure in ("R@1", "R@5", "MRR@10")]
        lines.append(row(title, *of_news, *of_squad))
    took = " and ".join(
        f"{one['milliseconds']['p50']:.0f} ({one['milliseconds']['p95']:.0f}) on {name}"
        for name, one in (("news", news), ("SQuAD", squad))
    )
    return "\n".join(
        [*lines, "", f"{result['date']}, {result['commit']}. A question took, in milliseconds, p50 (p95): {took}."]
    )


def peers_tables(result: Result) -> str:
    """Tell how many questions ours and each peer answer, set by set, and who is ahead of ours."""
    parts = ["![MRR@10 of ours and each peer](plots/peers.svg)"]
    for name, title in NAMES.items():
        if name in result:
            one = result[name]
            of = f"{one['articles']:,} articles, {one['questions']:,} questions; {when(one)}"
            parts += [f"**{title[0].upper()}{title[1:]}** ({of})", _peers_table(one["rows"]), ahead(one["rows"])]
    return "\n\n".join(parts)


def _peers_table(rows: Mapping[str, Result]) -> str:
    best = {figure: max(found[figure] for found in rows.values()) for figure in QUALITY}
    head = ("", *QUALITY, "ours above, below", "passages", "index, s", "a question, ms: p50, p95")
    lines = [row(*head), "|---" * len(head) + "|"]
    for title, found in rows.items():
        shares = {figure: share(found[figure]) for figure in QUALITY}
        marked = [f"**{said}**" if found[figure] == best[figure] else said for figure, said in shares.items()]
        against = f"{found['ours above']}, {found['ours below']}" if "ours above" in found else ""
        took = f"{size(found['p50 ms'])}, {size(found['p95 ms'])}"
        lines.append(row(title, *marked, against, f"{found['passages']:,}", size(found["build seconds"]), took))
    return "\n".join(lines)


def ahead(rows: Mapping[str, Result]) -> str:
    """Say plainly who is ahead of ours, and in what.

    >>> ahead({"article-qa": {"R@1": 1, "R@5": 1, "R@20": 1, "MRR@10": 1}})
    'Nobody is ahead of ours.'
    """
    ours = rows[OURS]
    found = {
        title: [figure for figure in QUALITY if row[figure] > ours[figure]]
        for title, row in rows.items()
        if title != OURS
    }
    said = "; ".join(f"{title} ({', '.join(figures)})" for title, figures in found.items() if figures)
    return f"Ahead of ours: {said}." if said else "Nobody is ahead of ours."


def speed_table(result: Result) -> str:
    """Tell how many passages each embeds in a second, and how many times as many ours does."""
    parts = ["![passages embedded in a second](plots/peers-speed.svg)"]
    for model, one in result.items():
        columns = [one[measure] for measure in RATES]
        head = (model, *(cell for measure in RATES for cell in (measure, "ours is, times")))
        lines = [row(*head), "|---" * len(head) + "|"]
        for title in columns[0]:
            pairs = ((rates[title], rates[OURS] / rates[title]) for rates in columns)
            lines.append(row(title, *(cell for rate, times in pairs for cell in (f"{rate:.1f}", f"{times:.2f}"))))
        parts += [
            "\n".join(lines),
            f"{one['passages']} passages of news, medians of {one['rounds']} rounds; {when(one)}.",
        ]
    return "\n\n".join([*parts, compared({model: one[RATES[0]] for model, one in result.items()})])


def silence_table(result: Result) -> str:
    """Tell how good silence is, and whether the probability means what it says."""
    lines = ["| | turns | precision | recall | AUC | calibration error |", "|---|---|---|---|---|---|"]
    for title, one in result.items():
        if isinstance(one, dict) and "turns" in one:
            figures = (one[name] for name in ("precision", "recall", "AUC", "calibration error"))
            lines.append(row(title, str(one["turns"]), *map(share, figures)))
    return "\n".join([*lines, "", "![how often an answer was there, by how sure we were](plots/abstention.svg)"])


def reliability_bars(result: Result) -> Mapping[str, Sequence[Bar]]:
    """Return a bar for each tenth of the probability: how often an answer was there."""
    group = [
        Bar(f"{share(one['said'])} sure, {one['share']:.0%} of the turns", one["true"], share(one["true"]), ours=True)
        for one in result["reliability of the withheld"]
    ]
    return {"withheld, all passages of the set": group}


def rerank_table(result: Result) -> str:
    """Tell what reading adds to the order of twenty passages."""
    head = ("", "questions", "R@1", "R@5", "MRR@10", "as read: R@1", "R@5", "MRR@10", "reading, ms: p50, p95")
    lines = [row(*head), "|---" * len(head) + "|"]
    for name, one in result["sets"].items():
        took = f"{size(one['milliseconds']['p50'])}, {size(one['milliseconds']['p95'])}"
        for which in ("", f", {SAYS_IT}"):
            if (before := one.get(f"as found{which}")) and (after := one.get(f"as read{which}")):
                shares = [share(order[figure]) for order in (before, after) for figure in ("R@1", "R@5", "MRR@10")]
                lines.append(row(f"{NAMES[name]}{which}", f"{one['questions']:,}", *shares, took))
    return "\n".join(lines)


def ablation_tables(result: Result) -> str:
    """Tell what each step of reading adds, and how good and how fast each reader is by itself."""
    sets = result["sets"]
    lines = [row("the first sentence is right", *(NAMES[name] for name in sets)), "|---" * (len(sets) + 1) + "|"]
    for step in next(iter(sets.values())):
        cells = (f"{one[step]['first sentence right']} of {one[step]['of']}" for one in sets.values())
        lines.append(row(step, *cells))
    said = (
        f"{last['declined']} of {last['of those that no article answers']} declined that no article answers, and "
        f"{last['wrongly declined']} of {last['of']} that one does ({NAMES[name]})"
        for name, last in ((name, list(one.values())[-1]) for name, one in sets.items())
    )
    parts = ["\n".join(lines), f"With silence: {'; '.join(said)}."]
    figures = ("right sentence, of passages that hold it", "AUC of the passage", "ms for a question, p50")
    lines = [row("reader", "MB", "asked", *figures), "|---" * (len(figures) + 3) + "|"]
    for name, reader in result["readers"].items():
        for of, one in reader.items():
            if of != "MB":
                right, above, took = (one[figure] for figure in figures)
                lines.append(row(name, size(reader["MB"]), NAMES[of], share(right), share(above), size(took)))
    return "\n\n".join([*parts, "\n".join(lines), f"{result['date']}, {result['commit']}."])


def training_bars(result: Result) -> Mapping[str, Sequence[Bar]]:
    """Return a bar for each checkpoint of the last run: how good the reader was on what was held out."""
    *_, last = (run["curve"] for run in result["runs"] if "curve" in run)
    curve = [one for one in last if "ours" in one]

    def group(figure: str, whose: Callable[[Result], Result]) -> list[Bar]:
        values = ((one["pairs"], whose(one)[figure]) for one in curve)
        return [Bar(f"{pairs:,} pairs", value, share(value), ours=True) for pairs, value in values]

    return {
        f"{title}, {whose}": group(figure, of)
        for figure, title in (("F1", "F1"), ("AUC of the passage", "AUC of silence"))
        for whose, of in (("others' questions", lambda one: one), ("ours", lambda one: one["ours"]))
    }


def when(one: Result) -> str:
    """Say on what day, with which commit, and on how busy a machine something was measured."""
    return f"{one['date']}, {one['commit']}, load average {one['load']} before it, {one['machine'].split(',')[0]}"


def compared(rates: Mapping[str, Mapping[str, float]]) -> str:
    """Say how ours stands to the peers with each model, the default first, and to the bare loop.

    >>> compared({"small": {"article-qa": 90, "article-qa, the whole build": 80, "one": 20, "other": 25}})
    'With small ours is 3.6 to 4.5 times a peer, its whole build 3.2 to 4.0 times.'
    """
    said = []
    for model, of_model in rates.items():
        theirs = _of_peers(of_model)
        ours, built = (
            f"{of_model[title] / max(theirs):.1f} to {of_model[title] / min(theirs):.1f} times"
            for title in (OURS, BUILT)
        )
        loop = f", and {share(of_model[OURS] / of_model[LOOPS])} of the bare loop" if LOOPS in of_model else ""
        said.append(f"With {model} ours is {ours} a peer, its whole build {built}{loop}.")
    default = next(iter(rates.values()))[OURS]
    for model in list(rates)[1:]:
        times = default / max(_of_peers(rates[model]))
        said.append(f"Ours with its default is {times:.1f} times the fastest peer with {model}.")
    return " ".join(said)


def _of_peers(of_model: Mapping[str, float]) -> list[float]:
    return [rate for title, rate in of_model.items() if title not in {OURS, BUILT} and "bare loop" not in title]


def quality_bars(result: Result) -> Mapping[str, Sequence[Bar]]:
    """Return a group of bars for each set, the best first."""
    return {
        NAMES[name]: _ordered(
            [
                Bar(title, found["MRR@10"], share(found["MRR@10"]), ours=title == OURS)
                for title, found in one["rows"].items()
            ]
        )
        for name, one in sorted(result.items(), key=lambda item: list(NAMES).index(item[0]))
    }


def speed_bars(result: Result) -> Mapping[str, Sequence[Bar]]:
    """Return a group of bars for each model, the fastest first."""
    return {
        model: _ordered(
            [
                Bar(title, rate, f"{rate:.0f}", ours=title in {OURS, BUILT})
                for title, rate in one["passages a second"].items()
            ]
        )
        for model, one in result.items()
    }


def _ordered(group: Sequence[Bar]) -> list[Bar]:
    return sorted(group, key=lambda bar: -bar.value)


def row(*cells: str) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def size(value: float) -> str:
    """Write a size, small ones to a tenth.

    >>> size(1234.5), size(0.25)
    ('1,234', '0.2')
    """
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def share(value: float) -> str:
    """Write a share as this page does.

    >>> share(0.5), share(1.0)
    ('.500', '1.00')
    """
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}".removeprefix("0")


SECTIONS: Mapping[str, Callable[[Result], str]] = {
    "retrieval": retrieval_table,
    "peers": peers_tables,
    "peers-speed": speed_table,
    "abstention": silence_table,
    "rerank": rerank_table,
    "ablation": ablation_tables,
}
PLOTS: Mapping[str, tuple[Callable[[Result], Mapping[str, Sequence[Bar]]], str]] = {
    "peers": (quality_bars, "MRR@10, by article"),
    "peers-speed": (speed_bars, "passages embedded in a second"),
    "abstention": (reliability_bars, "how often an answer was there, by how sure we were"),
    "reader-training": (training_bars, "the reader as it learns, on questions that were held out"),
}

if __name__ == "__main__":
    main()
