"""Changes a record's text only where its values change: comments and manual layout stay."""

from __future__ import annotations

import tomli

from retrotimer.config.toml_positions import Node, scan
from retrotimer.history.errors import InvalidRecord
from retrotimer.history.record import Record, alike, from_table, row_texts, scalar_texts, to_toml


def spliced(data: bytes, record: Record) -> bytes:
    """The bytes of one record with the values of `record` in them.

    If the text must be completely new (other rows, a form that only people write), it is the
    canonical one.
    """
    canonical = to_toml(record)
    text = data.decode()
    old = _read(text)
    if old is None or row_texts(old) != row_texts(record):
        return canonical
    before, after = scalar_texts(old), scalar_texts(record)
    changed = {name: after.get(name) for name in {**before, **after}}
    changed = {name: value for name, value in changed.items() if value != before.get(name)}
    node = scan(text).root
    for step in ("workout", 0):
        if node.inner is None or step not in node.inner:
            return canonical
        node = node.inner[step]
    pieces = _pieces(text, node, changed, [*after])
    made = text
    for start, end, piece in sorted(pieces, reverse=True):
        made = made[:start] + piece + made[end:]
    read = _read(made)
    return canonical if read is None or not alike(read, record) else made.encode()


def _read(text: str) -> Record | None:
    try:
        (table,) = tomli.loads(text)["workout"]
        return from_table(table)
    except (ValueError, KeyError, TypeError, RecursionError, InvalidRecord):
        return None


def _pieces(
    text: str, node: Node, changed: dict[str, str | None], order: list[str]
) -> list[tuple[int, int, str]]:
    """What to put where: offsets of a stretch and the text in its place."""
    inner = node.inner or {}
    pieces: list[tuple[int, int, str]] = []
    new: dict[int, list[str]] = {}
    for name in sorted(changed, key=order.index):
        value, there = changed[name], inner.get(name)
        if there is not None and value is not None:
            pieces.append((*there.place.value, value))
        elif there is not None:
            pieces.append((*_without(text, *_assignment(text, there)), ""))
        elif value is not None:
            # After the one that it follows in our own order; `id` is always there.
            earlier = [one for one in order[: order.index(name)] if one in inner]
            if not earlier:
                return []
            new.setdefault(_line_end(text, inner[earlier[-1]].place.value.end), []).append(
                f"{name} = {value}"
            )
    for at, lines in new.items():
        end = "\r\n" if text[:at].endswith("\r\n") else "\n"
        gap = "" if text[:at].endswith("\n") else end
        pieces.append((at, at, gap + "".join(f"{line}{end}" for line in lines)))
    return pieces


def _assignment(text: str, node: Node) -> tuple[int, int]:
    """Where a key with its value begins and ends, including the blanks after it."""
    end = node.place.value.end
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return node.place.key.start, end


def _without(text: str, start: int, end: int) -> tuple[int, int]:
    """What is removed with a key: its whole line, unless a comment follows it."""
    if text[end : end + 1] == "#":
        return start, end
    return text.rfind("\n", 0, start) + 1, _line_end(text, end)


def _line_end(text: str, at: int) -> int:
    """The offset after the line that continues at `at`."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1
