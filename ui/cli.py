"""The command `article-qa`: index, ask, retrieve, chat, check.

Exit codes: 0 done (also when the articles do not say), 1 failed, with one line on standard error that names the
remedy, 2 wrong usage. With `--json`, standard output holds one JSON object and nothing else.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.records import Article, BuildReport, Hit, Progress
    from qa.answer import Answer

SEED_EXAMPLES = (
    "What did Lavrov say about veto power?",
    "How often has NATO’s Article 5 been invoked?",
    "When was the Minsk Protocol signed?",
    "Why did Turkey object to Sweden’s accession?",
)
"""Offered on an empty page about the sample articles, which answer them."""
DONE, FAILED, WRONG_USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    for output in (sys.stdout, sys.stderr):
        if hasattr(output, "reconfigure"):
            output.reconfigure(errors="backslashreplace")  # an article may hold what the terminal cannot show
    given = _parser().parse_args(arguments)
    from index.errors import ArticleQAError, QuestionRefused  # after --help has answered: `index` loads numpy

    try:
        code: int = given.run(given)
        sys.stdout.flush()
    except QuestionRefused as error:
        return _complain(str(error), WRONG_USAGE)
    except ArticleQAError as error:
        return _complain(str(error), FAILED)
    except BrokenPipeError:
        # The reader of our output has left (`| head`); what Python flushes at exit has nowhere to go either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return _complain("interrupted; what was finished is kept", FAILED)
    return code


def _complain(message: str, code: int) -> int:
    print(f"article-qa: {message}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="article-qa", description="Ask a folder of articles, and see the sentences each answer rests on."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    index = commands.add_parser("index", help="read a folder of articles; only what changed is read again")
    index.add_argument("folder", nargs="?", metavar="FOLDER", help="the folder of articles (default: seeds)")
    index.add_argument(
        "--rebuild", action="store_true", help="embed everything anew, for another model or a damaged index"
    )
    index.set_defaults(run=_index)

    ask = commands.add_parser("ask", help="answer a question, with the sentences that the answer rests on")
    retrieve = commands.add_parser("retrieve", help="show the passages most likely to answer a question")
    for command, run in ((ask, _ask), (retrieve, _retrieve)):
        command.add_argument("question", metavar="QUESTION")
        command.add_argument(
            "--today", type=_day, metavar="DAY", help='what "last week" is counted from (default: today)'
        )
        command.add_argument("--since", type=_day, metavar="DAY", help="only articles published on this day or later")
        command.add_argument("--until", type=_day, metavar="DAY", help="only articles published on this day or before")
        command.add_argument("--source", metavar="OUTLET", help="only articles of this outlet")
        command.add_argument(
            "--ignore",
            action="append",
            default=[],
            metavar="WORDS",
            help='words of the question that are to mean no time, outlet or author, as "last week"; may be repeated',
        )
        command.set_defaults(run=run)
    retrieve.add_argument("--k", type=_count, default=5, metavar="N", help="how many passages (default: 5)")

    chat = commands.add_parser("chat", help="index the folder, then answer questions on a web page")
    chat.add_argument("folder", nargs="?", metavar="FOLDER", help="the folder of articles (default: seeds)")
    chat.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="H",
        help="the address to listen on (default: 127.0.0.1, this machine only)",
    )
    chat.add_argument("--port", type=_port, default=7860, metavar="P", help="the port (default: 7860)")
    chat.set_defaults(run=_chat)

    check = commands.add_parser("check", help="verify the store against itself")
    check.set_defaults(run=_check)

    for command in (index, ask, retrieve, chat, check):
        command.add_argument("--store", metavar="S", help="the folder of the index (default: .article-qa)")
    for command in (index, ask, retrieve):
        command.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{said!r} is not a day: write 2025-08-21") from None


def _count(said: str) -> int:
    if not said.isdecimal() or not 1 <= int(said) <= 1000:
        raise argparse.ArgumentTypeError(f"{said!r} is not a number from 1 to 1000")
    return int(said)


def _port(said: str) -> int:
    if not said.isdecimal() or int(said) > 65535:
        raise argparse.ArgumentTypeError(f"{said!r} is not a port: give a number up to 65535")
    return int(said)


def _index(given: argparse.Namespace) -> int:
    from index.build import build

    report = build(given.folder, store=given.store, rebuild=given.rebuild, progress=_show_progress)
    if given.json:
        _print_json(_report_json(report))
    else:
        _print_report(report)
    return DONE


def _print_report(report: "BuildReport") -> None:
    print(f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.unchanged} unchanged")
    for failure in report.failed:
        print(f"  not read: {failure.path}: {failure.reason}")


def _show_progress(progress: "Progress") -> None:
    if sys.stderr.isatty():
        end = "\n" if progress.files_done == progress.files else ""
        print(
            f"\rreading {progress.files_done} of {progress.files} files, {progress.embedded} passages",
            end=end,
            file=sys.stderr,
            flush=True,
        )


def _ask(given: argparse.Namespace) -> int:
    from qa import ask

    answer = ask(
        given.question,
        store=given.store,
        today=given.today,
        since=given.since,
        until=given.until,
        source=given.source,
        ignore=given.ignore,
    )
    if given.json:
        _print_json(_answer_json(answer))
    else:
        _print_answer(answer)
    return DONE


def _print_answer(answer: "Answer") -> None:
    print(answer.text)
    for citation in answer.citations:
        print(f"\n[{citation.number}] {_headline(citation.article)}\n    “{' '.join(citation.quote.split())}”")
    if not answer.answered and answer.near:
        nearest = answer.near[0]
        print(f"\nThe nearest passage, in {_headline(nearest.article)}:\n    {' '.join(nearest.text.split())}")


def _headline(article: "Article") -> str:
    said = (article.title, article.source, article.published, article.id)
    return " · ".join(part for part in said if part)


def _retrieve(given: argparse.Namespace) -> int:
    from qa import retrieve

    hits = retrieve(
        given.question,
        k=given.k,
        store=given.store,
        today=given.today,
        since=given.since,
        until=given.until,
        source=given.source,
        ignore=given.ignore,
    )
    if given.json:
        _print_json({"hits": [_hit_json(hit) for hit in hits]})
        return DONE
    for number, hit in enumerate(hits, start=1):
        print(f"{number}. {_headline(hit.article)}\n   {' '.join(hit.text.split())}\n")
    if not hits:
        print("No passage was found.")
    return DONE


def _chat(given: argparse.Namespace) -> int:
    from index.build import build
    from index.settings import read_settings

    folder = given.folder or read_settings().folder
    _print_report(build(folder, store=given.store, progress=_show_progress))
    from ui.web import serve

    serve(
        lambda tell: build(folder, store=given.store, progress=tell),
        store=given.store,
        host=given.host,
        port=given.port,
        examples=SEED_EXAMPLES if Path(folder).name == "seeds" else (),
    )
    return DONE


def _check(given: argparse.Namespace) -> int:
    from index.settings import read_settings
    from index.store import open_store

    store = given.store or read_settings().store
    problems = open_store(store).problems()
    for problem in problems:
        print(problem)
    if problems:
        remedy = "run `article-qa index`, or `article-qa index --rebuild` if they stay"
        return _complain(f"{len(problems)} problems in {store}: {remedy}", FAILED)
    print(f"{store} is sound")
    return DONE


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=sys.stdout.encoding.lower() != "utf-8", indent=2))


def _report_json(report: "BuildReport") -> dict[str, object]:
    failed = [{"path": failure.path, "reason": failure.reason} for failure in report.failed]
    return {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "failed": failed,
    }


def _answer_json(answer: "Answer") -> dict[str, object]:
    citations = [
        {"number": cited.number}
        | _article_json(cited.article)
        | {"start": cited.start, "end": cited.end, "quote": cited.quote}
        for cited in answer.citations
    ]
    return {"answered": answer.answered, "text": answer.text, "citations": citations}


def _hit_json(hit: "Hit") -> dict[str, object]:
    return _article_json(hit.article) | {"start": hit.start, "end": hit.end, "score": hit.score, "text": hit.text}


def _article_json(article: "Article") -> dict[str, object]:
    return {
        "article": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published,
        "url": article.url,
    }


if __name__ == "__main__":
    sys.exit(main())
