"""Every text that names a key names the one in force: no default is left when all are others.

What the screens say is looked at in `test_tour.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

from retrotimer.config.keys import DEFAULT_KEYS
from retrotimer.core.events import WaitBegan
from retrotimer.core.sets import Confirm
from retrotimer.core.states import WaitFor
from retrotimer.plain.checklist import PlainChecklist
from retrotimer.plain.run import PlainRun
from retrotimer.run.runner import Runner
from retrotimer.session.remembered import Remembered
from retrotimer.text.events import event_text
from retrotimer.text.format import plan_lines
from retrotimer.tui.before_workout import other
from tests.plain.test_checklist import Typist
from tests.support.runner_world import config_of, make_world, plan_of

OTHERS = dict(zip(DEFAULT_KEYS, "абвгдежзийклмнопрстуфхцчшщъыьэю", strict=False))
"""Another key for everything."""
_NONE = re.compile(r"\d m x \d m|\bm:ss\b|\d [smh]\b|\d+ x \d+|\ba\b|▌|\^p|[\[(][^\])]*[\])]")
"""What looks like a key and is none: units, articles, codes in brackets."""
_DEFAULT = re.compile(r"(?i)(?<![\w'/-])(?:enter|space|[b-z]|f5|[][?+=])(?![\w'/-])")


def defaults(text: str) -> list[str]:
    """The default keys that a text names."""
    found = []
    for line in text.splitlines():
        # The list has keys of its own, and "space" in it is no key.
        if "r again" in line or "r  again" in line:
            continue
        if not re.match(r" *space  +(2 m|2 m x|\d)", line):
            found += [f"{one[0]}: {line}" for one in _DEFAULT.finditer(_NONE.sub("", line))]
    return found


def test_the_search_finds_keys() -> None:
    for text in ("press enter", "q quits", "  h opens the history", "space  go on", "[ softer"):
        assert defaults(text), text


def test_texts(tmp_path: Path) -> None:
    assert len(set(OTHERS.values())) == len(DEFAULT_KEYS)
    world = make_world(tmp_path)
    config = config_of(keys=OTHERS)
    lines: list[str] = []
    before = PlainChecklist(config, world.environment, Remembered())
    log = {8: "confirm", 12: "confirm", 20: "confirm", 30: "confirm", 60: "help"}
    typed = {tick: OTHERS[name] for tick, name in log.items()}
    typed |= {500: OTHERS["pause"], 510: OTHERS["stop"], 520: "escape", 530: OTHERS["less"]}
    typed |= {540: OTHERS["mirror"], 550: OTHERS["stop"], 560: "y"}
    plan = plan_of(confirm=Confirm.ALWAYS)
    keyboard = Typist(world, typed)
    runner = Runner.new(plan, world.environment)
    run = PlainRun(
        runner, config.units, OTHERS, keyboard=keyboard, write=lines.append, before=before
    )
    assert run.run() == 0
    assert any(OTHERS["confirm"] in line for line in lines)
    lines += plan_lines(plan, config.units, OTHERS["confirm"])
    lines.append(other(OTHERS))
    for wait_for in WaitFor:
        text = event_text(WaitBegan(0, wait_for), config.units, confirm=OTHERS["confirm"])
        lines.append(text or "")
    answers = re.compile(r"^  (y|p|g|d|n|s|esc)  +")  # a question has keys of its own
    found = [one for line in lines for one in defaults(answers.sub("", line))]
    assert found == [], "\n".join(found)
