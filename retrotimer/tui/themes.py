"""The themes: one accent and one field (background) for each state of a workout.

Style sheets say `$forward` and `$forward-field`; the states are `STATES`. Our own themes define
both; for Textual's they are worked out from the theme's background. An app uses themes as a
`Themed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual.app import App, ReturnType
from textual.color import BLACK, WHITE, Color
from textual.design import DEFAULT_DARK_BACKGROUND, DEFAULT_LIGHT_BACKGROUND
from textual.filter import LineFilter
from textual.theme import Theme

from retrotimer.config.value_rules import nearest
from retrotimer.tui.contrast import DIGITS, Legible, legible, luminance
from retrotimer.tui.terminal.texts import Harmless

STATES = ("forward", "backward", "turn", "rest", "waiting", "paused", "lost")
"""What has an accent and a field of its own."""
ALARM = "bold $lost on $lost-field"
"""The style of what must not be missed; readable in every theme."""


def _variables(looks: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Theme variables from (accent, field) by state."""
    accents = {state: accent for state, (accent, _) in looks.items()}
    return accents | {f"{state}-field": field for state, (_, field) in looks.items()}


_AMBER = _variables(
    {
        "forward": ("#ffb627", "#171003"),
        "backward": ("#63e6ff", "#00202e"),
        "turn": ("#ff9df0", "#2e0630"),
        "rest": ("#c3d1a2", "#12160b"),
        "waiting": ("#fff27a", "#2b2600"),
        "paused": ("#1a1000", "#ffb627"),
        "lost": ("#ffffff", "#8a0f0f"),
    }
)
_GREEN = _variables(
    {
        "forward": ("#4dff88", "#04140a"),
        "backward": ("#ffd166", "#2b1c00"),
        "turn": ("#ff9df0", "#2e0630"),
        "rest": ("#a9c7d9", "#0a1318"),
        "waiting": ("#f4ff7a", "#232800"),
        "paused": ("#031207", "#4dff88"),
        "lost": ("#ffffff", "#8a0f0f"),
    }
)
_NIGHT = _variables(
    {
        "forward": ("#ff9a76", "#000000"),
        "backward": ("#9fb4ff", "#0a0f2b"),
        "turn": ("#ffc857", "#241500"),
        "rest": ("#a8a8a8", "#000000"),
        "waiting": ("#e6e07a", "#1a1800"),
        "paused": ("#120500", "#d98a6a"),
        "lost": ("#ffffff", "#7a0c0c"),
    }
)
_PAPER = _variables(
    {
        "forward": ("#000000", "#ffffff"),
        "backward": ("#001a8c", "#d9e6ff"),
        "turn": ("#6b0057", "#ffe3fa"),
        "rest": ("#1f4a1f", "#eef7ee"),
        "waiting": ("#5a3a00", "#fff4c2"),
        "paused": ("#ffffff", "#000000"),
        "lost": ("#ffffff", "#8a0000"),
    }
)


def states(theme: Theme) -> dict[str, str]:
    """The accent and the field of every state, and the flash: the theme's own, or worked out.

    The hues are the same in all themes, so that a state has the same colour everywhere.
    """
    names = {*_AMBER, "flash"}
    own = {name: value for name, value in theme.variables.items() if name in names}
    if len(own) == len(names):
        return own
    usual = DEFAULT_DARK_BACKGROUND if theme.dark else DEFAULT_LIGHT_BACKGROUND
    ground = Color.parse(theme.background or usual)
    if ground.ansi is not None:
        ground = Color.parse("#000000" if theme.dark else "#ffffff")
    # A background of medium lightness leaves too little room for accents, least of all in a flash.
    ground = legible(ground, WHITE if luminance(ground) < _HALF else BLACK, _ROOM)
    looks = {}
    for state, share in _FIELDS.items():
        field = ground.blend(_HUES[state], share)
        looks[state] = (legible(_HUES[state], field, DIGITS + _SPARE).hex, field.hex)
    # Nothing else looks like it: the colours of forward swapped.
    lit = legible(_HUES["forward"], ground, DIGITS + _SPARE)
    looks["paused"] = (legible(ground, lit, DIGITS + _SPARE).hex, lit.hex)
    looks["lost"] = (_AMBER["lost"], _AMBER["lost-field"])
    text = Color.parse(theme.foreground) if theme.foreground else ground.inverse
    if text.ansi is not None:
        text = ground.inverse
    return _variables(looks) | {"flash": f"{text.hex} {_FLASH}%"} | own


_HUES = {state: Color.parse(_AMBER[state]) for state in ("forward", "backward", "turn", "waiting")}
_HUES["rest"] = Color.parse("#7f9f3f")
_FIELDS = {"forward": 0.05, "backward": 0.16, "turn": 0.18, "rest": 0.03, "waiting": 0.14}
"""How much of its hue the field of a state has; the rest is the theme's background."""
_HALF = 0.18
"""From this luminance on a background counts as light: black has as much contrast with it as
white."""
_ROOM = 18.0
"""The least contrast of the ground of a field with white or black."""
_FLASH, _OWN_FLASH = 18, 30
"""How strongly a flash tints the screen, percent; our own themes have room for more."""
_SPARE = 0.5
"""More contrast than required, so that it holds on the field of any other state too."""


def _theme(name: str, variables: dict[str, str], *, dark: bool, plain: str, ground: str) -> Theme:
    """A theme whose primary colour is forward's and whose text is `plain` on `ground`."""
    footer = {
        "footer-background": ground,
        "footer-item-background": ground,
        "footer-description-background": ground,
        "footer-description-foreground": plain,
        "footer-key-foreground": variables["forward"],
        "footer-key-background": ground,
        "border": variables["rest"],
        "input-selection-background": f"{variables['backward']} 35%",
    }
    return Theme(
        name=name,
        primary=variables["forward"],
        secondary=variables["backward"],
        accent=variables["turn"],
        warning=variables["waiting"],
        error=variables["lost-field"],
        success=variables["rest"],
        foreground=plain,
        background=ground,
        surface=variables["forward-field"],
        panel=variables["rest-field"],
        dark=dark,
        variables=variables | footer | {"flash": f"{plain} {_OWN_FLASH}%"},
    )


THEMES: tuple[Theme, ...] = (
    _theme("retro-amber", _AMBER, dark=True, plain="#f3e3c2", ground="#0d0901"),
    _theme("retro-green", _GREEN, dark=True, plain="#d5f2de", ground="#020a05"),
    _theme("night", _NIGHT, dark=True, plain="#d8c9c1", ground="#000000"),
    _theme("paper", _PAPER, dark=False, plain="#000000", ground="#ffffff"),
)
"""Our own themes, the default first: two like old screens, one for a dark room, one for
sunlight."""


class Themed(App[ReturnType]):
    """An app with the colours of the states in every theme, and every text legible."""

    _legible = Legible()
    _harmless = Harmless()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The accents and fields of the states."""
        return states(self.current_theme)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, then those for contrast and for what a terminal would obey."""
        return [*super().get_line_filters(), self._legible, self._harmless]


def wear(app: App[Any], wanted: str) -> str:
    """Set an app's theme; returns a complaint if there is none of that name, else an empty text."""
    for theme in THEMES:
        app.register_theme(theme)
    names = list(app.available_themes)
    found = wanted in names
    name = wanted if found else THEMES[0].name
    if app.is_running:
        app.theme = name
    else:
        # Before its first frame there is nothing to repaint, but its colours were made already.
        app.set_reactive(App.theme, name)
        app.stylesheet.set_variables(app.get_css_variables())
        app.set_class(app.current_theme.dark, "-dark-mode", update=False)
        app.set_class(not app.current_theme.dark, "-light-mode", update=False)
    if found:
        return ""
    close = nearest(wanted, names)
    hint = f"; did you mean {close!r}?" if close else ""
    return f"there is no theme {wanted!r}{hint}"
