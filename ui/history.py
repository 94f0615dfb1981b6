"""Conversations on disk: kept for the person who held them, through restarts, until that person deletes them.

One SQLite file, a row a conversation. An owner is a name or a key that only the person's browser knows; nobody is shown
what another one asked.
"""

import hashlib
import json
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from index.errors import ArticleQAError
from ui.conversation import TITLE_CHARS, Conversation, Exchange, from_json, to_json

SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations(
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, exchanges TEXT NOT NULL,
    changed TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_owner ON conversations(owner, changed DESC, id, name);
"""
SHOWN = 200
"""Conversations in a list, the newest first."""


class HistoryUnusable(ArticleQAError):
    """The file of conversations cannot be read or written; the message names it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A conversation in a list."""

    id: str
    name: str
    changed: str
    """ISO 8601, UTC."""


@dataclass(frozen=True)
class History:
    """The conversations in a file, which need not be there yet. Safe to use from several threads."""

    file: Path
    _changing: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    def headings(self, owner: str) -> list[Heading]:
        """Return the conversations of an owner, the newest first."""
        with self._opened() as connection:
            rows = connection.execute(
                "SELECT id, name, changed FROM conversations WHERE owner = ? ORDER BY changed DESC LIMIT ?",
                (_hidden(owner), SHOWN),
            )
            return [Heading(*row) for row in rows]

    def find(self, owner: str, name: str) -> Conversation:
        """Return the conversation of that id; an empty new one where the owner has none."""
        with self._opened() as connection:
            row = connection.execute(
                "SELECT id, title, exchanges FROM conversations WHERE id = ? AND owner = ?", (name, _hidden(owner))
            ).fetchone()
        if row is None:
            return Conversation(secrets.token_urlsafe(12))
        try:
            return Conversation(row[0], row[1], from_json(json.loads(row[2])))
        except (ValueError, KeyError, TypeError) as error:
            raise HistoryUnusable(
                "this conversation was kept by another version: delete it, or go on in a new one"
            ) from error

    def keep(self, owner: str, conversation: Conversation, *, newest: bool = True) -> None:
        """Put a conversation in place of what was kept of it; it becomes the newest, or stays where it is listed."""
        moved = ", changed = excluded.changed" if newest else ""
        kept = json.dumps(to_json(conversation), ensure_ascii=False).encode("utf-8", "replace").decode()
        with self._opened() as connection, connection:
            connection.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET"
                f" name = excluded.name, title = excluded.title, exchanges = excluded.exchanges{moved}"
                " WHERE owner = excluded.owner",
                (conversation.id, _hidden(owner), conversation.name, conversation.title, kept, _now()),
            )

    def put(self, owner: str, name: str, to: Callable[[Conversation], Conversation]) -> Conversation:
        """Keep what `to` makes of a conversation, and return it; nothing else changes it meanwhile."""
        with self._changing:
            conversation = to(self.find(owner, name))
            self.keep(owner, conversation)
            return conversation

    def change(
        self, owner: str, name: str, place: int, asked_at: str, to: Callable[[Exchange], Exchange]
    ) -> Conversation:
        """Put what `to` makes of an exchange in its place, and return the conversation.

        Whatever else was changed meanwhile stays. Where the exchange of that moment is not there any more, all does.
        The conversation keeps its place in the list: only a person's asking or renaming makes it the newest.
        """
        with self._changing:
            conversation = self.find(owner, name)
            there = conversation.exchanges[place] if 0 <= place < len(conversation.exchanges) else None
            if there is not None and there.at == asked_at:
                conversation = conversation.with_exchange(place, to(there))
                self.keep(owner, conversation, newest=False)
            return conversation

    def rename(self, owner: str, name: str, title: str) -> None:
        """Give a conversation a title; an empty one calls it by its first question again."""
        with self._changing:
            conversation = self.find(owner, name)
            if conversation.id == name:
                self.keep(owner, replace(conversation, title=" ".join(title.split())[:TITLE_CHARS]))

    def delete(self, owner: str, name: str) -> None:
        """Forget a conversation."""
        with self._changing, self._opened() as connection, connection:
            connection.execute("DELETE FROM conversations WHERE id = ? AND owner = ?", (name, _hidden(owner)))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.file, timeout=10)) as connection:
                connection.execute("PRAGMA secure_delete=ON")  # what a person deletes is gone from the file too
                connection.executescript(SCHEMA)
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise HistoryUnusable(
                f"the conversations in {self.file} cannot be used ({error}): free the disk, or move that file away"
            ) from error


def _hidden(owner: str) -> str:
    """Return what stands for an owner: the file does not tell the keys with which browsers come."""
    return hashlib.sha256(owner.encode("utf-8", "replace")).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
