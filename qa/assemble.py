"""The only place where parts are chosen: settings -> an Assistant, kept for the next call; and the public functions."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from index.choose import load_embedder
from index.records import Hit
from index.settings import PACKAGED, path_of, read_settings
from index.store import Scope, open_store
from qa.answer import Answer, Assistant
from qa.followup import Turn
from qa.read import EvidenceReader
from qa.remembered import RememberingMarker
from qa.spans import Marker, packaged


def ask(
    question: str,
    *,
    history: Sequence[Turn] = (),
    store: str | Path | None = None,
    today: date | str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    source: str | None = None,
    ignore: Collection[str] = (),
) -> Answer:
    """Answer `question` from the articles in `store`, with the exact sentences that the answer rests on.

    `history` holds the turns before it, oldest first. `since` and `until` keep to articles published from one day to
    another, `source` to an outlet; days are dates or ISO 8601 text. `today` is what "last week" is counted from.
    What the question says of time, outlet and author is in `understood.said`; words of it in `ignore` are passed over.

    Raises QuestionRefused, StoreMissing, StoreMismatch, StoreCorrupt and ModelError, and ValueError for a `since`,
    `until` or `today` that is no day.
    """
    *_, answer = stream(
        question,
        history=history,
        store=store,
        today=today,
        since=since,
        until=until,
        source=source,
        ignore=ignore,
    )
    return answer


def stream(
    question: str,
    *,
    history: Sequence[Turn] = (),
    store: str | Path | None = None,
    today: date | str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    source: str | None = None,
    ignore: Collection[str] = (),
) -> Iterator[Answer]:
    """Yield the growing answer to `question`; each one is whole and replaces the one before. As `ask` otherwise."""
    scope = Scope(since=_day(since), until=_day(until), source=source)
    asked_on = _day(today) or date.today()
    return open_assistant(store).stream(question, history=history, scope=scope, today=asked_on, ignore=ignore)


def retrieve(
    question: str,
    *,
    k: int = 5,
    store: str | Path | None = None,
    today: date | str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    source: str | None = None,
    ignore: Collection[str] = (),
) -> list[Hit]:
    """Return the `k` passages most likely to answer `question`, best first. Arguments and errors as in `ask`."""
    if k < 1:
        raise ValueError(f"k is {k}: ask for at least one passage")
    scope = Scope(since=_day(since), until=_day(until), source=source)
    asked_on = _day(today) or date.today()
    return open_assistant(store).retrieve(question, k=k, scope=scope, today=asked_on, ignore=ignore)


def open_assistant(store: str | Path | None = None) -> Assistant:
    """Return the assistant for `store`, or for the store of the settings. What it loads is kept for the next call."""
    settings = read_settings()
    address = str(path_of(store or settings.store).absolute())
    return _assemble(address, settings.model, settings.reader, settings.cross_encoder, settings.silence)


@cache
def _assemble(address: str, model: str, reader: str, cross_encoder: str, silence: float) -> Assistant:
    embedder = load_embedder(model)
    reads = EvidenceReader(_marker(reader), _cross_encoder(cross_encoder))
    return Assistant(open_store(address), embedder, reads, silence)


@cache
def _marker(reader: str) -> Marker:
    if reader == PACKAGED:
        return _packaged()
    from qa.hub import HubReader

    return RememberingMarker(HubReader(reader))


@cache
def _cross_encoder(name: str) -> Marker:
    if name == PACKAGED:
        return _packaged()
    from qa.hub import HubCrossEncoder

    return RememberingMarker(HubCrossEncoder(name))


@cache
def _packaged() -> Marker:
    """Return the one that ships, once: it is the cross-encoder, too."""
    return RememberingMarker(packaged())


def _day(day: date | str | None) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) else day
