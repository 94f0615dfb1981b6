"""What the page sends with an event: values of any kind from a browser, read as what they should be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from index.errors import QuestionRefused
from index.store import Order
from ui.conversation import Asked, Exchange
from ui.shelf import Sought

KEY_CHARS = 24
"""At least so many characters has a key that a browser made: enough that nobody guesses one."""
SHORT = 400


@dataclass(frozen=True)
class Message:
    """The values of one event."""

    values: Mapping[str, object]
    person: str | None = None
    """The name of who is signed in, where signing in is asked for."""

    @property
    def owner(self) -> str:
        """Whose conversations are meant: those of who is signed in, else of this browser. Raises QuestionRefused."""
        if self.person:
            return f"person {self.person}"
        key = self.text("key")
        if len(key) < KEY_CHARS:
            raise QuestionRefused("this page is from before a restart: reload it")
        return f"browser {key}"

    def text(self, name: str, at_most: int = SHORT) -> str:
        """Return a text, cut where it is longer than it may be; nothing where there is none."""
        value = self.values.get(name)
        return value[:at_most] if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """Return a whole number of 0 or more, if there is one."""
        value = self.values.get(name)
        if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
            value = int(value)
        return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None

    def rows(self, name: str) -> list["Message"]:
        """Return a list of further values."""
        value = self.values.get(name)
        return [Message(row) for row in value if isinstance(row, dict)] if isinstance(value, list) else []

    def asked(self, before: Exchange | None) -> Asked:
        """Return the question that is asked; what the page does not say anew is as it was `before`."""
        asked = before.asked if before else Asked("")
        if "question" in self.values:
            # Not cut here: a question that is too long is refused in words, not answered by halves.
            asked = replace(asked, question=self.text("question", 1_000_000), ignored=())
        asked = replace(
            asked,
            since=self.text("since") if "since" in self.values else asked.since,
            until=self.text("until") if "until" in self.values else asked.until,
            outlet=self.text("outlet") if "outlet" in self.values else asked.outlet,
        )
        if taken_back := self.text("ignore"):
            asked = replace(asked, ignored=tuple(dict.fromkeys((*asked.ignored, taken_back))))
        if restored := self.text("restore"):
            asked = replace(asked, ignored=tuple(words for words in asked.ignored if words != restored))
        return asked

    def sought(self) -> Sought:
        """Return what of the library is looked at."""
        orders = {order.value: order for order in Order}
        return Sought(
            words=self.text("words"),
            outlet=self.text("outlet"),
            month=self.text("month", 7),
            order=orders.get(self.text("order"), Order.NEWEST),
            offset=self.number("offset") or 0,
        )


def message_of(data: object, person: str | None = None) -> Message:
    """Return what an event brought; one that brought nothing of use is empty."""
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except ValueError:
            data = {}
    return Message(data if isinstance(data, dict) else {}, person)
