"""The digits can be told from the background, in every theme, state and kind of terminal."""

from __future__ import annotations

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from retrotimer.config import theme_names
from retrotimer.config.model import DisplaySettings
from retrotimer.tui.contrast import contrast
from retrotimer.tui.themes import STATES, THEMES, states, wear

ALL = [*BUILTIN_THEMES.values(), *THEMES]
EVERY = [(theme, state) for theme in ALL for state in STATES]


def look(theme: Theme, state: str) -> tuple[Color, Color]:
    variables = states(theme)
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


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.name)
def test_every_state_looks_like_itself(theme: Theme) -> None:
    looks = [look(theme, state) for state in STATES]
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.name)
def test_every_theme_knows_every_variable(theme: Theme) -> None:
    names = {name for state in STATES for name in (state, f"{state}-field")}
    assert set(states(theme)) == names | {"flash"}


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.name)
def test_a_plan_can_be_told_on_every_field(theme: Theme) -> None:
    """The strip of the plan has all accents of what moves, on the field of the present state."""
    moving = [look(theme, state) for state in STATES if state not in ("paused", "lost")]
    assert min(contrast(accent, field) for accent, _ in moving for _, field in moving) > 4.5


def test_a_theme_of_somebody_else_keeps_its_own_accents() -> None:
    theme = Theme("mine", primary="#808080", variables={"forward": "#123456"})
    assert states(theme)["forward"] == "#123456"
    assert states(theme)["backward"] != states(THEMES[0])["backward"]


def test_the_default_of_the_config_is_a_theme() -> None:
    assert DisplaySettings().theme == THEMES[0].name
    assert len({theme.name for theme in ALL}) == len(ALL)


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


def test_the_config_knows_the_names_of_all_themes() -> None:
    app: App[None] = App()
    wear(app, "paper")
    assert {one.name for one in THEMES} == set(theme_names.OURS)
    assert theme_names.OURS[0] == THEMES[0].name == DisplaySettings().theme
    # A newer Textual may have more of them; then its source tells.
    assert set(theme_names.OF_TEXTUAL) <= set(BUILTIN_THEMES)
    assert all(map(theme_names.known, app.available_themes))
    assert theme_names._installed() == set(BUILTIN_THEMES)
    assert not theme_names.known("my-own")
