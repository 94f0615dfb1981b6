"""Pages that stand alone: no script, nothing from elsewhere, and the style that is written here."""

from ui.headers import NOTHING, POLICY, digest_of
from ui.render import escape

STYLE = """
:root {
  --paper: #fbfaf7; --ink: #22252a; --soft: #5c6068; --rule: #dedad2; --accent: #1f5f8b;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", "Noto Serif", Georgia, serif;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #17181a; --ink: #e8e6e1; --soft: #a5a8ae; --rule: #35373b; --accent: #8cc4ec; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 400 1.05rem/1.6 var(--serif); }
main { max-width: 42rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; font-weight: 600; line-height: 1.3; margin: 0 0 1.25rem; }
h2 { font-size: 1rem; font-weight: 600; margin: 2.5rem 0 .75rem; }
a { color: var(--accent); }
.short { font-size: 1.3rem; margin: 0 0 .5rem; }
blockquote { margin: 0 0 .25rem; padding-left: .9rem; border-left: 3px solid var(--rule); }
ol { padding-left: 1.5rem; }
li { margin-bottom: 1.25rem; }
li:target blockquote { border-color: var(--accent); }
.facts, .meant, footer { color: var(--soft); font: .85rem/1.5 system-ui, sans-serif; margin: 0; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--rule); padding-top: .6rem; }
form { font: 1rem/1.5 system-ui, sans-serif; display: grid; gap: .9rem; max-width: 24rem; margin-top: 2rem; }
label { display: grid; gap: .2rem; color: var(--soft); font-size: .9rem; }
input, button { font: inherit; color: var(--ink); background: transparent; border: 1px solid var(--soft); }
input, button { border-radius: 4px; padding: .5rem .7rem; }
button { cursor: pointer; justify-self: start; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
"""
_ITS_OWN_FORM = NOTHING.replace("form-action 'none'", "form-action 'self'")
STYLE_POLICY = {POLICY: f"{_ITS_OWN_FORM}; style-src '{digest_of(STYLE)}'"}
"""The header of a page that may be styled as above, and may send a form here; nothing else."""


def page_html(title: str, body: str) -> str:
    """Return a page; `title` is text, and `body` HTML in which everything foreign is escaped."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)} · article-qa</title><style>{STYLE}</style></head>\n"
        f"<body><main>{body}</main></body></html>\n"
    )
