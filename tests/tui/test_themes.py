"""The digits can be told from the background, in every theme, state and kind of terminal."""

from __future__ import annotations

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.app import App
from textual.color import Color
from textual.theme import Theme

from retrotimer.config.model import DisplaySettings
from retrotimer.tui.themes import STATES, THEMES, VARIABLES, wear

BY_NAME = {theme.name: theme for theme in THEMES}
EVERY = [(theme, state) for theme in THEMES for state in STATES]


def luminance(color: Color) -> float:
    """WCAG 2 relative luminance."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in color.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """WCAG 2 contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def look(theme: Theme, state: str) -> tuple[Color, Color]:
    variables = theme.variables
    return Color.parse(variables[state]), Color.parse(variables[f"{state}-field"])


def test_the_contrast_is_that_of_the_standard() -> None:
    assert contrast(Color(0, 0, 0), Color(255, 255, 255)) == pytest.approx(21)
    assert contrast(Color(119, 119, 119), Color(255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("theme", "state"), EVERY, ids=lambda it: getattr(it, "name", it))
def test_digits_stand_out_from_their_field(theme: Theme, state: str) -> None:
    assert contrast(*look(theme, state)) > 7


@pytest.mark.parametrize(("theme", "state"), EVERY, ids=lambda it: getattr(it, "name", it))
def test_digits_stand_out_in_16_colours(theme: Theme, state: str) -> None:
    accent, field = (
        RichColor.from_rgb(*color.rgb).downgrade(ColorSystem.STANDARD).number
        for color in look(theme, state)
    )
    assert accent != field


@pytest.mark.parametrize(("theme", "state"), EVERY, ids=lambda it: getattr(it, "name", it))
def test_digits_stand_out_without_colour(theme: Theme, state: str) -> None:
    accent, field = (color.monochrome for color in look(theme, state))
    assert contrast(accent, field) > 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_plain_text_stands_out(theme: Theme) -> None:
    assert contrast(Color.parse(theme.foreground or ""), Color.parse(theme.background or "")) > 7


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_state_looks_like_itself(theme: Theme) -> None:
    looks = [look(theme, state) for state in STATES]
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_theme_knows_every_variable(theme: Theme) -> None:
    assert set(VARIABLES) <= set(theme.variables)
    assert {name for state in STATES for name in (state, f"{state}-field")} == set(VARIABLES)


def test_the_default_of_the_config_is_a_theme() -> None:
    assert DisplaySettings().theme == THEMES[0].name
    assert len(BY_NAME) == len(THEMES)


class Dressed(App[None]):
    """Wears a theme before it runs, as our apps do."""

    def __init__(self, theme: str) -> None:
        super().__init__()
        wear(self, theme)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_a_theme_is_worn_from_the_first_frame(theme: Theme) -> None:
    app = Dressed(theme.name)
    async with app.run_test():
        assert app.screen.styles.background == Color.parse(theme.background or "")
        assert app.has_class("-dark-mode") is theme.dark
        assert app.has_class("-light-mode") is not theme.dark
