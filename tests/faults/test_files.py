"""H1: strange files are reported by name and reason, and the rest is indexed, in bounded memory."""

import os
import random
import resource
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from index import build
from index.records import Progress
from index.store import open_store
from tests.faults import child, corpus
from tests.faults.tally import Tally
from tests.faults.truth import EMBEDDER, built, kept

pytestmark = pytest.mark.fault
GIGABYTE = 2**30
GOOD = corpus.story(1, 1)
FRENCH = "L’été dernier, à Genève, les délégués ont signé le traité. Ça a été très mal reçu à l’époque, même chez eux."
LATIN = FRENCH.replace("’", "'")
NOBODY = 65534


@dataclass(frozen=True)
class Strange:
    """A file that is strange: what it is called, how it is made, and what must come of it."""

    name: str
    make: Callable[[Path], object]
    text: str | None = None
    """Its text, where it must be indexed."""
    reason: str | None = None
    """A word of the reason, where it must be reported."""


def _of(data: bytes) -> Callable[[Path], object]:
    return lambda file: file.write_bytes(data)


def _of_one_line(file: Path) -> None:
    with file.open("w") as opened:
        for number in range(100):
            opened.write(f"word{number} " * (2**20 // len(f"word{number} ")))


def _link_out(file: Path) -> None:
    outside = file.parent.parent / "outside.txt"
    outside.write_text("This is nobody's business.")
    file.symlink_to(outside)


LINES = "Of salt.\n" * 1_000_000
STRANGE = {
    "empty": Strange("odd.txt", _of(b""), reason="no text"),
    "white space only": Strange("odd.txt", _of(b" \n\t\n"), reason="no text"),
    "a byte order mark": Strange("odd.txt", _of(f"\ufeff{FRENCH}".encode()), text=FRENCH),
    "UTF-16": Strange("odd.txt", _of(FRENCH.encode("utf-16")), text=FRENCH),
    "Latin-1": Strange("odd.txt", _of(LATIN.encode("latin-1")), text=LATIN),
    "NUL bytes": Strange("odd.txt", _of(b"Salt\0and\0grain."), reason="not a text"),
    "binary": Strange("odd.txt", _of(random.Random(1).randbytes(20_000)), reason="not a text"),
    "a line of 100 MB": Strange("odd.txt", _of_one_line, reason="larger than"),
    "a million lines": Strange("odd.txt", _of(LINES.encode()), text=LINES),
    "a name of 255 bytes": Strange("n" * 251 + ".txt", _of(FRENCH.encode()), text=FRENCH),
    "a name that is not UTF-8": Strange(os.fsdecode(b"caf\xe9.txt"), _of(FRENCH.encode()), reason="name"),
    "a link to itself": Strange("odd.txt", lambda file: file.symlink_to(file), reason="link"),
    "a link out of the folder": Strange("odd.txt", _link_out, reason="link"),
    "a FIFO": Strange("odd.txt", os.mkfifo, reason="not a plain file"),
    "another kind of file": Strange("odd.doc", _of(FRENCH.encode()), reason="not read yet"),
}


@pytest.fixture
def disk_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder on disk, as some of these files are large."""
    return tmp_path_factory.mktemp("files")


@dataclass(frozen=True)
class Outcome:
    """What came of a build: the text of each article, the reason of each failure, and bytes at the peak."""

    texts: dict[str, str]
    reasons: dict[str, str]
    peak: int


def index_folder(folder: Path, store: Path) -> Outcome:
    """Build, in a process of its own."""
    report = built(folder, store)
    with open_store(str(store)).snapshot(EMBEDDER.fingerprint) as snapshot:
        texts = {article.id: article.text for article in snapshot.articles()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Outcome(texts, {failure.path: failure.reason for failure in report.failed}, peak)


def _printable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "replace").partition("\ufffd")[0]


def _hold(outcome: Outcome, odd: Strange) -> None:
    assert outcome.peak < GIGABYTE
    assert outcome.texts["good.txt"] == GOOD, "the rest is not indexed"
    assert outcome.texts.keys() <= {"good.txt", odd.name}
    if odd.text is not None:
        assert outcome.reasons == {}
        assert outcome.texts[odd.name] == odd.text
    else:
        ((name, reason),) = outcome.reasons.items()
        assert name.encode(), "the name cannot be printed"
        assert name.startswith(_printable(odd.name))
        assert odd.reason is not None
        assert odd.reason in reason
        assert odd.name not in outcome.texts


@pytest.mark.parametrize("case", STRANGE)
def test_a_strange_file_is_indexed_or_reported_and_the_rest_is_indexed(
    case: str, disk_path: Path, tally: Tally
) -> None:
    def attempt(odd: Strange) -> None:
        folder = disk_path / "articles"
        folder.mkdir()
        (folder / "good.txt").write_text(GOOD)
        odd.make(folder / odd.name)
        _hold(child.returned(index_folder, folder, disk_path / "store"), odd)

    try:
        tally.all("H1", [STRANGE[case]], attempt)
    finally:
        shutil.rmtree(disk_path)


def test_a_file_with_a_few_bytes_that_are_no_utf_8_loses_no_other_character(tmp_path: Path, tally: Tally) -> None:
    """It is read in another encoding, or reported; its plain words are never changed in silence."""

    def attempt(place: int) -> None:
        folder = tmp_path / f"articles{place}"
        folder.mkdir()
        (folder / "good.txt").write_text(GOOD)
        said = FRENCH.encode()
        (folder / "odd.txt").write_bytes(said[:place] + b"\xff\xfe\xc3" + said[place:])
        outcome = child.returned(index_folder, folder, tmp_path / f"store{place}")
        assert outcome.texts["good.txt"] == GOOD
        if "odd.txt" in outcome.texts:
            plain = "".join(letter for letter in outcome.texts["odd.txt"] if letter.isascii())
            assert plain == "".join(letter for letter in FRENCH if letter.isascii())
        else:
            assert outcome.reasons["odd.txt"] == "UTF-8 with damaged characters: save it anew as UTF-8"

    tally.all("H1", [10, 50, len(FRENCH.encode())], attempt)


def test_a_folder_that_is_called_like_a_file_is_a_folder(tmp_path: Path, tally: Tally) -> None:
    def attempt(folder: Path) -> None:
        (folder / "x.txt").mkdir(parents=True)
        (folder / "x.txt" / "inside.txt").write_text(FRENCH)
        (folder / "good.txt").write_text(GOOD)
        outcome = child.returned(index_folder, folder, tmp_path / "store")
        assert (outcome.texts, outcome.reasons) == ({"good.txt": GOOD, "x.txt/inside.txt": FRENCH}, {})

    tally.all("H1", [tmp_path / "articles"], attempt)


def index_folder_as_nobody(folder: Path, store: Path) -> Outcome:
    """Build without the rights of the superuser; what is imported late is imported first."""
    warm = store.parent / "warm"
    (warm / "articles").mkdir(parents=True)
    (warm / "articles" / "a.txt").write_text(GOOD)
    built(warm / "articles", warm / "store")
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    return index_folder(folder, store)


def test_a_file_or_a_folder_that_may_not_be_read_is_reported(tmp_path: Path, tally: Tally) -> None:
    tmp_path.parent.chmod(0o755)
    tmp_path.chmod(0o777)

    def attempt(folder: Path) -> None:
        (folder / "closed").mkdir(parents=True)
        for name in ("good.txt", "odd.txt", "closed/inside.txt"):
            (folder / name).write_text(GOOD)
        (folder / "odd.txt").chmod(0)
        (folder / "closed").chmod(0)
        try:
            outcome = child.returned(index_folder_as_nobody, folder, tmp_path / "store")
        finally:
            (folder / "closed").chmod(0o755)
        assert outcome.texts.keys() == {"good.txt"}
        assert "ermission denied" in outcome.reasons["odd.txt"]
        assert any(name.startswith("closed") for name in outcome.reasons), "nothing is said of the closed folder"

    tally.all("H1", [tmp_path / "articles"], attempt)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of more articles than are embedded together."""
    corpus.write(tmp_path / "articles", {f"{number:04}.txt": corpus.story(number, 1) for number in range(120)})
    return tmp_path / "articles"


def _on_first_progress(act: Callable[[], None]) -> Callable[[Progress], None]:
    acts: Iterator[Callable[[], None]] = iter([act])
    return lambda _: next(acts, lambda: None)()


def test_files_that_vanish_while_it_builds_are_no_articles_and_stop_nothing(
    many: Path, tmp_path: Path, tally: Tally
) -> None:
    gone = {f"{number:04}.txt" for number in range(90, 120)}

    def vanish() -> None:
        for name in gone:
            (many / name).unlink()

    def attempt(store: Path) -> None:
        report = build(many, store=store, embedder=EMBEDDER, progress=_on_first_progress(vanish))
        there = kept(store).keys()
        reported = {failure.path for failure in report.failed}
        assert there >= {f"{number:04}.txt" for number in range(90)}
        assert there | reported >= gone, "a file that was listed is neither indexed nor reported"
        built(many, store)
        assert kept(store).keys() == {f"{number:04}.txt" for number in range(90)}
        assert open_store(str(store)).problems() == []

    tally.all("H1", [tmp_path / "store"], attempt)


def test_a_file_that_changes_after_it_was_read_is_read_again_by_the_next_build(
    many: Path, tmp_path: Path, tally: Tally
) -> None:
    def change() -> None:
        (many / "0000.txt").write_text(corpus.story(0, 2))
        (many / "0119.txt").write_text(corpus.story(119, 2))

    def attempt(store: Path) -> None:
        build(many, store=store, embedder=EMBEDDER, progress=_on_first_progress(change))
        built(many, store)
        now = kept(store)
        for number in (0, 119):
            assert now[f"{number:04}.txt"].article.text == corpus.story(number, 2)

    tally.all("H1", [tmp_path / "store"], attempt)


def test_a_file_that_is_replaced_all_the_time_is_read_as_one_of_its_versions(tmp_path: Path, tally: Tally) -> None:
    folder, stopped = tmp_path / "articles", threading.Event()
    corpus.write(folder, {"odd.txt": corpus.story(7, 1), "good.txt": GOOD})

    def replace() -> None:
        version = 1
        while not stopped.is_set():
            version += 1
            (tmp_path / "next").write_text(corpus.story(7, version))
            (tmp_path / "next").replace(folder / "odd.txt")

    def attempt(number: int) -> None:
        built(folder, tmp_path / "store")
        text = kept(tmp_path / "store")["odd.txt"].article.text
        assert len({word for word in text.split() if word.startswith("N7g")}) == 1, f"build {number} mixed two versions"

    replacing = threading.Thread(target=replace)
    replacing.start()
    try:
        tally.workers = 1
        tally.all("H1", range(5), attempt)
    finally:
        stopped.set()
        replacing.join()


def test_ten_thousand_tiny_files_are_all_indexed(tmp_path: Path, tally: Tally) -> None:
    def attempt(folder: Path) -> None:
        for number in range(10_000):
            file = folder / str(number % 100) / f"{number}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"Tiny {number}.")
        outcome = child.returned(index_folder, folder, tmp_path / "store")
        assert outcome.reasons == {}
        assert outcome.texts == {f"{number % 100}/{number}.txt": f"Tiny {number}." for number in range(10_000)}
        assert outcome.peak < GIGABYTE

    tally.all("H1", [tmp_path / "articles"], attempt)
