"""People who chat at once get answers, or words: the short form of `python -m bench.load`."""

import asyncio
import shutil
from pathlib import Path

import pytest

from bench.load import crowd, server
from tests.conftest import SEEDS

pytestmark = [pytest.mark.scale, pytest.mark.model]


def test_ten_people_at_once_get_answers_and_no_server_error(tmp_path: Path) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds")

    async def chat() -> dict[str, object]:
        async with server(tmp_path / "seeds", tmp_path / "store") as (address, _):
            return (await crowd(address, people=10, seconds=10, think=2)).figures()

    figures = asyncio.run(chat())
    assert figures["errors"] == {}
    assert set(figures["http statuses"]) == {"200"}
    assert figures["answers"] >= 10
