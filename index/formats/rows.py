"""JSON, JSON lines, CSV -> Articles, one a row: its text stands in a field of a usual name, its other fields too.

A row without text is passed over; where no row has any, the file is an ArticleError.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence

from index.errors import ArticleError
from index.formats.encoding import decode
from index.formats.fields import by_plain_name, read_fields
from index.formats.keys import keys_of
from index.records import Article

Row = Mapping[str, object]

TEXTS = ("text", "body", "content", "article", "articlebody", "articletext", "fulltext", "maintext", "description")
"""In plain form, see `by_plain_name`. The description last: where there is a text, it is a summary of it."""
KEYS = ("id", "guid", "uuid", "key")
DELIMITERS = ",;\t|"
MAX_CELL = 16 * 2**20
"""Characters: csv's own 131,072 is less than a long article, and an open quote must not swallow a file in silence."""


def read_json(path: str, data: bytes) -> list[Article]:
    """Read a .json file: a list of objects, one object, or an object that holds one list of objects."""
    try:
        said = json.loads(decode(data))
    except ValueError as error:
        raise ArticleError(f"not JSON: {error}") from error
    except RecursionError as error:
        raise ArticleError("its JSON is nested too deep to be rows of articles") from error
    return _articles(path, _rows_in(said))


def read_jsonl(path: str, data: bytes) -> list[Article]:
    """Read a .jsonl file: one object a line."""
    lines = decode(data).split("\n")
    return _articles(path, [_row_in(line, number) for number, line in enumerate(lines, 1) if line.strip()])


def read_csv(path: str, data: bytes) -> list[Article]:
    """Read a .csv file: a line of names, then one article a row."""
    text = decode(data)
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    before = csv.field_size_limit(MAX_CELL)  # of the whole process: put back below
    try:
        rows: list[Row] = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ArticleError(f"not CSV: {error}") from error
    finally:
        csv.field_size_limit(before)
    return _articles(path, rows)


def _rows_in(said: object) -> Sequence[object]:
    if isinstance(said, list):
        return said
    if not isinstance(said, dict):
        return []
    inside = [
        value for value in said.values() if isinstance(value, list) and any(isinstance(row, dict) for row in value)
    ]
    return inside[0] if len(inside) == 1 and not _text(said) else [said]


def _row_in(line: str, number: int) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"line {number} is not JSON: mend or remove it") from error


def _articles(path: str, rows: Sequence[object]) -> list[Article]:
    objects = [row if isinstance(row, dict) else {} for row in rows]
    found = [
        Article(id=f"{path}#{key}", path=path, text=text, **read_fields(row))
        for row, key in zip(objects, keys_of([_own_key(row) for row in objects]), strict=True)
        if (text := _text(row))
    ]
    if not found:
        raise ArticleError(f"no row has a text: name that field one of {' '.join(TEXTS)}")
    return found


def _text(row: Row) -> str | None:
    by_name = by_plain_name(row)
    values = (by_name.get(name) for name in TEXTS)
    return next((value for value in values if isinstance(value, str) and value.strip()), None)


def _own_key(row: Row) -> str | None:
    by_name = by_plain_name(row)
    values = (by_name.get(name) for name in KEYS)
    return next((str(value) for value in values if isinstance(value, str | int) and value != ""), None)
