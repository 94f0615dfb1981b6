"""Named bars in groups -> a picture in SVG: quiet, legible on a light page and on a dark one, the same each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LABELS, LINE, GAP = 720, 250, 20, 34
"""In pixels: of the picture, of what stands left of the bars; the height of a bar with its space, and of a title."""
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 }
rect.theirs { fill: #b6bec7 }
rect.ours { fill: #2f6feb }
@media (prefers-color-scheme: dark) { text { fill: #d0d7de } rect.theirs { fill: #545d68 } rect.ours { fill: #539bf5 } }
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A value, and the words at its two ends."""

    name: str
    value: float
    said: str
    ours: bool


def bars(groups: Mapping[str, Sequence[Bar]], title: str) -> str:
    """Draw groups below each other, each on a scale of its own that begins at 0."""
    drawn = [f'<text class="title" x="0" y="16">{escape(title)}</text>']
    top = LINE
    for name, group in groups.items():
        top += GAP
        drawn.append(f'<text class="title" x="{LABELS}" y="{top - 8}">{escape(name)}</text>')
        longest = max(bar.value for bar in group)
        for bar in group:
            length = (WIDTH - LABELS - 60) * bar.value / longest
            middle = top + LINE / 2 + 4
            whose = "ours" if bar.ours else "theirs"
            drawn += [
                f'<text x="{LABELS - 8}" y="{middle}" text-anchor="end">{escape(bar.name)}</text>',
                f'<rect class="{whose}" x="{LABELS}" y="{top + 3}" width="{length:.1f}" height="{LINE - 6}"/>',
                f'<text x="{LABELS + length + 6:.1f}" y="{middle}">{escape(bar.said)}</text>',
            ]
            top += LINE
    size = f'viewBox="0 0 {WIDTH} {top + 8}" width="{WIDTH}" height="{top + 8}"'
    lines = "\n".join(drawn)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n<style>{STYLE}</style>\n{lines}\n</svg>\n'
