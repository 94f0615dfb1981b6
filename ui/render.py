"""Words and numbers of ours, and characters of others, -> HTML. Pure; whatever an article or a person says is escaped.

The pieces that every part of the page shares: `ui.thread` shows questions and answers, `ui.pane` an article, `ui.rail`
the conversations, `ui.shelf` the library. What could be read as Markdown, or by a template, is escaped like HTML.
"""

import calendar
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from index.records import BuildReport, Failure, Progress
from index.store import Outlet
from qa.scans.listing import in_quotes
from ui.conversation import Source
from ui.icons import close_html
from ui.job import Cancelled, Done, Failed, Idle, Running, State

BLANK_LINES = re.compile(r"\n[ \t]*\n")
"""Between two paragraphs of an article."""
HTML_OR_MARKDOWN = re.compile(r"[\x00-\x08\x0b-\x1f!\"#$&'()*/:<>@\[\\\]^_`{|}~\x7f]")
# Characters that turn the direction of what follows, or that cannot be seen: they could make a quote read otherwise.
# Halves of a surrogate pair are no characters: nothing that holds one can be sent.
DECEIVING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ud800-\udfff\ufeff]")
MONTHS = tuple(calendar.month_name)[1:]


def escape(text: str) -> str:
    """Return `text` as HTML that shows just its characters, in Markdown too.

    >>> escape("<b>*5*")
    '&#60;b&#62;&#42;5&#42;'
    """
    return HTML_OR_MARKDOWN.sub(lambda found: f"&#{ord(found[0])};", DECEIVING.sub("", text))


def folded(text: str) -> str:
    """Return `text` with each run of white space as one space."""
    return " ".join(text.split())


def day_text(published: str | None) -> str:
    """Say the day of an ISO 8601 text.

    >>> day_text("2025-08-21T07:30:00+02:00"), day_text(None)
    ('21 August 2025', '')
    """
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", published or "")
    if not found or not 1 <= int(found[2]) <= 12:
        return ""
    return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}"


def month_text(month: str) -> str:
    """Say a month, or a year, of an ISO 8601 text.

    >>> month_text("2025-08"), month_text("2025")
    ('August 2025', '2025')
    """
    year, _, number = month.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}" if number.isdecimal() and 1 <= int(number) <= 12 else year


def facts_html(source: Source, *, author: bool = False) -> str:
    """Say of an article its outlet, its author where wanted, and its day, as far as it says them itself."""
    said = (source.outlet, source.author if author else None)
    parts = [f'<span dir="auto">{escape(part)}</span>' for part in said if part]
    day = day_text(source.published)
    return " · ".join([*parts, f"<time>{day}</time>"] if day else parts)


def address_html(url: str | None) -> str:
    """Link to the original, naming where the link leads; an address that is not of the web is shown as text.

    >>> "noopener noreferrer" in address_html("https://example.org/a"), "href" in address_html("javascript:alert(1)")
    (True, False)
    """
    if not url:
        return ""
    host = _host(url)
    if not host:
        return f'<span class="address">{escape(url)}</span>'
    return (
        f'<a class="original" href="{escape(url)}" target="_blank" rel="noopener noreferrer">'
        f"Open the original at {escape(host)}</a>"
    )


def _host(url: str) -> str:
    """Return the host of an address of the web; nothing for any other, or one that a browser may read otherwise."""
    if re.search(r"[\s\\\x00-\x1f\x7f]", url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host if parts.scheme in {"http", "https"} and "@" not in parts.netloc else ""


def trouble_html(message: str) -> str:
    """Say what went wrong, and what to do."""
    return f'<div class="trouble" role="alert"><p>{escape(message[:1].upper() + message[1:])}.</p></div>'


def count_text(count: int, noun: str) -> str:
    """Say how many of a thing there are.

    >>> count_text(1, "article"), count_text(2600, "article")
    ('1 article', '2,600 articles')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def library_html(articles: int, outlets: Sequence[Outlet]) -> str:
    """Say what there is to ask about."""
    shown = outlets_html([outlet.name for outlet in outlets if outlet.name])
    return f'<p class="library">{count_text(articles, "article")}{f" from {shown}" if shown else ""}</p>'


OUTLETS_NAMED = 3


def outlets_html(names: Sequence[str]) -> str:
    """Name the first outlets, and say how many others there are.

    >>> outlets_html(["CNN", "Wire"]), outlets_html(["A", "B", "C", "D"])
    ('<bdi>CNN</bdi> and <bdi>Wire</bdi>', '<bdi>A</bdi>, <bdi>B</bdi>, <bdi>C</bdi> and 1 other')
    """
    named = [f"<bdi>{escape(name)}</bdi>" for name in names[:OUTLETS_NAMED]]
    others = len(names) - len(named)
    if others:
        named.append(f"{others:,} other{'s' if others > 1 else ''}")
    return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else "".join(named)


def progress_text(progress: Progress) -> str:
    """Say how far a build is, and how long it still takes.

    >>> progress_text(Progress(files_done=0, files=1, bytes_done=100, bytes=400, embedded=900, seconds=10))
    '0 of 1 files, 900 passages embedded, 90 a second, 30 seconds left'
    """
    if not progress.files:
        return "looking for changes"
    parts = [f"{progress.files_done:,} of {progress.files:,} files"]
    if progress.embedded:
        parts.append(f"{progress.embedded:,} passages embedded")
    if progress.rate >= 2:
        parts.append(f"{progress.rate:,.0f} a second")
    if progress.seconds_left:
        parts.append(f"{duration_text(progress.seconds_left)} left")
    return ", ".join(parts)


def duration_text(seconds: float) -> str:
    """Say a time in the unit that fits it.

    >>> duration_text(3), duration_text(59), duration_text(100), duration_text(9000)
    ('3 seconds', '59 seconds', '2 minutes', '2.5 hours')
    """
    if seconds < 60:
        count, unit = f"{max(1, round(seconds))}", "second"
    elif seconds < 5400:
        count, unit = f"{round(seconds / 60)}", "minute"
    else:
        count, unit = f"{seconds / 3600:.1f}", "hour"
    return f"{count} {unit}{'' if count == '1' else 's'}"


def job_html(state: State) -> str:
    """Say what the rebuild is doing, or what it did."""
    match state:
        case Idle():
            return ""
        case Running(progress, stopping):
            return _running_html(progress, stopping=stopping)
        case Done(report):
            return (
                f'<div class="job ended" role="status"><p>{_report_text(report)}</p>{failures_html(report.failed)}'
                f"{_CLOSE}</div>"
            )
        case Cancelled(progress):
            return (
                f'<div class="job ended" role="status"><p>Stopped after {progress_text(progress)}. '
                f"What was finished is kept; the next rebuild goes on from there.</p>{_CLOSE}</div>"
            )
        case Failed(reason):
            said = f"The index was not rebuilt: {escape(reason)}."
            return f'<div class="job failed" role="alert"><p>{said}</p>{_CLOSE}</div>'


_CLOSE = close_html("dismiss")


def _running_html(progress: Progress, *, stopping: bool) -> str:
    share = progress.bytes_done / progress.bytes if progress.bytes else 0.0
    done = f"{share:.0%}"
    said = "Stopping after the passages in hand" if stopping else f"Rebuilding: {progress_text(progress)}"
    button = "" if stopping else '<button type="button" class="quiet" data-act="cancel">Stop</button>'
    return (
        f'<div class="job running"><progress max="100" value="{share * 100:.0f}" aria-label="Rebuild">{done}</progress>'
        f"<p>{said}. You can go on asking.</p>{button}</div>"
    )


def _report_text(report: BuildReport) -> str:
    if not (report.added or report.changed or report.removed):
        return f"Nothing changed: {count_text(report.unchanged, 'article')}."
    parts = (
        (report.added, "added"),
        (report.changed, "changed"),
        (report.removed, "removed"),
        (report.unchanged, "unchanged"),
    )
    return f"The index is up to date: {', '.join(f'{count:,} {what}' for count, what in parts if count)}."


FAILURES_SHOWN = 200


def failures_html(failed: Sequence[Failure]) -> str:
    """Name what could not be read, and why."""
    if not failed:
        return ""
    lines = "".join(
        f"<li><bdi>{escape(failure.path)}</bdi>: {escape(failure.reason)}</li>" for failure in failed[:FAILURES_SHOWN]
    )
    more = f"<li>and {len(failed) - FAILURES_SHOWN:,} more</li>" if len(failed) > FAILURES_SHOWN else ""
    return f'<details class="failures"><summary>{len(failed):,} not read</summary><ul>{lines}{more}</ul></details>'


NEAREST = "The nearest that the articles say:"
NEAR = "What comes nearest, and may be about something else"
"""Before what is offered where the articles do not say."""


def absent_text(absent: Sequence[str]) -> str:
    """Say what the question names and no article has, with a space behind; nothing where there is nothing.

    >>> absent_text(()), absent_text(["Merz"]), absent_text(["Merz", "1650"])
    ('', '“Merz” stands in no article. ', '“Merz” and “1650” stand in no article. ')
    """
    if not absent:
        return ""
    return f"{in_quotes(absent)} {'stands' if len(absent) == 1 else 'stand'} in no article. "


def caution_text(absent: Sequence[str], *, doubtful: bool) -> str:
    """Say before an answer what it lacks; nothing where it lacks nothing.

    >>> caution_text(["Merz"], doubtful=True)
    '“Merz” stands in no article. The nearest that the articles say:'
    """
    return f"{absent_text(absent)}{NEAREST if doubtful else ''}".strip()


def short_html(short: str, day: str) -> str:
    """Show the words that answer by themselves, if there are any, and the day or month that they mean, ISO 8601."""
    meant = f' <span class="meant">{escape(meant_text(day))}</span>' if day else ""
    return f'<p class="short" dir="auto"><strong>{escape(short)}</strong>{meant}</p>' if short else ""


def meant_text(day: str) -> str:
    """Say which day, or month, words mean that do not name it.

    >>> meant_text("2022-07-19"), meant_text("2022-07"), meant_text("")
    ('(19 July 2022, by the day of its article)', '(July 2022, by the day of its article)', '')
    """
    return f"({_day_or_month(day)}, by the day of its article)" if day else ""


def line_day_text(day: str, lead: str) -> str:
    """Say before a line of a list which day or month its words mean, if they do not name it; `lead` is the list's.

    >>> line_day_text("2022-07-19", "3 dates:"), line_day_text("2022-07", "The articles differ:")
    ('19 July 2022:', 'July 2022:')
    >>> line_day_text("", "3 dates:"), line_day_text("2022-07-19", "")
    ('', '')
    """
    return f"{_day_or_month(day)}:" if day and lead else ""


def _day_or_month(said: str) -> str:
    return day_text(said) or month_text(said)
