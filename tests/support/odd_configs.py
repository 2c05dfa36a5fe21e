"""Configs that nobody would write: mutated ones, and shapes of any size."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from retrotimer.config.mistakes import ConfigError, render_all
from retrotimer.config.model import Config
from retrotimer.config.write import example
from retrotimer.core.plan import MAX_LENGTH, MAX_PHASES, make_plan

WRONG = "units = 3\n"
"""A mistake; to find its place, the whole text must be scanned."""


def a_set(name: str, steps: str, more: str = "") -> str:
    return f'[[set]]\nname = "{name}"\n{more}\nsteps = [{steps}]\n'


SHAPES: dict[str, Callable[[int], str]] = {
    "near misses": lambda n: "".join(
        a_set(f"abcdefg{k}", "{rest=1}", f'after="abcdefx{k}"') for k in range(n // 50)
    ),
    "unknown keys": lambda n: WRONG + "\n".join(f"key{k} = 1" for k in range(n // 10)),
    "unknown keys of steps": lambda n: a_set("A", "{ foward = 1, x = 2 }, " * (n // 20)),
    "wrong values": lambda n: a_set("A", "{ rest = -1 }, " * (n // 15)),
    "steps": lambda n: WRONG + a_set("A", "{ rest = 1 }, " * (n // 15)),
    "sets": lambda n: "".join(a_set(f"{k}", "{ rest = -1 }") for k in range(n // 40)),
    "one name": lambda n: a_set("A", "{ rest = 1 }") * (n // 40),
    "blocks": lambda n: "".join(
        a_set(f"{k}", "{ repeat = 9000, steps = [{ rest = 1 }] }") for k in range(n // 60)
    ),
    "dots": lambda n: f"{WRONG}{'.'.join('a' * (n // 2))} = 1\n",
    "deep": lambda n: f"{WRONG}x = {'[' * (n // 2)}{']' * (n // 2)}",
    "deep and wide": lambda n: f"{WRONG}x = {'[' * 140}{'1, ' * (n // 3)}{']' * 140}",
    "deep keys": lambda n: WRONG + "\n".join(f"{'a.' * 50}b{k} = 1" for k in range(n // 110)),
    "one line": lambda n: "x = {" + ", ".join(f"a{k} = 1" for k in range(n // 12)) + "}",
    "headers": lambda n: WRONG + "\n".join(f"[a.b{k}]" for k in range(n // 11)),
    "escapes": lambda n: WRONG + "\n".join(f'"\\u0061{k}" = 1' for k in range(n // 18)),
    "quoted dots": lambda n: ('"a"."b".' * 10 + "\n") * (n // 81),
    "keys": lambda n: f'[keys]\npause = "{"a," * (n // 4)}"\nskip = "{"a," * (n // 4)}"\n',
    "keys twice": lambda n: "\n".join(f"a{k} = 1" for k in range(n // 11)) + "\na0 = 1",
    "codes": lambda n: '[safety]\nacknowledged = ["many-turn"' + ', "many-turn"' * (n // 13) + "]",
    "lines": lambda n: WRONG + "\n" * n,
    "a name": lambda n: a_set("a" * n, "{ rest = 1 }") + WRONG,
    "digits": lambda n: "x = " + "9" * n,
    "backslashes": lambda n: 'x = "' + "\\" * n,
    "quotes": lambda n: 'x = """' + '""x' * (n // 3),
}
"""Texts of about n characters whose reading took, or might take, more than linear time."""


# Mutations ------------------------------------------------------------------------------------

_EXAMPLE = example()
_TOKENS = re.findall(r'"[^"\n]*"|\w+|\S|\n', _EXAMPLE)
_ODD = [
    *(b"", b"\n", b"\r", b"\r\n", b"\0", b"\x1b", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xc3\xa9"),
    *(
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"#",
        b"'",
        b'"',
        b'"""',
        b"'''",
        b"\\",
        b"\\u",
        b"=",
        b",",
    ),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b"[[set]]\n",
        b"steps = []\n",
        b"a.b.c = 1\n",
        b"[" * 200,
        b"a." * 90,
    ),
    *(b"0", b"-1", b"1e308", b"nan", b"inf", b"9" * 30, b"0x" + b"f" * 5000, b"9" * 5000, b"1.5"),
    *(
        b"2026-11-24",
        b"10:00",
        b'"open"',
        b'"24h"',
        b'"0s"',
        b'"1:90"',
        b'"\\u0000"',
        b'"~"',
        b'"-"',
    ),
    *(b"name", b"forward", b"backward", b"repeat", b"speed", b"skip_last", b"after", b"theme"),
]
_VALUES = ["1", "-1", "1.5", "nan", "true", '"1m"', '"open"', "'x'", "10:00", "1e400", "[]", "{}"]
_KEYS = sorted(set(re.findall(r"^(?:# )?(\w+) = ", _EXAMPLE, re.MULTILINE)))
_TABLES = ["treadmill", "safety", "cues", "display", "keys", "hooks", "set", "program"]


def generated(chance: random.Random) -> str:
    """Tables with any key and any value, and sets with any steps."""
    lines = [f"{chance.choice(_KEYS)}{k} = {_value(chance, 2)}" for k in range(chance.randrange(2))]
    for table in chance.sample(_TABLES, chance.randrange(1, 5)):
        lines.append(chance.choice(["[{}]", "[[{}]]"]).format(table))
        keys = chance.sample([*_KEYS, *_TABLES], chance.randrange(6))
        lines += [f"{key} = {_value(chance, 3)}" for key in keys]
    for number in range(chance.randrange(4)):
        steps = ", ".join(_step(chance, 3) for _ in range(chance.randrange(1, 5)))
        lines.append(a_set(f"Set {chance.choice([number, 0])}", steps))
    return "\n".join(lines)


def _value(chance: random.Random, depth: int) -> str:
    kind = chance.randrange(4) if depth else 2
    if kind == 0:
        return f"[{', '.join(_value(chance, depth - 1) for _ in range(chance.randrange(3)))}]"
    if kind == 1:
        return f"{{ {chance.choice(_KEYS)} = {_value(chance, depth - 1)} }}"
    return chance.choice(_VALUES)


def _step(chance: random.Random, depth: int) -> str:
    if depth and chance.random() < 0.3:
        inner = ", ".join(_step(chance, depth - 1) for _ in range(chance.randrange(1, 3)))
        return f"{{ repeat = {chance.choice([1, 2, 9, 900, 0])}, steps = [{inner}] }}"
    kind = chance.choice(["forward", "backward", "rest"])
    speed = f", speed = {chance.choice([1, 3.5, 20, -1])}" if chance.random() < 0.7 else ""
    length = chance.choice([*_VALUES, '"30s"', '"5m"', "90"])
    return f"{{ {kind} = {length}{speed} }}"


def mutated(chance: random.Random) -> bytes:
    """The example or a generated config, with some of its bytes and tokens changed."""
    data = (_EXAMPLE if chance.random() < 0.5 else generated(chance)).encode()
    for _ in range(chance.randrange(1, 7)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 0, 1, 1, 2, 8, 60, 900]))
        kind = chance.randrange(5)
        if kind == 0:
            new = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 4)))
        elif kind == 1:
            new = chance.choice(_ODD)
        elif kind == 2:
            new = chance.choice(_TOKENS).encode()
        elif kind == 3:
            new = data[start:end] * 2
        else:
            new = bytes(byte ^ (1 << chance.randrange(8)) for byte in data[start:end])
        data = data[:start] + new + data[end:]
    return data


def faults_of(read: Callable[[], Config]) -> Iterator[str]:
    """What is wrong with how a config is read; its mistakes must be reported properly."""
    try:
        config = read()
    except ConfigError as error:
        if not error.mistakes:
            yield "refused without a mistake"
        places = [(one.line, one.column) for one in error.mistakes]
        if places != sorted(places):
            yield "mistakes out of order"
        for one in error.mistakes:
            for spot in (one.spot, *(note.spot for note in one.notes)):
                if not spot.line or not 1 <= spot.column <= len(spot.source) + 1:
                    yield f"a mistake without a place: {one}"
        text = "\n".join(render_all(error))
        if "^" not in text:
            yield "no carets"
        if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text):
            yield "control characters"
        return
    config.notes()
    for one_set in config.sets:
        plan = make_plan(one_set, config.belt, config.safety, config.cues.rules)
        if len(plan.phases) > MAX_PHASES or plan.total > MAX_LENGTH:
            yield f"a set beyond its limits: {one_set.name}"
        if config.gives("set") and config.place_of(one_set.name) is None:
            yield f"a set without a place: {one_set.name}"
