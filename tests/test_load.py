"""People who chat at once get answers, or words: the short form of `python -m bench.load`."""

import asyncio
import gc
import shutil
from pathlib import Path

import httpx
import pytest
from gradio.state_holder import StateHolder

from bench.load import QUESTIONS, Manner, Tab, Tally, ask, crowd, event_of_the_question, questions_in, server
from tests.conftest import SEEDS, copy_seeds
from tests.served import serving

pytestmark = [pytest.mark.scale, pytest.mark.model]


def test_ten_people_at_once_get_answers_and_no_server_error(tmp_path: Path, seed_store: Path) -> None:
    copy_seeds(tmp_path / "seeds", seed_store)

    async def chat() -> Tally:
        manner = Manner(questions_in(QUESTIONS), think=2)
        async with server(tmp_path / "seeds", tmp_path / "store") as (address, _):
            return await crowd(address, people=10, seconds=10, manner=manner)

    tally = asyncio.run(chat())
    assert tally.errors == {}
    assert set(tally.statuses) == {200}
    # Whoever would wait for more than two seconds on a busy machine is told so.
    assert len(tally.whole) >= 4
    assert len(tally.whole) + len(tally.told_to_wait) >= 10


def test_what_is_held_of_a_page_does_not_grow_with_its_questions(tmp_path: Path) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds")

    async def held_after(address: str, tab: Tab, questions: int) -> int:
        async with httpx.AsyncClient(base_url=address, timeout=60) as client:
            event = event_of_the_question((await client.get("/config")).json())
            for _ in range(questions):
                await ask(client, event, tab, "Who signed New START?", tally)
        holders = [one for one in gc.get_objects() if type(one) is StateHolder]
        return sum(len(held.config_values) for one in holders for held in one.session_data.values())

    tally, tab = Tally(), Tab("one")
    with serving(tmp_path / "seeds", tmp_path / "store") as served:
        few, many = (asyncio.run(held_after(served.address, tab, questions)) for questions in (3, 9))
    assert len(tally.whole) == 12
    assert few == many
