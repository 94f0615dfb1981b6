"""What happens on the page: a message from it -> the parts that change, as HTML. Nothing here knows Gradio.

The parts are named: `past`, `now` and `next` the conversation, `rail` the list of them, `pane` the article beside it,
`shelf` and `failed` the library, `status` the rebuild, `count`, `filters` and `controls` what there is, `notice` what
to tell in passing, `parcel` a file to be saved, `timer` whether the rebuild is watched. What is left out stays.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ui import masthead, render
from ui.conversation import Conversation
from ui.desk import Desk, exchange_at
from ui.export import file_name, markdown
from ui.export import page as exported_page
from ui.job import Running, State
from ui.library import Library
from ui.message import Message
from ui.pane import EMPTY_PANE, article_html, pane_html, silent_html
from ui.rail import rail_html
from ui.shelf import controls_html, failed_html, shelf_html
from ui.thread import next_html, now_html, opening_html, past_html, welcome_html

Shown = dict[str, str]
TALK = ("past", "now", "next", "rail", "pane", "notice")
JOB = ("status", "count", "filters", "controls", "notice", "timer")


@dataclass(frozen=True)
class Happenings:
    """What people do at the page: a method for each event. All raise ArticleQAError, which the page tells."""

    desk: Desk
    library: Library
    uploads: Path
    """Where the web server puts what is uploaded."""
    examples: Sequence[str] = ()

    def ask(self, message: Message) -> Iterator[Shown]:
        """Answer a question, at the end or in the place of an earlier one, as the answer grows."""
        owner, place = message.owner, message.number("place")
        before = None
        if place is not None:
            before = exchange_at(self.desk.history.find(owner, message.text("conversation")), place)
        branch = message.text("branch") == "yes"
        growing = self.desk.ask(owner, message.text("conversation"), message.asked(before), place=place, branch=branch)
        conversation, first = None, True
        for conversation in growing:
            shown = self._conversation(conversation, running=True)
            if first:
                shown |= self._rail(message, conversation)
            elif place is None or place >= len(conversation.exchanges) - 1:
                del shown["past"]  # it is long, and stays as it is while the newest answer grows
            first = False
            yield shown
        if conversation is not None:
            yield self._conversation(conversation) | self._first_citation(conversation, place)

    def arrive(self, message: Message) -> Shown:
        """Show a page that has just opened where it was."""
        return self.talk(message) | self._job()

    def talk(self, message: Message) -> Shown:
        """Open a conversation, the newest part or the whole of it, begin, rename or delete one."""
        owner, name = message.owner, message.text("conversation")
        match message.text("act"):
            case "new":
                name = ""
            case "rename":
                self.desk.history.rename(owner, name, message.text("title"))
            case "delete":
                self.desk.history.delete(owner, name)
                name = ""
        conversation = self.desk.history.find(owner, name)
        pane = self._first_citation(conversation, None)
        whole = message.text("act") == "earlier"
        return self._conversation(conversation, whole=whole) | self._rail(message, conversation) | pane

    def suggest(self, message: Message) -> Shown:
        """Offer what may be asked next."""
        place = message.number("place")
        name = message.text("conversation")
        if place is None:
            begun = self.desk.begin()  # meanwhile a question may have been asked
            return {} if self.desk.history.find(message.owner, name).exchanges else {"next": opening_html(begun)}
        conversation = self.desk.suggest(message.owner, name, place)
        return {"next": next_html(conversation)} if conversation.id == name else {}

    def judge(self, message: Message) -> Shown:
        """Keep a thumb and a comment."""
        place, thumb = message.number("place"), message.text("thumb")
        conversation = self.desk.judge(
            message.owner,
            message.text("conversation"),
            -1 if place is None else place,
            thumb if thumb in {"up", "down"} else "",
            message.text("comment", 2000),
        )
        return self._conversation(conversation)

    def save(self, message: Message) -> Shown:
        """Hand over the conversation as a file."""
        conversation = self.desk.history.find(message.owner, message.text("conversation"))
        kind = "html" if message.text("kind") == "html" else "md"
        text = exported_page(conversation) if kind == "html" else markdown(conversation)
        return {"parcel": masthead.parcel_html(file_name(conversation, kind), text)}

    def _conversation(self, conversation: Conversation, *, running: bool = False, whole: bool = False) -> Shown:
        now = now_html(conversation, running=running)
        if not conversation.exchanges:
            articles, outlets = self.desk.outlets()
            now += welcome_html(articles, [outlet.name for outlet in outlets if outlet.name], self.examples)
        return {
            "past": past_html(conversation, whole=whole),
            "now": now,
            "next": "" if running else next_html(conversation),
        }

    def _rail(self, message: Message, conversation: Conversation) -> Shown:
        read = time.time_ns() // 1000
        headings = self.desk.history.headings(message.owner)
        return {"rail": rail_html(headings, conversation.id, read=read, person=message.person)}

    # The article beside them.

    def read(self, message: Message) -> Shown:
        """Open the article behind a number."""
        place, number = message.number("place"), message.number("number")
        conversation = self.desk.history.find(message.owner, message.text("conversation"))
        return self._opened(conversation, -1 if place is None else place, number or 0)

    def article(self, message: Message) -> Shown:
        """Open an article of the library."""
        article = self.desk.article(message.text("article", 4000))
        if article is None:
            return {"notice": masthead.notice_html("this article is not there any more: look for it again")}
        return {"pane": article_html(article)}

    def _first_citation(self, conversation: Conversation, place: int | None) -> Shown:
        at = len(conversation.exchanges) - 1 if place is None else min(place, len(conversation.exchanges) - 1)
        exchange = exchange_at(conversation, at)
        if exchange is None:
            return {"pane": EMPTY_PANE}
        # What an earlier answer rests on would look like what this one rests on.
        return self._opened(conversation, at, 1) if exchange.answered else {"pane": silent_html(exchange)}

    def _opened(self, conversation: Conversation, place: int, number: int) -> Shown:
        opened = self.desk.read(conversation, place, number)
        return {"pane": pane_html(opened)} if opened else {}

    # The library.

    def shelf(self, message: Message) -> Shown:
        """Show a part of the library."""
        sought = message.sought()
        listing, failed = self.library.look(sought)
        return {
            "shelf": shelf_html(listing, sought, may_change=self.library.files is not None),
            "failed": failed_html(failed),
        }

    def put(self, message: Message) -> Shown:
        """Keep uploaded files in the folder, and read them."""
        uploads = [(row.text("name"), Path(row.text("path", 4000))) for row in message.rows("files")]
        inside = [(name, path) for name, path in uploads if path.resolve().is_relative_to(self.uploads.resolve())]
        kept, refused = self.library.put(inside)
        lost = [name for name, path in uploads if (name, path) not in inside]
        refused += [f"{name} did not arrive: send it again, or put it into the folder if it is large" for name in lost]
        said = [f"{render.count_text(len(kept), 'file')} put into the folder"] if kept else []
        return self._job() | {"notice": masthead.notice_html(". ".join(said + [f"Not kept: {why}" for why in refused]))}

    def remove(self, message: Message) -> Shown:
        """Take a file out of the folder, or put it back."""
        path, back = message.text("file", 4000), message.text("act") == "back"
        self.library.remove(path, back=back)
        done = f"Back in the folder: {path}" if back else f"Taken out of the folder: {path}"
        return self._job() | {"notice": masthead.notice_html(done, put_back="" if back else path)}

    def rebuild(self, message: Message) -> Shown:
        """Start a rebuild, or stop it."""
        if message.text("act") == "cancel":
            self.library.job.cancel()
        else:
            self.library.job.start()
        return self._job()

    def watch(self) -> Shown:
        """Show how far the rebuild is; when it has ended, what there is now."""
        state = self.library.job.state
        return _watched(state) if isinstance(state, Running) else self._job()

    def _job(self) -> Shown:
        state = self.library.job.state  # read once: it may end at any moment
        articles, outlets = self.desk.outlets()
        return _watched(state) | {
            "count": render.library_html(articles, outlets),
            "filters": masthead.filters_html(outlets),
            "controls": controls_html(outlets),
        }


def _watched(state: State) -> Shown:
    """Show a rebuild, and whether it is watched on."""
    return {"status": render.job_html(state), "timer": "on" if isinstance(state, Running) else ""}
