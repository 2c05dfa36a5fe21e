"""The codec: what it writes it reads back, and everything else is refused with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotimer.core.codec import Codec, Rule, UnfitError


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Spot(NamedTuple):
    x: int
    y: float
    colour: Colour | None = None


@dataclass(frozen=True)
class Shape:
    name: str
    spots: tuple[Spot, ...]
    size: tuple[int, float]
    filled: bool = False
    number: int | None = None
    other: int | None = 7
    drawn: int = field(default=0, compare=False, metadata={"kept": False})


@dataclass
class Picture:
    shapes: list[Shape]
    title: str | None


@dataclass(frozen=True)
class Dated:
    day: date
    rest: dict[str, object]


@dataclass(frozen=True)
class Named:
    name: str


def rule(owner: type, name: str, kind: type) -> Rule | None:
    if (owner, name, kind) == (Spot, "x", int):
        return lambda value: None if value >= 0 else "0 or more"
    return None


def named(name: str) -> Named:
    if not name:
        raise UnfitError("no name", "one", ("name",))
    return Named(name.title())


STRICT = Codec(rule=rule)
SPARSE = Codec(sparse=True, rule=rule, lenient=(Picture,), makers={Named: named})

numbers = st.floats(allow_nan=False)
spots = st.builds(Spot, st.integers(0), numbers, st.sampled_from([None, *Colour]))
shapes = st.builds(
    Shape,
    st.text(),
    st.lists(spots, max_size=3).map(tuple),
    st.tuples(st.integers(), numbers),
    st.booleans(),
    st.none() | st.integers(),
    # None is left out, and read as the default.
    st.integers(),
)
pictures = st.builds(Picture, st.lists(shapes, max_size=3), st.none() | st.text())


@pytest.mark.parametrize("codec", [STRICT, SPARSE], ids=["strict", "sparse"])
@given(picture=pictures)
def test_what_is_written_is_read_back(codec: Codec, picture: Picture) -> None:
    assert codec.read(Picture, codec.plain(picture)) == picture


SHAPE = Shape("a", (Spot(1, 2.5, Colour.RED), Spot(3, 4.0)), (5, 6.0), drawn=9)


def test_none_is_written_or_left_out() -> None:
    whole = {"name": "a", "size": [5, 6.0], "filled": False, "other": 7}
    assert STRICT.plain(Picture([SHAPE], None)) == {
        "shapes": [{**whole, "spots": [[1, 2.5, "red"], [3, 4.0, None]], "number": None}],
        "title": None,
    }
    assert SPARSE.plain(Picture([SHAPE], None)) == {
        "shapes": [{**whole, "spots": [[1, 2.5, "red"], [3, 4.0]]}]
    }


def test_a_missing_value_has_its_default() -> None:
    old = {"shapes": [{"name": "a", "spots": [[1, 2.5, "red"], [3, 4]], "size": [5, 6]}]}
    picture = SPARSE.read(Picture, old)
    assert picture == Picture([SHAPE], None)
    assert picture.shapes[0].drawn == 0
    with pytest.raises(UnfitError, match=r"^shapes\[0\]\.spots\[1\]: found 2 values, expected 3$"):
        STRICT.read(Picture, old)


SPOTS = [[1, 2.5, "red"]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": 1}, "shapes[0].name: found 1, expected a text"),
        ({"name": None}, "shapes[0].name: found nothing, expected a text"),
        ({"spots": 1}, "shapes[0].spots: found 1, expected a list"),
        ({"spots": [*SPOTS, {}]}, "shapes[0].spots[1]: found a table, expected a list"),
        ({"spots": [[1]]}, "shapes[0].spots[0]: found 1 values, expected 3"),
        ({"spots": [[-1, 2.5]]}, "shapes[0].spots[0].x: found -1, expected 0 or more"),
        ({"spots": [[1.0, 2.5]]}, "shapes[0].spots[0].x: found 1.0, expected a whole number"),
        ({"spots": [[True, 2.5]]}, "shapes[0].spots[0].x: found true, expected a whole number"),
        ({"spots": [[1, "2"]]}, "shapes[0].spots[0].y: found '2', expected a number"),
        ({"spots": [[1, 10**400]]}, "found an absurdly large number, expected a number"),
        ({"spots": [[1, 2.5, "rot"]]}, "colour: found 'rot', expected one of red, blue"),
        ({"spots": [[1, 2.5, ["red"]]]}, "colour: found a list, expected one of red, blue"),
        ({"size": [1]}, "shapes[0].size: found 1 values, expected 2"),
        ({"size": [1, []]}, "shapes[0].size[1]: found a list, expected a number"),
        ({"filled": 1}, "shapes[0].filled: found 1, expected true or false"),
        ({"colour": 1}, "shapes[0]: found the unknown key 'colour', expected only known keys"),
        ({"": 1}, "shapes[0]: found the unknown key '', expected only known keys"),
    ],
    ids=str,
)
def test_an_error_names_its_place(changes: dict[str, object], message: str) -> None:
    shape = {"name": "a", "spots": SPOTS, "size": [5, 6.0]}
    SPARSE.read(Picture, {"shapes": [shape]})
    with pytest.raises(UnfitError) as caught:
        SPARSE.read(Picture, {"shapes": [shape | changes]})
    assert str(caught.value).endswith(message)
    assert caught.value.where[:2] == ("shapes", 0)


def test_data_that_is_no_table_at_all_has_no_place() -> None:
    with pytest.raises(UnfitError, match=r"^found a list, expected a table$"):
        SPARSE.read(Picture, [])


def test_a_value_without_a_default_must_be_there() -> None:
    with pytest.raises(UnfitError, match=r"^shapes: found nothing, expected a value$"):
        SPARSE.read(Picture, {"title": "a"})
    with pytest.raises(UnfitError, match=r"^title: found nothing, expected a value$"):
        STRICT.read(Picture, {"shapes": []})
    assert STRICT.read(Picture, {"shapes": [], "title": None}) == Picture([], None)


def test_only_a_lenient_class_ignores_unknown_keys() -> None:
    data = {"shapes": [], "title": "a", "more": 1}
    assert SPARSE.read(Picture, data) == Picture([], "a")
    with pytest.raises(UnfitError, match="unknown key 'more'"):
        STRICT.read(Picture, data)


def test_an_instance_can_be_made_by_a_function() -> None:
    assert SPARSE.read(Named, {"name": "ada"}) == Named("Ada")
    with pytest.raises(UnfitError, match=r"^name: found no name, expected one$"):
        SPARSE.read(Named, {"name": ""})


def test_a_codec_can_accept_more_plain_types() -> None:
    codec = Codec(more={date: "a day", dict: "a table"})
    one = Dated(date(2026, 1, 1), {"any": [1]})
    assert codec.plain(one) == {"day": date(2026, 1, 1), "rest": {"any": [1]}}
    assert codec.read(Dated, codec.plain(one)) == one
    with pytest.raises(UnfitError, match=r"^day: found 1, expected a day$"):
        codec.read(Dated, {"day": 1, "rest": {}})
    with pytest.raises(UnfitError, match=r"^rest: found a list, expected a table$"):
        codec.read(Dated, {"day": date(2026, 1, 1), "rest": []})
