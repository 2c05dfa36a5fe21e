"""What the built-in English voice says for each word of `retrotimer/core/vocabulary.py`."""

from __future__ import annotations

ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

TEXTS: dict[str, str] = {
    "forward": "forward",
    "backward": "backward",
    "rest": "rest",
    "round": "round",
    "of": "of",
    "last-one": "last one",
    "incline": "incline",
    "left": "left",
    "then": "then",
    "slow-to": "slow to",
    "slow-the-belt": "slow the belt",
    "set": "set",
    "set-the-belt": "set the belt",
    "on-the-rails": "on the rails",
    "hold-the-rails": "hold the rails",
    "turn-round": "turn round",
    "turn-to-the-console": "turn to the console",
    "stop-and-turn": "then stop and turn",
    "get-ready": "get ready",
    "going-on": "going on",
    "halfway": "halfway",
    "until-enter": "until you press enter",
    "press-enter": "press enter when ready",
    "paused": "paused",
    "still-moving": "the belt is still moving",
    "finished": "finished",
    "stopped": "stopped",
    "hour": "hour",
    "hours": "hours",
    "minute": "minute",
    "minutes": "minutes",
    "second": "second",
    "seconds": "seconds",
    "percent": "percent",
    **{str(number): text for number, text in enumerate(ONES)},
    **{str(number): text for number, text in zip(range(20, 100, 10), TENS, strict=True)},
    # These are said so often that they are recorded as one word.
    **{str(number): f"{TENS[number // 10 - 2]} five" for number in (25, 35, 45, 55)},
    **{f"point-{digit}": f"point {ONES[digit]}" for digit in range(10)},
}
"""What is said for each word."""

PLACES: dict[str, tuple[str, ...]] = {
    "direction": ("forward", "backward", "rest"),
    "number": tuple(word for word in TEXTS if word.isdigit()),
    "tenths": tuple(word for word in TEXTS if word.startswith("point-")),
    "unit": ("hour", "minute", "second", "hours", "minutes", "seconds", "percent"),
    "belt": ("slow-to", "slow-the-belt", "set", "set-the-belt", "incline", "then"),
    "turn": ("on-the-rails", "hold-the-rails", "turn-round", "turn-to-the-console"),
    "notice": ("get-ready", "halfway", "stop-and-turn", "paused", "going-on", "press-enter"),
    "end": ("finished", "stopped", "last-one", "still-moving", "until-enter"),
}
"""Words that can occur in the same place, and so must not sound alike."""
