"""People chatting with a running server: how long they wait, and what goes wrong.

    python -m bench.load [--people 1,10,50] [--seconds 60] [--think 10] [--minutes N] [--folder FOLDER] [--store S]
        [--questions FILE]

Starts `article-qa chat` on this machine (or asks the one at `--address`), lets so many people ask at once, each in
a conversation of the page itself (Gradio's queue, as a browser does it), with a pause for reading that is `--think`
seconds in the mean, and writes `bench/results/<date>-load.json`. With `--minutes`, ten people go on for so long while
somebody rebuilds the index each minute, and the memory and the descriptors of the server are watched.

Seconds are from the question's leaving to the first words of the answer, and to the whole of it. "Told to wait" are
those who were answered, in words, that too many ask at once: they are neither answers nor errors.

What was read for a question is remembered (decision 38): where few different questions are asked, most are not read.
The figures tell how many there were.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx

from bench.percentiles import percentiles
from ui.message import KEY_CHARS

ROOT = Path(__file__).parent.parent
LIBRARIES = ("article-qa", "faiss-cpu", "gradio", "onnxruntime", "starlette", "uvicorn")
QUESTIONS = ROOT / "bench" / "questions" / "seeds.dev.jsonl"
WAIT = "ask again in"
CONVERSATION = re.compile(r'data-conversation=\\"(\w+)')


@dataclass
class Tally:
    """What came of the questions of all people."""

    first_words: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    told_to_wait: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, Any]:
        """Return what the tally says."""
        return {
            "answers": len(self.whole),
            "told to wait": len(self.told_to_wait),
            "errors": dict(self.errors),
            "http statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "seconds to the first words": percentiles(self.first_words, 3),
            "seconds to the whole answer": percentiles(self.whole, 3),
            "seconds until told to wait": percentiles(self.told_to_wait, 3),
        }


@dataclass(frozen=True)
class Event:
    """How the page asks: the number of its event, and of the component that sends it."""

    number: int
    sender: int


def event_of_the_question(config: dict[str, Any]) -> Event:
    """Find in the page's own description what happens when a question is asked."""
    wire = next(component["id"] for component in config["components"] if component["props"].get("elem_id") == "wire")
    asked = next(
        event for event in config["dependencies"] if [wire, "ask"] in [list(target) for target in event["targets"]]
    )
    return Event(asked["id"], wire)


@dataclass
class Tab:
    """A page that is open: the name of its session, and of the conversation that it shows."""

    session: str
    conversation: str = ""


async def ask(client: httpx.AsyncClient, event: Event, tab: Tab, question: str, tally: Tally) -> None:
    """Ask as the page does, and note what came of it and when."""
    said = {"question": question, "key": tab.session.ljust(KEY_CHARS, "-"), "conversation": tab.conversation}
    data = {
        "data": [],
        "event_data": said,
        "fn_index": event.number,
        "trigger_id": event.sender,
        "session_hash": tab.session,
    }
    began = time.monotonic()
    joined = await client.post("/gradio_api/queue/join", json=data)
    tally.statuses[joined.status_code] += 1
    if joined.status_code != 200:
        words = joined.text[:200]
        (tally.told_to_wait.append(time.monotonic() - began) if WAIT in words else tally.errors.update([words]))
        return
    first, shown = None, 0
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": tab.session}) as stream:
        tally.statuses[stream.status_code] += 1
        async for line in stream.aiter_lines():
            if not line.startswith("data: "):
                continue
            message = json.loads(line[6:])
            if begun := CONVERSATION.search(line):
                tab.conversation = begun[1]
            shown += message["msg"] == "process_generating"
            if first is None and shown == 2:  # the first shows the question, and the conversation so far
                first = time.monotonic() - began
            if message["msg"] in {"process_completed", "unexpected_error"}:
                _note(message, line, first, time.monotonic() - began, tally)
                return
    tally.errors.update(["the stream ended before the answer"])


def _note(message: dict[str, Any], line: str, first: float | None, took: float, tally: Tally) -> None:
    if WAIT in line:
        tally.told_to_wait.append(took)
    elif message["msg"] == "unexpected_error" or not message.get("success"):
        tally.errors.update([str(message.get("output") or message)[:200]])
    else:
        tally.first_words.append(took if first is None else first)
        tally.whole.append(took)


@dataclass(frozen=True)
class Manner:
    """What people ask, and how long they read an answer: seconds, in the mean."""

    questions: Sequence[str]
    think: float


def questions_in(file: Path) -> list[str]:
    """Return the questions of a .jsonl file."""
    return [json.loads(line)["question"] for line in file.read_text(encoding="utf-8").splitlines()]


async def person(address: str, event: Event, until: float, manner: Manner, tally: Tally, seed: int) -> None:
    """Ask, read, ask again, in one conversation; the first question comes at any moment of a pause."""
    chance = random.Random(seed)
    think = manner.think
    limits = httpx.Limits(max_connections=4)
    tab = Tab(f"load{seed}")
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits, trust_env=False) as client:
        await asyncio.sleep(chance.uniform(0, min(think, until - time.monotonic())))
        while time.monotonic() < until:
            try:
                await ask(client, event, tab, chance.choice(manner.questions), tally)
            except httpx.HTTPError as error:
                tally.errors.update([repr(error)])
            await asyncio.sleep(min(chance.expovariate(1 / think), 4 * think) if think else 0)


async def crowd(address: str, people: int, seconds: float, manner: Manner) -> Tally:
    """Let so many people chat for so long."""
    async with httpx.AsyncClient(base_url=address, timeout=120, trust_env=False) as client:
        event = event_of_the_question((await client.get("/config")).json())
    tally = Tally()
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for seed in range(people):
            group.create_task(person(address, event, until, manner, tally, seed))
    return tally


async def rebuild_each_minute(address: str, folder: Path, minutes: float, outcomes: Counter[str]) -> None:
    """Add an article, or take it away again, and rebuild."""
    added = folder / "load-regatta.txt"
    async with httpx.AsyncClient(base_url=address, timeout=600, trust_env=False) as client:
        for minute in range(int(minutes)):
            await asyncio.sleep(60)
            if minute % 2:
                added.unlink()
            else:
                added.write_text(
                    f"Title: Regatta\n\nThe harbour master counted {minute} sails on the day of the regatta.\n"
                )
            event = (await client.post("/gradio_api/call/v2/index", json={})).json()["event_id"]
            said = (await client.get(f"/gradio_api/call/index/{event}")).text
            outcomes.update(["rebuilt" if "event: complete" in said else said[:200]])
    added.unlink(missing_ok=True)


async def watch(process: int, minutes: float, samples: list[tuple[float, float, int]]) -> None:
    """Note the minute, the megabytes and the descriptors of the server, four times a minute."""
    began = time.monotonic()
    while (minute := (time.monotonic() - began) / 60) < minutes:
        status = Path(f"/proc/{process}/status").read_text()
        resident = int(status.partition("VmRSS:")[2].split()[0]) / 1024
        samples.append((minute, resident, len(list(Path(f"/proc/{process}/fd").iterdir()))))
        await asyncio.sleep(15)


async def long_day(address: str, process: int, folder: Path, minutes: float, manner: Manner) -> dict[str, Any]:
    """Ten people, a rebuild each minute, and the server watched."""
    samples: list[tuple[float, float, int]] = []
    rebuilds: Counter[str] = Counter()
    watching = asyncio.create_task(watch(process, minutes, samples))
    rebuilding = asyncio.create_task(rebuild_each_minute(address, folder, minutes, rebuilds))
    tally = await crowd(address, 10, minutes * 60, manner)
    await asyncio.gather(watching, rebuilding)
    settled = [sample for sample in samples if sample[0] >= minutes / 3]  # what is loaded once is no leak
    slope = statistics.linear_regression([s[0] for s in settled], [s[1] for s in settled]).slope
    return tally.figures() | {
        "minutes": minutes,
        "rebuilds": dict(rebuilds),
        "MB at start, at a third, at the end": [round(s[1]) for s in (samples[0], settled[0], samples[-1])],
        "MB a minute, after the first third": round(slope, 2),
        "descriptors at a third, most after it, at the end": [
            settled[0][2],
            max(s[2] for s in settled),
            samples[-1][2],
        ],
    }


@asynccontextmanager
async def server(folder: Path, store: Path) -> AsyncIterator[tuple[str, int]]:
    """Start `article-qa chat` on a free port; give its address and the number of its process."""
    command = [sys.executable, "-m", "ui.cli", "chat", str(folder), "--store", str(store), "--port", "0"]
    running = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, cwd=ROOT)
    assert running.stdout is not None
    try:
        while line := (await running.stdout.readline()).decode():
            if line.startswith("Ask at "):
                yield line.split()[2], running.pid
                return
        raise SystemExit("the server ended before it served")
    finally:
        if running.returncode is None:
            running.terminate()
        await running.wait()


async def measure(given: argparse.Namespace, folder: Path, store: Path) -> dict[str, Any]:
    """Start the server and let people at it, in one size of crowd after another."""
    manner = Manner(questions_in(given.questions), given.think)
    figures: dict[str, Any] = {"different questions": len(set(manner.questions))}
    async with server(folder, store) as (address, process):
        async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as client:
            figures["what is asked about"] = (await client.get("/health")).json()
        for people in [] if given.minutes else given.people:
            tally = await crowd(address, people, given.seconds, manner)
            figures[f"{people} people, {given.seconds:g} s"] = tally.figures()
            print(people, json.dumps(tally.figures()), file=sys.stderr, flush=True)
        if given.minutes:
            figures["10 people, a rebuild each minute"] = await long_day(
                address, process, folder, given.minutes, manner
            )
    return figures


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--people", type=lambda said: [int(count) for count in said.split(",")], default=[1, 10, 50])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=10, help="seconds between an answer and the next question, mean")
    parser.add_argument("--minutes", type=float, default=0, help="ten people for so long, a rebuild each minute")
    parser.add_argument("--folder", type=Path, help="the articles (default: a copy of seeds)")
    parser.add_argument("--store", type=Path, help="the index of --folder (default: a new one)")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="a .jsonl file (default: those of seeds)")
    parser.add_argument("--name", default="load", help="of the result: bench/results/<date>-NAME.json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder, store = given.folder, given.store or Path(scratch) / "store"
        if folder is None:
            folder = Path(scratch) / "seeds"
            folder.mkdir()
            for file in (ROOT / "seeds").iterdir():
                (folder / file.name).write_bytes(file.read_bytes())
        load_before = os.getloadavg()
        figures = asyncio.run(measure(given, folder, store))
    result = _machine() | {"think": given.think, "load before": load_before, "load after": os.getloadavg()} | figures
    text = json.dumps(result, indent=2, ensure_ascii=False)
    print(text)
    (ROOT / "bench" / "results" / f"{date.today().isoformat()}-{given.name}.json").write_text(text + "\n")


def _machine() -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "date": date.today().isoformat(),
        "commit": commit.stdout.strip(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in LIBRARIES},
    }


if __name__ == "__main__":
    main()
