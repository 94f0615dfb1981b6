"""The library -> HTML: what there is, over what time, from whom; and what could not be read. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.formats import READERS
from index.records import Failure
from index.store import Entry, Listing, Order, Outlet
from ui.files import MAX_BYTES
from ui.icons import icon
from ui.render import count_text, day_text, escape, failures_html, month_text

PAGE = 50
BARS = 48
"""Of the timeline at the most: beyond so many months it counts years."""
ORDER_LABELS = {
    Order.NEWEST: "Newest first",
    Order.OLDEST: "Oldest first",
    Order.OUTLET: "By outlet",
    Order.TITLE: "By title",
}
OUTLETS_OFFERED = 500
KINDS = {
    ".txt": "Text",
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".html": "web pages",
    ".htm": "web pages",
    ".pdf": "PDF",
    ".docx": "Word",
    ".eml": "mail",
    ".json": "JSON",
    ".jsonl": "JSON",
    ".csv": "CSV",
    ".rss": "feeds",
    ".atom": "feeds",
    ".xml": "feeds",
    ".zip": "zip of these",
}
"""What people call the kinds of file, the most usual first."""
MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Sought:
    """What of the library is looked at."""

    words: str = ""
    outlet: str = ""
    month: str = ""
    """`2025-08`, or `2025`."""
    order: Order = Order.NEWEST
    offset: int = 0


def shelf_html(listing: Listing, sought: Sought, *, may_change: bool) -> str:
    """Show a part of the list, the timeline over all of it, and the way to the other parts."""
    rows = "".join(_row_html(entry, may_change=may_change) for entry in listing.entries)
    table = f'<ol class="articles" start="{sought.offset + 1}">{rows}</ol>' if rows else _none_html(sought)
    return f"{_count_html(listing, sought)}{timeline_html(listing.months, sought)}{table}{_pages_html(listing, sought)}"


def outlet_options_html(outlets: Sequence[Outlet], *, every: str) -> str:
    """Offer the outlets, the most articles first; `every` is what choosing none of them is called."""
    named = [outlet for outlet in outlets if outlet.name][:OUTLETS_OFFERED]
    options = "".join(
        f'<option value="{escape(outlet.name or "")}">{escape(outlet.name or "")} ({outlet.articles:,})</option>'
        for outlet in named
    )
    return f'<option value="">{every}</option>{options}'


def controls_html(outlets: Sequence[Outlet]) -> str:
    """Show the search, the outlet and the order."""
    orders = "".join(f'<option value="{order.value}">{label}</option>' for order, label in ORDER_LABELS.items())
    return (
        '<form class="find" role="search" aria-label="Library"><label>Search<input type="search" name="words" '
        'dir="auto" placeholder="Title, outlet or file" maxlength="200"></label>'
        f'<label>Outlet<select name="outlet">{outlet_options_html(outlets, every="Every outlet")}</select></label>'
        f'<label>Order<select name="order">{orders}</select></label></form>'
    )


def drop_html() -> str:
    """Show where files are dropped, and what may be."""
    kinds = ", ".join(dict.fromkeys(KINDS.get(suffix, suffix) for suffix in sorted(READERS, key=_rank)))
    return (
        '<label class="drop" id="drop"><input type="file" multiple class="unseen" id="files" '
        f'accept="{",".join(sorted(READERS))}"><span class="say"><b><span class="by-mouse">Drop articles here, or '
        f"</span>choose files</b></span><small>{kinds}; up to {MAX_BYTES // 2**20} MB each</small></label>"
    )


def _rank(suffix: str) -> tuple[int, str]:
    return (list(KINDS).index(suffix) if suffix in KINDS else len(KINDS), suffix)


def failed_html(failed: Sequence[Failure]) -> str:
    """Say which files could not be read, and why."""
    return f'<section aria-label="Not read">{failures_html(failed)}</section>' if failed else ""


def _count_html(listing: Listing, sought: Sought) -> str:
    if not listing.total:
        return ""
    shown = len(listing.entries)
    part = f", {sought.offset + 1:,} to {sought.offset + shown:,} shown" if shown < listing.total else ""
    month = (
        f' <button type="button" class="chip" data-act="month" data-month="">{escape(month_text(sought.month))} '
        f'<span aria-hidden="true">×</span><span class="unseen">: show every month</span></button>'
        if sought.month
        else ""
    )
    return f'<p class="count" role="status">{count_text(listing.total, "article")}{part}{month}</p>'


def _none_html(sought: Sought) -> str:
    if sought.words or sought.outlet or sought.month:
        return '<p class="hint">No article has these words. Search for fewer of them, or take a filter off.</p>'
    return '<p class="hint">There are no articles yet. Drop some above, or put them into the folder and rebuild.</p>'


def _row_html(entry: Entry, *, may_change: bool) -> str:
    name = escape(entry.title or entry.id)
    outlet = f'<span dir="auto">{escape(entry.source)}</span>' if entry.source else ""
    day = day_text(entry.published)
    facts = " · ".join(part for part in (outlet, f"<time>{day}</time>" if day else "") if part)
    return (
        f'<li><button type="button" class="title" data-act="article" data-article="{escape(entry.id)}" dir="auto">'
        f'{name}</button><span class="facts">{facts or "Nothing said of outlet or date"}</span>'
        f"{_remove_html(entry) if may_change else ''}</li>"
    )


def _remove_html(entry: Entry) -> str:
    """Offer to take the file out of the folder, naming it where it holds other articles too."""
    file = escape(entry.path)
    if entry.id == entry.path:
        label, title = f"Remove {escape(entry.title or entry.id)}", f"Remove the file {file}"
    else:
        label = title = f"Remove {file}, with all articles in it"
    return (
        f'<button type="button" class="act" data-act="remove" data-path="{file}" aria-label="{label}" '
        f'title="{title}">{icon("bin")}</button>'
    )


def _pages_html(listing: Listing, sought: Sought) -> str:
    if listing.total <= PAGE:
        return ""
    page, last = sought.offset // PAGE + 1, (listing.total - 1) // PAGE + 1
    back, on = sought.offset - PAGE, sought.offset + PAGE
    return (
        '<nav class="pages" aria-label="Pages of the list">'
        f'<button type="button" class="quiet" data-act="page" data-offset="{max(0, back)}"'
        f"{' disabled' if back < 0 else ''}>Back</button><span>Page {page:,} of {last:,}</span>"
        f'<button type="button" class="quiet" data-act="page" data-offset="{on}"'
        f"{' disabled' if on >= listing.total else ''}>Further</button></nav>"
    )


def timeline_html(months: Sequence[tuple[str, int]], sought: Sought) -> str:
    """Show how many articles there are over time, as bars that narrow the list."""
    dated = [(month, count) for month, count in months if MONTH.fullmatch(month)]
    if len(dated) < 2 or sought.month:
        return ""
    bars = _each_month(dated)
    if len(bars) > BARS:
        bars = _by_year(dated)
    most = max(count for _, count in bars)
    shown = "".join(
        f'<li><button type="button" data-act="month" data-month="{escape(month)}"{"" if count else " disabled"} '
        f'title="{escape(month_text(month))}: {count_text(count, "article")}" '
        f'aria-label="{escape(month_text(month))}: {count_text(count, "article")}">'
        f'<span style="block-size:{_height(count, most)}%"></span></button></li>'
        for month, count in bars
    )
    undated = sum(count for _, count in months) - sum(count for _, count in dated)
    note = f"<span>{undated:,} without a date</span>" if undated else ""
    return (
        f'<div class="timeline"><ul aria-label="Articles over time">{shown}</ul><p class="facts">'
        f"<span>{escape(month_text(bars[0][0]))}</span>{note}<span>{escape(month_text(bars[-1][0]))}</span></p></div>"
    )


def _height(count: int, most: int) -> int:
    """Return how high a bar is, in percent: what is there at all is seen."""
    return max(6, round(100 * count / most)) if count else 0


def _each_month(months: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return every month from the first to the last, those without articles too."""
    counts = dict(months)
    start, end = (12 * int(months[at][0][:4]) + int(months[at][0][5:7]) - 1 for at in (0, -1))
    every = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, end + 1)]
    return [(month, counts.get(month, 0)) for month in every]


def _by_year(months: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    years: dict[int, int] = {}
    for month, count in months:
        years[int(month[:4])] = years.get(int(month[:4]), 0) + count
    last = max(years)
    return [(f"{year:04}", years.get(year, 0)) for year in range(max(min(years), last - BARS + 1), last + 1)]
