"""The few pictures on buttons, as inline SVG in the colour of the text. Each button also has a name in words."""

PATHS = {
    "again": "M4 10a6 6 0 1 1 1.8 4.3M4 5v5h5",
    "arrow": "M10 16V4M5 9l5-5 5 5",
    "close": "M5 5l10 10M15 5L5 15",
    "copy": "M7 7V4h9v9h-3M4 7h9v9H4z",
    "down": "M5 8l5 5 5-5",
    "bin": "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6M8.5 9v4.5M11.5 9v4.5",
    "left": "M12 5l-5 5 5 5",
    "link": "M8 12l4-4M9 6l1.5-1.5a3 3 0 0 1 5 5L14 11M11 14l-1.5 1.5a3 3 0 0 1-5-5L6 9",
    "menu": "M3 6h14M3 10h14M3 14h14",
    "pencil": "M4 16l1-4 8-8 3 3-8 8zM11 6l3 3",
    "plus": "M10 4v12M4 10h12",
    "right": "M8 5l5 5-5 5",
    "stop": "M6 6h8v8H6z",
    "thumb-down": "M6 11V4H3v7zM6 4h7.5l2 6v1H11l.6 4.2L10 16.5 6 11",
    "thumb-up": "M6 9v7H3V9zM6 16h7.5l2-6V9H11l.6-4.2L10 3.5 6 9",
}


def close_html(act: str) -> str:
    """Return the button that takes away what stands beside it."""
    return (
        f'<button type="button" class="act" data-act="{act}" aria-label="Close" title="Close">{icon("close")}</button>'
    )


def icon(name: str) -> str:
    """Return the picture of that name."""
    return (
        '<svg class="icon" viewBox="0 0 20 20" width="18" height="18" fill="none" stroke="currentColor" '
        'stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        f'<path d="{PATHS[name]}"/></svg>'
    )
