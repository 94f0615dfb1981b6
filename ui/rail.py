"""The conversations of a person -> the list beside the talk. Pure."""

from collections.abc import Sequence

from ui.history import Heading
from ui.icons import icon
from ui.render import escape


def rail_html(headings: Sequence[Heading], current: str, *, read: int = 0, person: str | None = None) -> str:
    """Show the conversations, the newest first, what can be done with the one that is open, and who is signed in.

    `read`: when that was read, in microseconds. The page shows no list in place of one that was read later.
    """
    rows = "".join(_row_html(heading, current=heading.id == current) for heading in headings)
    listed = f'<ul class="headings">{rows}</ul>' if rows else '<p class="hint">Conversations are kept here.</p>'
    new = f'<button type="button" class="new" data-act="new">{icon("plus")} New conversation</button>'
    signed_in = _person_html(person) if person else ""
    return f'<nav class="rail" aria-label="Conversations" data-read="{read}">{new}{listed}{signed_in}</nav>'


def _row_html(heading: Heading, *, current: bool) -> str:
    name = escape(heading.name)
    here = ' aria-current="true"' if current else ""
    row = (
        f'<button type="button" class="heading" data-act="switch" data-conversation="{escape(heading.id)}"{here} '
        f'dir="auto" title="{name}">{name}</button>'
    )
    return f"<li>{row}{_menu_html() if current else ''}</li>"


def _person_html(person: str) -> str:
    return f'<p class="person"><bdi>{escape(person)}</bdi> <a href="/logout">Sign out</a></p>'


def _menu_html() -> str:
    acts = (
        ("rename", "Rename"),
        ("export-md", "Save as Markdown"),
        ("export-html", "Save as a page"),
        ("delete", "Delete"),
    )
    buttons = "".join(f'<button type="button" data-act="{act}">{label}</button>' for act, label in acts)
    return f'<div class="menu" role="group" aria-label="This conversation">{buttons}</div>'
