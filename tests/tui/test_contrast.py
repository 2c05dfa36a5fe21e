"""A colour that cannot be read on a ground is replaced by one that can."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.color import BLACK, WHITE, Color

from retrotimer.tui.contrast import contrast, legible

COLORS = st.builds(Color, *[st.integers(0, 255)] * 3)


@given(COLORS, COLORS, st.sampled_from([3.0, 4.5]))
def test_a_legible_colour_has_the_contrast(color: Color, ground: Color, least: float) -> None:
    found = legible(color, ground, least)
    assert contrast(found, ground) >= least
    assert (found == color) is (contrast(color, ground) >= least)


@given(COLORS, COLORS)
def test_where_there_is_no_such_contrast_it_is_the_most(color: Color, ground: Color) -> None:
    most = max(contrast(end, ground) for end in (BLACK, WHITE))
    assert contrast(legible(color, ground, 7.0), ground) >= min(7.0, most)
