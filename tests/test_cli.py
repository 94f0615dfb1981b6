"""The command: what it prints, for people and for programs, and the exit codes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import SEEDS
from tests.site import PAGE, Server, page
from ui.cli import _bold, main

pytestmark = pytest.mark.model


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_index_prints_the_counts_as_json(capsys: pytest.CaptureFixture[str], folder: Path, store: Path) -> None:
    (folder / "bad.txt").write_bytes(b"\0\1\2")
    code, out, _ = run(capsys, "index", str(folder), "--store", str(store), "--json")
    report = json.loads(out)
    assert code == 0
    assert {name: report[name] for name in ("added", "changed", "removed", "unchanged")} == {
        "added": 3,
        "changed": 0,
        "removed": 0,
        "unchanged": 0,
    }
    assert [failure["path"] for failure in report["failed"]] == ["bad.txt"]


def test_ask_names_the_sentence_that_says_it(capsys: pytest.CaptureFixture[str], seed_store: Path) -> None:
    code, out, _ = run(capsys, "ask", "what did Lavrov say about veto power?", "--store", str(seed_store), "--json")
    answer = json.loads(out)
    assert (code, answer["answered"]) == (0, True)
    first = answer["citations"][0]
    assert first["quote"].startswith("Russian Foreign Minister Sergey Lavrov said that Russia should have veto power")
    assert (first["number"], first["article"], first["source"], first["published"]) == (
        1,
        "lavrov-veto-guarantees.md",
        "Sample Gazette",
        "2025-08-21",
    )
    assert set(first) == {"number", "article", "title", "source", "published", "url", "start", "end", "quote"}


def test_ask_says_when_the_articles_do_not(capsys: pytest.CaptureFixture[str], seed_store: Path) -> None:
    code, out, _ = run(capsys, "ask", "who won the 2018 football world cup?", "--store", str(seed_store), "--json")
    assert (code, json.loads(out)["answered"], json.loads(out)["citations"]) == (0, False, [])


def test_retrieve_prints_the_hits_as_json(capsys: pytest.CaptureFixture[str], seed_store: Path) -> None:
    code, out, _ = run(capsys, "retrieve", "minsk protocol", "--k", "3", "--store", str(seed_store), "--json")
    hits = json.loads(out)["hits"]
    assert (code, len(hits), hits[0]["article"]) == (0, 3, "minsk-agreements.txt")
    assert set(hits[0]) == {"article", "title", "source", "published", "url", "start", "end", "score", "text"}
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_filters_keep_to_their_articles(capsys: pytest.CaptureFixture[str], seed_store: Path) -> None:
    given = (
        "--since",
        "2024-01-01",
        "--until",
        "2024-12-31",
        "--source",
        "sample review",
        "--store",
        str(seed_store),
        "--json",
    )
    _, out, _ = run(capsys, "retrieve", "veto", *given)
    hits = json.loads(out)["hits"]
    assert hits
    assert all(hit["published"].startswith("2024") and hit["source"] == "Sample Review" for hit in hits)


def test_for_people_the_quotes_are_printed(capsys: pytest.CaptureFixture[str], seed_store: Path) -> None:
    _, out, _ = run(capsys, "ask", "When did Sweden join NATO?", "--store", str(seed_store))
    assert out.startswith("7 March 2024\n\n")
    _, out, _ = run(capsys, "ask", "When was the Minsk Protocol signed?", "--store", str(seed_store))
    assert out.startswith("5 September 2014\n\n")
    assert "[1]" in out
    assert "Why the Minsk Agreements Never Brought Peace · Sample Gazette · 2022-03-14 · minsk-agreements.txt" in out


@pytest.mark.parametrize(
    ("terminal", "named", "bold"),
    [(True, {}, True), (True, {"NO_COLOR": "1"}, False), (True, {"TERM": "dumb"}, False), (False, {}, False)],
)
def test_a_short_answer_is_bold_where_a_terminal_shows_it(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, named: dict[str, str], bold: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    assert _bold("Odesa") == ("\033[1mOdesa\033[0m" if bold else "Odesa")


def test_check_finds_a_store_sound_or_names_the_remedy(
    capsys: pytest.CaptureFixture[str], folder: Path, store: Path
) -> None:
    run(capsys, "index", str(folder), "--store", str(store))
    assert run(capsys, "check", "--store", str(store))[0] == 0
    (store / "vectors.faiss").unlink()
    code, _, err = run(capsys, "check", "--store", str(store))
    assert code == 1
    assert "run `article-qa index`" in err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["index", "nowhere"], 1, "no folder at nowhere"),
        (["index", "empty"], 1, "put some there, as .txt .md"),
        (["ask", "who won?"], 1, "run `article-qa index`"),
        (["ask", ""], 2, "the question is empty"),
        (["ask", "a" * 100_000], 2, "100,000 characters"),
        (["retrieve", ""], 2, "the question is empty"),
        (["check"], 1, "run `article-qa index`"),
        (["index", "~nosuch/x"], 1, "no folder at ~nosuch/x"),
        (["index", "a" * 300], 1, "no folder at aaa"),
        (["ask", "who won?", "--store", "~nosuch/x"], 1, "run `article-qa index`"),
        (["ask", "who won?", "--store", "a" * 300], 1, "run `article-qa index`"),
        (["ask", "who won?", "--store", "http://milvus:19530"], 1, "kept in a folder: name one"),
        (["chat", "empty", "--auth", "nobody"], 1, "nobody"),
    ],
)
def test_bad_input_gets_one_line_and_the_right_code(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    got, out, err = run(capsys, *arguments)
    assert (got, out) == (code, "")
    assert says in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["ask"],
        ["ask", "x", "--since", "soon"],
        ["retrieve", "x", "--k", "0"],
        ["chat", "--port", "x"],
        ["index", "seeds", "--nothing", "https://example.com"],
        ["eval"],
        ["eval", "q.jsonl", "--report", "q.jsonl"],
    ],
)
def test_wrong_usage_exits_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_a_store_built_with_another_model_is_refused_in_one_line(
    folder: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from index import build
    from tests.conftest import HashingEmbedder

    build(folder, store=store, embedder=HashingEmbedder())
    code, _, err = run(capsys, "ask", "who signed?", "--store", str(store))
    assert code == 1
    assert "built with the model hashing:1, not multilingual-e5-small" in err
    assert err.count("\n") == 1


def test_help_loads_nothing_heavy() -> None:
    program = """
import sys
from ui.cli import main
try: main(["--help"])
finally: print(sorted(sys.modules), file=sys.stderr)"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=SEEDS.parent)
    loaded = set(done.stderr.replace("'", "").strip("[]\n").split(", "))
    assert "ui.cli" in loaded
    assert not loaded & {"torch", "faiss", "gradio", "numpy", "sentence_transformers", "trafilatura"}


def test_json_survives_a_terminal_that_knows_ascii_only(store: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("Le café de Zürich était fermé.")
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for command in (["index", str(tmp_path / "a")], ["retrieve", "café", "--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli", *command, "--store", str(store)],
            capture_output=True, check=True, env=environment, cwd=SEEDS.parent,
        )  # fmt: skip
    assert json.loads(done.stdout)["hits"][0]["text"] == "Le café de Zürich était fermé."


QUESTIONS = (
    {
        "question": "When was the Minsk Protocol signed?",
        "article": "minsk-agreements.txt",
        "answer": "5 September 2014",
    },
    {"question": "Who won the 2018 football world cup?", "none": True},
    {"question": "Who signed New START?", "article": "nowhere.md"},
)


@pytest.fixture
def questions(tmp_path: Path) -> str:
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, QUESTIONS)))
    return str(file)


def test_eval_scores_questions_as_json_and_writes_the_page(
    capsys: pytest.CaptureFixture[str], seed_store: Path, questions: str, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    page.write_text("what was there before")
    code, out, _ = run(capsys, "eval", questions, "--store", str(seed_store), "--json", "--report", str(page))
    said = json.loads(out)
    assert (code, said["asked"], said["articles"], said["failures"]) == (0, 3, 15, [])
    assert {name: (one["value"], one["n"]) for name, one in said["figures"].items()} == {
        "article_hit_1": (1, 1),
        "article_hit_5": (1, 1),
        "article_mrr_10": (1, 1),
        "first_citation_article": (1, 1),
        "quotes_contain_answer": (1, 1),
        "quotes_answer_f1": (pytest.approx(0.2, abs=0.1), 1),
        "silence_recall": (1, 1),
        "silence_precision": (1, 1),
        "wrongly_declined": (0, 1),
    }
    assert said["remarks"] == [{"line": 3, "says": "expects nowhere.md: no article in the index has this id"}]
    assert page.read_text().startswith("<!doctype html>")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["questions.jsonl", "report.html"]


def test_eval_prints_a_table_for_people(capsys: pytest.CaptureFixture[str], seed_store: Path, questions: str) -> None:
    code, out, err = run(capsys, "eval", questions, "--store", str(seed_store), "--today", "2025-08-21")
    assert (code, err) == (0, "")
    assert "3 questions to 15 articles: 1 that they answer, 1 that they do not, 1 asked only" in out
    assert "declined, of what the articles do not say           1 of 1   1.00   0.21 to 1.00" in out
    assert "line 3 expects nowhere.md" in out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["eval", "none.jsonl"], 1, "cannot read none.jsonl: No such file or directory; give a .jsonl or .csv file"),
        (["eval", "bad.jsonl"], 2, "bad.jsonl: line 2 is not JSON: mend or remove it"),
        (["eval", "bad.txt"], 2, "give a .jsonl or .csv file"),
        (["eval", "good.jsonl"], 1, "run `article-qa index`"),
        (["eval", "good.jsonl", "--report", "nowhere/r.html"], 1, "no folder at nowhere: make it"),
    ],
)
def test_eval_names_what_is_wrong_in_one_line(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.jsonl").write_text('{"question": "Who won?"}')
    Path("bad.jsonl").write_text('{"question": "Who won?"}\nWho lost?')
    got, out, err = run(capsys, *arguments)
    assert (got, out) == (code, "")
    assert says in err
    assert err.count("\n") == 1


def test_a_report_that_cannot_be_written_fails_and_leaves_nothing_beside(
    capsys: pytest.CaptureFixture[str], seed_store: Path, questions: str, tmp_path: Path
) -> None:
    (tmp_path / "r.html").mkdir()
    code, out, err = run(capsys, "eval", questions, "--store", str(seed_store), "--report", str(tmp_path / "r.html"))
    assert code == 1
    assert "3 questions" in out
    assert "cannot write" in err
    assert sorted(file.name for file in tmp_path.iterdir()) == ["questions.jsonl", "r.html"]


def test_an_address_is_fetched_into_the_folder_and_stays_there(
    capsys: pytest.CaptureFixture[str], folder: Path, store: Path, server: Server
) -> None:
    address = server.at("/grain", page(PAGE))
    arguments = ("index", str(folder), address, "--allow-local", "--store", str(store), "--json")
    code, out, _ = run(capsys, *arguments)
    assert (code, json.loads(out)["added"]) == (0, 4)
    [file] = (folder / "fetched").iterdir()
    code, out, _ = run(capsys, "retrieve", "Which ship left Odesa?", "--k", "1", "--store", str(store), "--json")
    assert json.loads(out)["hits"][0]["article"] == f"fetched/{file.name}"

    code, out, _ = run(capsys, *arguments)
    assert json.loads(out)["unchanged"] == 4
    code, out, _ = run(capsys, "index", str(folder), "--store", str(store), "--json")
    assert json.loads(out)["unchanged"] == 4
    assert len(server.asked) == 2


def test_addresses_that_fail_are_told_in_one_line_and_stop_nothing(
    capsys: pytest.CaptureFixture[str], folder: Path, store: Path, server: Server
) -> None:
    good = server.at("/good", page(PAGE))
    bad = [server.at(f"/{number}", page(b"", status=404)) for number in range(2)]
    code, out, err = run(
        capsys, "index", bad[0], str(folder), good, bad[1], "--allow-local", "--store", str(store), "--json"
    )
    assert (code, json.loads(out)["added"]) == (1, 4)
    assert len(err.splitlines()) == 1
    assert all(f"cannot fetch {address}: the server answers 404 Not Found" in err for address in bad)


def test_nothing_inside_the_machine_is_fetched_unless_it_is_meant(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, store: Path, server: Server
) -> None:
    address = server.at("/a", page(PAGE))
    code, out, err = run(capsys, "index", str(tmp_path / "none"), address, "--store", str(store))
    assert (code, out, server.asked) == (1, "", [])
    assert "say --allow-local" in err
    assert "no folder at" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://example.com/a", "http:/one-slash"])
def test_an_address_of_another_kind_is_wrong_usage(capsys: pytest.CaptureFixture[str], place: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["index", place])
    assert "is not fetched: give an http:// or https:// address" in capsys.readouterr().err


def test_options_may_stand_between_the_folder_and_an_address(
    capsys: pytest.CaptureFixture[str], folder: Path, store: Path, server: Server
) -> None:
    address = server.at("/grain", page(PAGE))
    code, out, _ = run(capsys, "index", str(folder), "--json", address, "--store", str(store), "--allow-local")
    assert (code, json.loads(out)["added"]) == (0, 4)


def test_two_folders_are_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "index", "one", "two")
    assert code == 2
    assert "one folder, not 2" in err


def test_a_watch_tells_each_build_on_a_line_and_ends_well_with_ctrl_c(folder: Path, store: Path) -> None:
    command = [sys.executable, "-m", "ui.cli", "index", str(folder), "--store", str(store), "--watch", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=SEEDS.parent, text=True) as watching:
        try:
            assert watching.stdout is not None
            assert json.loads(watching.stdout.readline())["added"] == 3
            (folder / "new.txt").write_text("Geneva.")
            assert json.loads(watching.stdout.readline())["added"] == 1
            (folder / "new.txt").unlink()
            assert json.loads(watching.stdout.readline())["removed"] == 1
            watching.send_signal(signal.SIGINT)
            assert watching.wait(60) == 0
        finally:
            watching.kill()
