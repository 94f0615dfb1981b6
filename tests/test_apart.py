"""A document that takes too long, too much memory, or breaks its reader is named, and stops nothing."""

import os
import resource
import signal
import threading
from pathlib import Path

import pytest

from index import build
from index.errors import ArticleError, ArticleTooCostly
from index.formats import PLAIN, UNPACKED, apart
from index.formats.apart import Process, read_apart
from index.records import Article, BuildReport, Failure
from index.store import open_store
from tests.conftest import HashingEmbedder
from tests.files import IN_PROCESS, found, mail, pdf, slow_pdf, word, zipped

TOO_LONG = "takes longer than 1 s to read: split it, or save its text as .txt"
HTML = "<title>Grain</title><p>Odesa shipped grain in August.</p>"
FEED = '<rss version="2.0"><channel><item><guid>a</guid><description>It rained.</description></item></channel></rss>'
DOCUMENTS = {
    ".md": b"# Rain\n\nIt rained.",
    ".html": HTML.encode(),
    ".pdf": pdf("It rained."),
    ".docx": word("It rained.", title="Rain"),
    ".eml": mail().as_bytes(),
    ".json": b'[{"id": "a", "text": "It rained."}]',
    ".rss": FEED.encode(),
}


@pytest.fixture
def _one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_apart.__kwdefaults__ is not None
    monkeypatch.setitem(read_apart.__kwdefaults__, "seconds", 1.0)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_says_the_same_whichever_process_reads_it(kind: str) -> None:
    assert kind not in PLAIN
    assert list(read_apart(kind, f"a{kind}", DOCUMENTS[kind])) == found(f"a{kind}", DOCUMENTS[kind])


def test_every_format_is_read_apart_or_plain() -> None:
    documents = {*DOCUMENTS, ".markdown", ".htm", ".atom", ".xml"}
    assert UNPACKED.keys() == PLAIN | documents
    assert IN_PROCESS.keys() == UNPACKED.keys() | {".zip"}


def test_what_a_reader_refuses_is_refused_in_its_own_words() -> None:
    with pytest.raises(ArticleError, match="a damaged PDF: open it and save it anew"):
        read_apart(".pdf", "a.pdf", b"nothing of the kind")


def test_a_document_that_takes_too_long_is_refused_when_its_time_is_up() -> None:
    before = seconds_of_children()
    with pytest.raises(ArticleTooCostly, match=TOO_LONG):
        read_apart(".pdf", "a.pdf", slow_pdf(), seconds=1)
    assert seconds_of_children() - before < 5, "it went on"
    assert list(read_apart(".pdf", "a.pdf", pdf("It rained."))) == found("a.pdf", pdf("It rained."))


def seconds_of_children() -> float:
    """Return the processor time of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_small_documents_share_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    read_apart(".pdf", "a.pdf", pdf("It rained."))
    monkeypatch.setattr(Process, "start", lambda: pytest.fail("a second process"))
    for number in range(50):
        (article,) = read_apart(".pdf", f"{number}.pdf", pdf(f"It rained {number} times."))
        assert article.path == f"{number}.pdf"


def test_a_process_that_was_killed_while_it_was_idle_is_replaced() -> None:
    read_apart(".pdf", "a.pdf", pdf("It rained."))
    (spare,) = apart._spare()
    os.kill(spare.running.pid, signal.SIGKILL)
    os.waitid(os.P_PID, spare.running.pid, os.WEXITED | os.WNOWAIT)
    assert list(read_apart(".pdf", "a.pdf", pdf("It rained."))) == found("a.pdf", pdf("It rained."))


def test_a_document_that_breaks_its_reader_is_named_with_how_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PROGRAM", "import os; os.kill(os.getpid(), 11)")
    while apart._spare():
        apart._spare().pop().end()
    with pytest.raises(ArticleError, match=r"breaks its reader \(exit code -11\): open it and save it anew"):
        read_apart(".pdf", "a.pdf", pdf("It rained."))


def test_a_large_program_reads_documents_too() -> None:
    """The system counts the memory of the program that starts a process as the process's own peak."""
    ballast = bytearray(400 * 2**20)
    process = Process.start()
    assert process.ask(".pdf", "a.pdf", pdf("It rained."), seconds=60) == found("a.pdf", pdf("It rained."))
    assert process.end() == 0
    assert not any(ballast[:: 2**20])


def test_a_process_that_has_read_a_large_document_is_not_kept() -> None:
    read_apart(".json", "a.json", b'{"text": "%s"}' % (b"It rained. " * 400_000))
    (spare,) = apart._spare()
    assert spare.running.wait(60) == 0
    assert list(read_apart(".pdf", "a.pdf", pdf("It rained."))) == found("a.pdf", pdf("It rained."))


def test_several_threads_read_at_once_each_its_own() -> None:
    said: dict[int, str] = {}

    def read(number: int) -> None:
        for _ in range(20):
            (article,) = read_apart(".pdf", f"{number}.pdf", pdf(f"It rained {number} times."))
            assert isinstance(article, Article)
            said[number] = said.get(number, "") + article.text[10]

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == {number: str(number) * 20 for number in range(4)}


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.removed, report.unchanged


@pytest.mark.usefixtures("_one_second")
def test_a_file_that_takes_too_long_is_named_at_each_build_and_waited_for_once(
    folder: Path, store: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "slow.pdf").write_bytes(slow_pdf())
    report = build(folder, store=store, embedder=embedder)
    assert (report.added, report.failed) == (3, (Failure("slow.pdf", TOO_LONG),))
    with monkeypatch.context() as closed:
        closed.setattr(Process, "ask", lambda *_, **__: pytest.fail("it is read again"))
        again = build(folder, store=store, embedder=embedder)
    assert (counts(again), again.failed) == ((0, 0, 0, 3), report.failed)
    (folder / "slow.pdf").write_bytes(pdf("It rained."))
    assert counts(build(folder, store=store, embedder=embedder)) == (1, 0, 0, 3)
    assert open_store(str(store)).problems() == []


@pytest.mark.fault
@pytest.mark.usefixtures("_one_second")
def test_an_article_that_becomes_too_slow_leaves_the_answers(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    (folder / "a.pdf").write_bytes(pdf("It rained."))
    build(folder, store=store, embedder=embedder)
    (folder / "a.pdf").write_bytes(slow_pdf())
    assert counts(build(folder, store=store, embedder=embedder)) == (0, 0, 1, 3)


@pytest.mark.fault
@pytest.mark.usefixtures("_one_second")
def test_members_of_an_archive_that_take_too_long_are_named_and_three_are_enough(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    (folder / "one.zip").write_bytes(zipped({"a.txt": "It rained.", "b.pdf": slow_pdf(), "c.txt": "It snowed."}))
    (folder / "many.zip").write_bytes(zipped({f"{number}.pdf": slow_pdf() for number in range(9)}))
    for expected in ((5, 0, 0, 0), (0, 0, 0, 5)):
        report = build(folder, store=store, embedder=embedder)
        assert counts(report) == expected
        assert [failure.path for failure in report.failed] == [
            *(f"many.zip#{number}.pdf" for number in range(3)),
            "many.zip",
            "one.zip#b.pdf",
            "one.zip",
        ]
