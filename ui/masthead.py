"""The parts of the page that never change: its head, the box for questions, the signs at the door. Pure."""

from collections.abc import Sequence

from index.store import Outlet
from ui.icons import close_html, icon
from ui.render import escape
from ui.shelf import outlet_options_html

BRAND_HTML = (
    '<a class="skip" href="#asking">Skip to the question</a>'
    '<button type="button" class="act" id="menu" data-act="rail" aria-label="Conversations" title="Conversations" '
    f'aria-expanded="false" aria-controls="rail">{icon("menu")}</button><h1>article-qa</h1>'
    '<div class="unseen" id="heard" role="status" aria-live="polite"></div>'
    '<p id="away" role="alert" hidden>The server does not answer. This page goes on by itself when it is back; '
    "if it was ended, start it again.</p>"
)
VIEWS_HTML = (
    '<nav class="views" aria-label="Views">'
    '<button type="button" data-act="view" data-view="ask" aria-pressed="true">Ask</button>'
    '<button type="button" data-act="view" data-view="library" aria-pressed="false">Library</button></nav>'
    '<button type="button" class="quiet" id="rebuild" data-act="rebuild" '
    'title="Read what is new or changed in the folder of articles">Rebuild<span> the index</span></button>'
)
QUESTION_HTML = (
    '<form class="ask" data-act="ask"><label class="unseen" for="asking">Question</label>'
    f'<textarea id="asking" rows="1" dir="auto" placeholder="Ask the articles" '
    'enterkeyhint="send" autocomplete="off"></textarea>'
    f'<button type="submit" class="send" aria-label="Ask" title="Ask (Enter)">{icon("arrow")}</button>'
    f'<button type="button" class="send stop" data-act="stop" aria-label="Stop" title="Stop">{icon("stop")}</button>'
    "</form>"
)


def filters_html(outlets: Sequence[Outlet]) -> str:
    """Show the filters beside the question: a range of days, and an outlet."""
    return (
        '<details class="filters"><summary>Filters<span id="filtering"></span></summary><div class="fields">'
        '<label>Published since<input type="date" name="since"></label>'
        '<label>Published until<input type="date" name="until"></label>'
        f'<label>Outlet<select name="outlet">{outlet_options_html(outlets, every="Every outlet")}</select></label>'
        '<button type="button" class="quiet" data-act="clear">Clear</button></div></details>'
    )


def notice_html(message: str, *, put_back: str = "") -> str:
    """Tell something in passing; `put_back` names a file whose removal can be undone."""
    if not message:
        return ""
    undo = (
        f'<button type="button" class="quiet" data-act="back" data-path="{escape(put_back)}">Put it back</button>'
        if put_back
        else ""
    )
    told = f"<p>{escape(message[:1].upper() + message[1:])}.</p>{undo}{close_html('unnotice')}"
    return f'<div class="notice{"" if put_back else " told"}" role="alert">{told}</div>'


def parcel_html(name: str, text: str) -> str:
    """Hold a file that the browser is to save."""
    return f'<pre id="parcel-text" hidden data-name="{escape(name)}">{escape(text)}</pre>'
