"""The positions of keys and values agree with what the TOML reader finds."""

from __future__ import annotations

import tomli
from hypothesis import given
from hypothesis import strategies as st

from retrotimer.config.toml_positions import KeyPath, Place, TomlPositions, scan

SCALARS = (
    "1",
    "-7",
    "+0",
    "0xff",
    "1_000",
    "1.5",
    "6e3",
    "-0.0",
    "true",
    "false",
    "2026-11-24",
    "2026-11-24 10:00:00",
    "2026-11-24T10:00:00+01:00",
    "2026-11-24 10:00",
    "10:00:00",
    '""',
    "''",
    '"a # b"',
    '"a \\" ] } , b"',
    '"\\\\"',
    "'\\'",
    "'it \"is\" # so'",
    '"日本語 🏃"',
    '""""""',
    '"""one\ntwo = [3] # not\n"""',
    '"""a \\" "" b"""',
    '""""quoted""""',
    '"""two""\n"""""',
    '"""\\\n   folded"""',
    "'''\nraw [a] \\ \n'''",
    "'''''two'''''",
    '"\\e\\x41"',
)
GAPS = ("", "", " ", "  ", "\t")
BREAKS = ("", " ", "\n", "\n  ", " # note ] } , = [\n", "\n\n# 'odd\n\t")

bare = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-_", min_size=1, max_size=6)
names = st.one_of(
    bare,
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6),
    st.sampled_from(["", " ", "a.b", '"', "'", "\\", "#", "=", "[x]", "日本", "é"]),
)


@st.composite
def key_texts(draw: st.DrawFn, name: str) -> str:
    """One of the ways to write a key."""
    plain = name.replace("\\", "\\\\").replace('"', '\\"')
    spellings = [f'"{plain}"', '"' + "".join(f"\\U{ord(char):08x}" for char in name) + '"']
    if name and all(char.isascii() and (char.isalnum() or char in "-_") for char in name):
        spellings += [name, name]
    if "'" not in name:
        spellings.append(f"'{name}'")
    return draw(st.sampled_from(spellings))


@st.composite
def values(draw: st.DrawFn, depth: int = 3) -> str:
    """A scalar, an array or an inline table, in any layout that TOML 1.1 allows."""
    kind = draw(st.sampled_from(["scalar", "scalar", "array", "table"])) if depth else "scalar"
    if kind == "scalar":
        return draw(st.sampled_from(SCALARS))
    gap = st.sampled_from(BREAKS)
    if kind == "array":
        parts = draw(st.lists(values(depth - 1), max_size=3))
        opening, closing = "[", "]"
    else:
        parts = draw(pairs(depth - 1))
        opening, closing = "{", "}"
    text = opening + draw(gap)
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        comma = "" if last and draw(st.booleans()) else ","
        text += part + draw(gap) + comma + draw(gap)
    return text + closing


@st.composite
def pairs(draw: st.DrawFn, depth: int, taken: tuple[str, ...] = ()) -> list[str]:
    """Keys with values; no key twice, some dotted."""
    found = []
    for name in draw(st.lists(names.filter(lambda n: n not in taken), max_size=3, unique=True)):
        equals = draw(st.sampled_from(GAPS)) + "=" + draw(st.sampled_from(GAPS))
        first = draw(key_texts(name))
        inner_names = draw(st.lists(names, max_size=2, unique=True))
        for inner in inner_names or [""]:
            dotted = ""
            if inner_names:
                dotted = f"{draw(st.sampled_from(GAPS))}.{draw(st.sampled_from(GAPS))}"
                dotted += draw(key_texts(inner))
            found.append(first + dotted + equals + draw(values(depth)))
    return found


@st.composite
def bodies(draw: st.DrawFn, taken: tuple[str, ...] = ()) -> list[str]:
    """The lines below a header."""
    lines = []
    for pair in draw(pairs(3, taken)):
        end = draw(st.sampled_from(["", " ", "  # a [note] = 'x", "\n", "\n# more"]))
        lines.append(draw(st.sampled_from(GAPS)) + pair + end)
    return lines


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A valid document: pairs, tables, arrays of tables and tables inside them."""
    sections = tuple(draw(st.lists(names, max_size=3, unique=True)))
    lines = draw(bodies(taken=sections))
    for name in sections:
        inner = draw(names)
        for again in range(draw(st.integers(1, 3))):
            array = again > 0 or draw(st.booleans())
            key = draw(key_texts(name))
            lines.append(f"[[{key}]]" if array else f"[ {key} ] # here")
            lines += draw(bodies(taken=(inner,)))
            if draw(st.booleans()):
                under = f"{draw(key_texts(name))} . {draw(key_texts(inner))}"
                lines += [f"[{under}]", *draw(bodies())]
            elif draw(st.booleans()):
                for _ in range(draw(st.integers(1, 2))):
                    under = f"{draw(key_texts(name))}.{draw(key_texts(inner))}"
                    lines += [f"  [[{under}]]", *draw(bodies())]
            if not array:
                break
    return "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n# end"]))


def places_of(found: TomlPositions) -> dict[KeyPath, Place]:
    """Every place that the scan found, by path."""
    by_path: dict[KeyPath, Place] = {}
    nodes = [found.root]
    while nodes:
        inner = nodes.pop().inner or {}
        by_path |= {node.path: node.place for node in inner.values()}
        nodes += inner.values()
    return by_path


def check(found: TomlPositions, value: object, path: KeyPath, places: dict[KeyPath, Place]) -> int:
    """Compare a value and everything in it with their places; returns how many were compared."""
    count = 0
    if path:
        assert path in places, f"no place for {path}"
        place = found.find(path)
        assert place == places[path]
        if isinstance(path[-1], str):
            key = found.text[slice(*place.key)]
            assert tomli.loads(f"{key} = 1") == {path[-1]: 1}
        written = found.text[slice(*place.value)]
        if not isinstance(value, dict) and not written.startswith("[["):
            assert tomli.loads(f"x = {written}") == {"x": value}
        count = 1
    if isinstance(value, dict):
        count += sum(check(found, inner, (*path, key), places) for key, inner in value.items())
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            count += check(found, inner, (*path, index), places)
    return count


@given(documents(), st.data())
def test_every_path_that_the_reader_finds_has_its_own_place(text: str, data: st.DataObject) -> None:
    content = tomli.loads(text)
    found = scan(text)
    places = places_of(found)
    assert check(found, content, (), places) == len(places)
    assert found.repeated == ()
    # A truncated document can be scanned as well.
    for end in data.draw(st.lists(st.integers(0, len(text)), min_size=1, max_size=3)):
        for place in places_of(scan(text[:end])).values():
            assert 0 <= place.key.start <= place.key.end <= end


@given(st.text("[]{}\"'\\=.,#ab1\n \t", max_size=60))
def test_any_text_can_be_scanned(text: str) -> None:
    for place in places_of(scan(text)).values():
        assert place.key.end <= len(text)
        assert place.value.end <= len(text)


def test_lines_and_columns_count_from_one() -> None:
    found = scan('a = 1\n\n  "é" = { b = 2 }\n')
    place = found.find(("é", "b"))
    assert (found.line_of(place.key.start), found.column_of(place.key.start)) == (3, 11)
    assert (found.line_of(place.value.start), found.column_of(place.value.start)) == (3, 15)
    assert found.line(3) == '  "é" = { b = 2 }'
    assert found.line(4) == ""


def test_a_missing_key_has_the_place_of_its_table() -> None:
    found = scan("[a]\nb = 1\n")
    assert found.find(("a", "missing", 3)) == found.find(("a",))
    assert found.find(("a",)).key == (1, 2)
    assert found.find(()).key == (0, 0)


def test_keys_given_twice_are_reported() -> None:
    found = scan("a = 1\n[b]\nc.d = 1\nc.d = 2\n[b]\n")
    assert [one.path for one in found.repeated] == [("b", "c", "d"), ("b",)]
    again = found.repeated[0]
    assert (found.line_of(again.first.start), found.line_of(again.again.start)) == (3, 4)


def test_deep_nesting_does_not_exhaust_the_stack() -> None:
    found = scan("a = " + "[" * 5000 + "]" * 5000)
    assert found.find(("a", *([0] * 4999))).value == (5003, 5005)
