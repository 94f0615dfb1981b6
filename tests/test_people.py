"""`article-qa auth`, and what `article-qa chat` says before it serves."""

import io
from pathlib import Path

import pytest

import ui.serve
from index.errors import ExtraMissing, StoreMissing
from ui.auth import opens, read_accounts
from ui.cli import main
from ui.serve import Place, serve


def test_the_command_puts_a_person_into_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("analytical engine\n"))
    assert main(["auth", str(tmp_path / "people"), "ada"]) == 0
    assert opens(read_accounts(tmp_path / "people"), "ada", "analytical engine")
    said = capsys.readouterr()
    assert "ada may sign in" in said.out
    assert "engine" not in said.out + said.err


def test_a_password_that_is_too_short_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(["auth", str(tmp_path / "people"), "ada"]) == 1
    assert "give one of 8 to 1024" in capsys.readouterr().err
    assert not (tmp_path / "people").exists()


def start(place: Place, tmp_path: Path) -> None:
    """Get as far as there is no index to serve."""
    with pytest.raises(StoreMissing):
        serve(lambda _: pytest.fail("a build"), place, folder=tmp_path, store=str(tmp_path / "none"))


@pytest.mark.model
def test_a_place_that_anybody_can_reach_is_warned_of_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start(Place(host="0.0.0.0"), tmp_path)
    warning = capsys.readouterr().err
    assert "anybody who reaches 0.0.0.0 can ask, and rebuild: keep to 127.0.0.1, or give --auth FILE" in warning
    assert warning.count("\n") == 1
    start(Place(host="0.0.0.0", accounts={}), tmp_path)
    start(Place(), tmp_path)
    assert capsys.readouterr().err == ""


def test_tools_without_their_extra_name_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui.serve, "find_spec", lambda name: None)
    with pytest.raises(ExtraMissing, match=r'pip install "article-qa\[mcp\]"'):
        serve(lambda _: pytest.fail("a build"), Place(mcp=True), folder=tmp_path, store=str(tmp_path / "none"))
