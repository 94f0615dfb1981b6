"""The command `article-qa`: index, ask, retrieve, chat, auth, check, eval.

Exit codes: 0 done (also when the articles do not say), 1 failed, with one line on standard error that names the
remedy, 2 wrong usage. With `--json`, standard output holds one JSON object and nothing else; with `--watch`, one on a
line for each build. Ctrl-C ends a watch with 0.
"""

import argparse
import json
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.records import Article, BuildReport, Progress
    from qa.answer import Answer
    from qa.compose import Citation
    from qa.questions import Question
    from ui.report import Report

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse names no other type

SEED_EXAMPLES = (
    "What did Lavrov say about veto power?",
    "How often has NATO’s Article 5 been invoked?",
    "When was the Minsk Protocol signed?",
    "Why did Turkey object to Sweden’s accession?",
)
"""Offered on an empty page about the sample articles, which answer them."""
SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
DONE, FAILED, WRONG_USAGE = 0, 1, 2
FAILURES_SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    for output in (sys.stdout, sys.stderr):
        if hasattr(output, "reconfigure"):
            output.reconfigure(errors="backslashreplace")  # an article may hold what the terminal cannot show
    given = _parse(sys.argv[1:] if arguments is None else arguments)
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


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser, index = _parsers()
    if list(arguments[:1]) == ["index"]:  # a parser that has commands cannot take options between places
        return index.parse_intermixed_args(arguments[1:])
    return parser.parse_args(arguments)


def _parsers() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Return the parser of everything, and that of the command `index` alone."""
    parser = argparse.ArgumentParser(
        prog="article-qa", description="Ask a folder of articles, and see the sentences each answer rests on."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    index = _add_index(commands)
    asking = _add_asking(commands)
    chat = _add_chat(commands)
    _add_auth(commands)
    check = commands.add_parser("check", help="verify the store against itself")
    check.set_defaults(run=_check)
    evaluation = _add_eval(commands)
    for command in (index, *asking, chat, check, evaluation):
        command.add_argument("--store", metavar="S", help="the folder of the index (default: .article-qa)")
    for command in (index, *asking, evaluation):
        command.add_argument("--json", action="store_true", help="print one JSON object")
    return parser, index


def _add_index(commands: "Commands") -> argparse.ArgumentParser:
    index = commands.add_parser("index", help="read a folder of articles; only what changed is read again")
    index.add_argument(
        "places",
        nargs="*",
        type=_place,
        metavar="FOLDER|ADDRESS",
        help="the folder of articles (default: seeds), and http or https addresses to fetch into it first",
    )
    index.add_argument("--watch", action="store_true", help="keep the index current as files change, until Ctrl-C")
    index.add_argument(
        "--allow-local", action="store_true", help="fetch from this machine and its network too, not only the internet"
    )
    index.add_argument(
        "--rebuild", action="store_true", help="embed everything anew, for another model or a damaged index"
    )
    index.set_defaults(run=_index)
    return index


def _add_asking(commands: "Commands") -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Add `ask` and `retrieve`."""
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
    return ask, retrieve


def _add_chat(commands: "Commands") -> argparse.ArgumentParser:
    chat = commands.add_parser("chat", help="index the folder, then answer questions on a web page")
    chat.add_argument("folder", nargs="?", metavar="FOLDER", help="the folder of articles (default: seeds)")
    chat.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="H",
        help="the address to listen on (default: 127.0.0.1, this machine only)",
    )
    chat.add_argument("--port", type=_port, default=7860, metavar="P", help="the port (default: 7860)")
    chat.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which browsers reach it, besides localhost and this machine's own; may be repeated",
    )
    chat.add_argument("--auth", type=Path, metavar="FILE", help="let in only those whom `article-qa auth` put in FILE")
    chat.add_argument("--mcp", action="store_true", help="offer ask, retrieve and index as tools of MCP too")
    chat.set_defaults(run=_chat)
    return chat


def _add_auth(commands: "Commands") -> None:
    auth = commands.add_parser(
        "auth",
        help="let a person sign in to the chat",
        description="Put a name and the salted hash of a password into FILE, for `article-qa chat --auth FILE`. "
        "The password is asked for, or read from standard input.",
    )
    auth.add_argument("file", type=Path, metavar="FILE", help="the file of those who may sign in")
    auth.add_argument("name", metavar="NAME", help="who may sign in; a name that is there gets the new password")
    auth.set_defaults(run=_auth)


def _add_eval(commands: "Commands") -> argparse.ArgumentParser:
    evaluation = commands.add_parser(
        "eval",
        help="score retrieval and answers on your own questions",
        description="Ask each question of a file, and score what comes against what is expected: figures with their "
        "95 % confidence intervals, and what went wrong.",
        epilog="A question is a line of .jsonl, or a row of .csv: `question`, and any of `article` (the id of one that "
        "answers), `sentence` (text of the passage that answers), `answer` (short text that the quotes must contain), "
        '`none` (true: the articles do not say) and `today`. A list means that any will do; in .csv, parted by "|".',
    )
    evaluation.add_argument("questions", type=Path, metavar="QUESTIONS", help="the file of questions: .jsonl or .csv")
    evaluation.add_argument("--report", type=_page, metavar="FILE.html", help="write the report as a page too")
    evaluation.add_argument(
        "--today", type=_day, metavar="DAY", help="the day of the questions that name none (default: today)"
    )
    evaluation.add_argument(
        "--all", action="store_true", help=f"list everything that went wrong, not the first {FAILURES_SHOWN}"
    )
    evaluation.set_defaults(run=_eval)
    return evaluation


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{said!r} is not a day: write 2025-08-21") from None


def _page(said: str) -> Path:
    if Path(said).suffix.lower() not in {".html", ".htm"}:
        raise argparse.ArgumentTypeError(f"{said!r} is not a page: give a name that ends in .html")
    return Path(said)


def _count(said: str) -> int:
    if not said.isdecimal() or not 1 <= int(said) <= 1000:
        raise argparse.ArgumentTypeError(f"{said!r} is not a number from 1 to 1000")
    return int(said)


def _port(said: str) -> int:
    if not said.isdecimal() or int(said) > 65535:
        raise argparse.ArgumentTypeError(f"{said!r} is not a port: give a number up to 65535")
    return int(said)


def _place(said: str) -> str:
    """Refuse an address of a kind that is not fetched; a folder that looks like one is written with ./ before it."""
    if SCHEME.match(said) and not _is_address(said):
        raise argparse.ArgumentTypeError(f"{said!r} is not fetched: give an http:// or https:// address, or ./FOLDER")
    return said


def _is_address(place: str) -> bool:
    return place.lower().startswith(("http://", "https://"))


def _index(given: argparse.Namespace) -> int:
    from index.build import build
    from index.errors import ArticleQAError
    from index.settings import path_of, read_settings

    folders = [place for place in given.places if not _is_address(place)]
    if len(folders) > 1:
        return _complain(f"one folder, not {len(folders)}: index each by itself, with its own --store", WRONG_USAGE)
    folder = path_of(folders[0] if folders else read_settings().folder)
    unfetched = _fetch(given, folder)
    if given.watch and unfetched:
        _complain("; ".join(unfetched), FAILED)
    try:
        if given.rebuild or not given.watch:
            report = build(folder, store=given.store, rebuild=given.rebuild, progress=_show_progress)
            _tell_report(report, given)
    except ArticleQAError as error:
        return _complain("; ".join([*unfetched, str(error)]), FAILED)
    if given.watch:
        return _watch(folder, given)
    return _complain("; ".join(unfetched), FAILED) if unfetched else DONE


def _fetch(given: argparse.Namespace, folder: Path) -> list[str]:
    """Keep each address as a file in the folder; return why some are not."""
    addresses = dict.fromkeys(place for place in given.places if _is_address(place))
    if not addresses:
        return []
    from index.errors import FetchFailed
    from index.fetch import fetch, is_inside, is_refused_nowhere

    unfetched: list[str] = []
    for address in addresses:
        try:
            file = fetch(address, folder, refused=is_refused_nowhere if given.allow_local else is_inside)
        except FetchFailed as error:
            unfetched.append(str(error))
        else:
            if not given.json:
                print(f"fetched {file}")
    return unfetched


def _watch(folder: Path, given: argparse.Namespace) -> int:
    from index.build import build
    from index.settings import read_settings
    from index.watch import watch

    try:
        with _set_at_ctrl_c() as stop:
            watch(
                folder,
                lambda: build(folder, store=given.store, progress=_show_progress),
                stop=stop,
                built=lambda report: _tell_report(report, given),
                failed=lambda error: print(f"article-qa: {error}", file=sys.stderr, flush=True),
                store=Path(given.store or read_settings().store),
            )
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            print(file=sys.stderr)  # the terminal shows ^C
    return DONE


@contextmanager
def _set_at_ctrl_c() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C sets, beside the KeyboardInterrupt: that is lost where it comes in a finalizer."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, end)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _tell_report(report: "BuildReport", given: argparse.Namespace) -> None:
    if given.json:
        from ui.fields import report_fields

        _print_json(report_fields(report), on_one_line=given.watch)
    else:
        _print_report(report)
    sys.stdout.flush()  # whoever follows a watch is told now


def _print_report(report: "BuildReport") -> None:
    print(f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.unchanged} unchanged")
    for failure in report.failed:
        print(f"  not read: {failure.path}: {failure.reason}")


def _show_progress(progress: "Progress") -> None:
    from ui.render import progress_text

    if sys.stderr.isatty():
        end = "\n" if progress.files_done == progress.files else ""
        print(f"\r\033[K{progress_text(progress)}", end=end, file=sys.stderr, flush=True)


def _ask(given: argparse.Namespace) -> int:
    from qa import ask
    from ui.fields import answer_fields

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
        _print_json(answer_fields(answer))
    else:
        _print_answer(answer)
    return DONE


def _print_answer(answer: "Answer") -> None:
    from index.store import EVERYTHING
    from ui.render import NEAR

    for number, part in enumerate(answer.parts):
        if number:
            print()
        print(f"{_bold(part.question)}\n")
        _print_said(part)
    if not answer.parts:
        _print_said(answer)
    for citation in answer.citations:
        _print_source(f"[{citation.number}]", citation)
    if not answer.answered and not answer.near and answer.understood.scope != EVERYTHING:
        print("No article is of the time or the outlet that was asked for.")
    if answer.nearest:
        print(f"\n{NEAR}:")
    for citation in answer.nearest:
        _print_source("–", citation)


def _print_source(mark: str, citation: "Citation") -> None:
    print(f"\n{mark} {_headline(citation.article, citation.elsewhere)}")
    print(f"    “{' '.join(citation.quote.split())}”")


def _print_said(answer: "Answer") -> None:
    from ui.render import caution_text, meant_text

    if caution := caution_text(answer.absent, doubtful=answer.doubtful):
        print(f"{caution}\n")
    if answer.short:
        print(f"{_bold(answer.short)} {meant_text(answer.day)}".rstrip() + "\n")
    print(answer.text)


def _bold(words: str) -> str:
    """Return words in bold, on a terminal that shows it."""
    shows = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\033[1m{words}\033[0m" if shows else words


def _headline(article: "Article", elsewhere: Sequence[str]) -> str:
    said = (article.title, article.source, article.published, article.id)
    return " · ".join(part for part in said if part) + (f" (also in {', '.join(elsewhere)})" if elsewhere else "")


def _retrieve(given: argparse.Namespace) -> int:
    from qa import retrieve
    from ui.fields import hits_fields

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
        _print_json(hits_fields(hits))
        return DONE
    for number, hit in enumerate(hits, start=1):
        print(f"{number}. {_headline(hit.article, hit.elsewhere)}\n   {' '.join(hit.text.split())}\n")
    if not hits:
        print("No passage was found.")
    return DONE


def _chat(given: argparse.Namespace) -> int:
    from index.build import build
    from index.settings import read_settings
    from ui.auth import read_accounts
    from ui.serve import Place, refuse_what_cannot_be, serve

    folder = given.folder or read_settings().folder
    accounts = read_accounts(given.auth) if given.auth else None
    place = Place(host=given.host, port=given.port, names=tuple(given.name), accounts=accounts, mcp=given.mcp)
    refuse_what_cannot_be(place)
    _print_report(build(folder, store=given.store, progress=_show_progress))
    serve(
        lambda tell: build(folder, store=given.store, progress=tell),
        place,
        folder=Path(folder),
        store=given.store,
        examples=SEED_EXAMPLES if Path(folder).name == "seeds" else (),
    )
    return DONE


def _auth(given: argparse.Namespace) -> int:
    from getpass import getpass

    from ui.auth import add_account

    password = getpass(f"Password of {given.name}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    add_account(given.file, given.name, password)
    print(f"{given.name} may sign in where `article-qa chat --auth {given.file}` is started from now on")
    return DONE


def _check(given: argparse.Namespace) -> int:
    from index.settings import read_settings
    from index.store import open_store

    store = given.store or read_settings().store
    problems = open_store(store).problems()
    for problem in problems:
        print(problem)
    if problems:
        remedy = "run `article-qa index`, or `article-qa index --rebuild` if that does not help"
        return _complain(f"{len(problems)} problem{'s' * (len(problems) > 1)} in {store}: {remedy}", FAILED)
    print(f"{store} is sound")
    return DONE


def _eval(given: argparse.Namespace) -> int:
    from index.durable import write_whole
    from qa.questions import read_questions
    from ui.report import report_html, report_json, report_text

    questions = read_questions(given.questions)
    if given.report and not given.report.parent.is_dir():
        return _complain(f"no folder at {given.report.parent}: make it, or give another --report", FAILED)
    report = _evaluated(questions, given)
    if given.json:
        _print_json(report_json(report))
    else:
        print(report_text(report, at_most=None if given.all else FAILURES_SHOWN))
    if given.report:
        try:
            write_whole(given.report, report_html(report).encode())
        except OSError as error:
            return _complain(f"cannot write {given.report}: {error.strerror}; give another --report", FAILED)
    return DONE


def _evaluated(questions: "Sequence[Question]", given: argparse.Namespace) -> "Report":
    from index.settings import read_settings
    from qa import ask, retrieve
    from qa.assemble import open_assistant
    from qa.evaluate import DEPTH, evaluate
    from qa.questions import hold_against
    from ui.report import Report

    assistant = open_assistant(given.store)
    assistant.warm()  # loading is no part of the seconds of the first question
    with assistant.store.snapshot(assistant.embedder.fingerprint) as snapshot:
        expecting, remarks = hold_against(questions, snapshot.articles())
    today = given.today or date.today()
    evaluation = evaluate(
        expecting,
        retrieve=lambda question, day: retrieve(question, k=DEPTH, store=given.store, today=day),
        ask=lambda question, day: ask(question, store=given.store, today=day),
        today=today,
        tell=lambda done: _show_asked(done, len(questions)),
    )
    articles, _ = assistant.library()
    store = given.store or read_settings().store
    return Report(evaluation, tuple(remarks), str(given.questions), store, articles, today)


def _show_asked(done: int, questions: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == questions else ""
        print(f"\rasked {done} of {questions} questions", end=end, file=sys.stderr, flush=True)


def _print_json(value: object, *, on_one_line: bool = False) -> None:
    ascii_only = sys.stdout.encoding.lower() != "utf-8"
    print(json.dumps(value, ensure_ascii=ascii_only, indent=None if on_one_line else 2))


if __name__ == "__main__":
    sys.exit(main())
