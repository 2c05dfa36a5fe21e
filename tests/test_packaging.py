"""The wheel has everything needed, and the program runs from it and from a checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from retrotimer import __version__

ROOT = Path(__file__).resolve().parents[1]

LISTEN = """
import json
from pathlib import Path
import retrotimer
from retrotimer import assemble
from retrotimer.audio import bank
from retrotimer.core.vocabulary import WORDS
from retrotimer.core.cue_ids import (CueId)
lengths = {cue.value: len(bank.builtin(cue)) for cue in CueId}
words = assemble.built_in_words()
lengths |= {word: len(bank.load(words[word])) for word in WORDS}
print(json.dumps([str(Path(retrotimer.__file__).parents[1]), lengths]))
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, so that building leaves nothing in the tree."""
    place = tmp_path_factory.mktemp("checkout")
    for name in ("retrotimer", "sounds"):
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / name, place / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, place / name)
    return place


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    source = shutil.copytree(checkout, place / "source")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(place), str(source))
    (found,) = place.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--no-index", "--target", str(place), str(wheel))
    return place


def pip(*args: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *args],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def run(place: Path, home: Path, *args: str) -> str:
    """Run Python with the package in `place` and only its dependencies from this environment."""
    # -S leaves out the .pth files of an editable install, which lead back to these sources.
    done = subprocess.run(
        [sys.executable, "-S", *args],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "PYTHONPATH": os.pathsep.join([str(place), sysconfig.get_path("platlib")]),
            "PYTHONWARNINGS": "error",
        },
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_everything_needed_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for path in ROOT.joinpath("retrotimer").rglob("*"):
        if path.suffix in (".py", ".tcss", ".toml", ".typed"):
            assert path.relative_to(ROOT).as_posix() in names
    place = ROOT / "sounds"
    sounds = {path.relative_to(place).as_posix() for path in place.glob("*.wav")}
    assert len(sounds) >= 15
    sounds |= {path.relative_to(place).as_posix() for path in place.glob("voice/*")}
    assert len(sounds) >= 80
    assert {f"retrotimer/sounds/{name}" for name in sounds} <= names
    # The tools that make the sounds are not included.
    code = {name for name in names if name.startswith("retrotimer/sounds/") and ".py" in name}
    assert code == {"retrotimer/sounds/__init__.py"}
    assert f"retrotimer-{__version__}.dist-info/licenses/LICENSE" in names
    assert f"retrotimer-{__version__}.dist-info/entry_points.txt" in names
    assert {name.split("/")[0] for name in names} == {
        "retrotimer",
        f"retrotimer-{__version__}.dist-info",
    }


def test_the_wheel_stays_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 3_000_000


@pytest.mark.parametrize("kind", ["installed", "checkout"])
def test_it_works_and_finds_its_sounds(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place: Path = request.getfixturevalue(kind)
    where, lengths = json.loads(run(place, tmp_path, "-c", LISTEN))
    assert Path(where) == place
    assert len(lengths) >= 80
    assert all(length > 1000 for length in lengths.values())

    assert run(place, tmp_path, "-m", "retrotimer", "--version") == f"retrotimer {__version__}\n"
    assert "First steps" in run(place, tmp_path, "-m", "retrotimer", "sets")
    run(place, tmp_path, "-m", "retrotimer", "init", str(tmp_path / "new"))
    assert (tmp_path / "new" / "config.toml").is_file()


def test_every_screen_finds_its_style_sheet(installed: Path, tmp_path: Path) -> None:
    script = (
        "from retrotimer.tui.screens import help, history, home, summary, workout\n"
        "from textual.app import App\n"
        "from pathlib import Path\n"
        "for module in (help, history, home, summary, workout):\n"
        "    for cls in vars(module).values():\n"
        "        path = getattr(cls, 'CSS_PATH', None)\n"
        "        if path and cls.__module__ == module.__name__:\n"
        "            assert Path(module.__file__).with_name(path).is_file(), path\n"
        "print('all there')\n"
    )
    assert run(installed, tmp_path, "-c", script) == "all there\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the command has another name there")
def test_the_command(installed: Path, tmp_path: Path) -> None:
    command = installed / "bin" / "retrotimer"
    assert run(installed, tmp_path, str(command), "--version") == f"retrotimer {__version__}\n"
