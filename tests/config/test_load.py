"""Finding and opening the config file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from retrotimer.config import location
from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.config.limits import MOST_BYTES
from retrotimer.config.location import find
from retrotimer.config.mistakes import ConfigError, Mistake, render
from retrotimer.config.model import Config
from retrotimer.config.read import load
from retrotimer.host.paths import Paths, usual_config


def mistake(path: Path) -> Mistake:
    with pytest.raises(ConfigError) as caught:
        load(path)
    (found,) = caught.value.mistakes
    return found


def refused(path: Path) -> str:
    found = mistake(path)
    assert found.line == found.column == 0
    return str(found)


@pytest.fixture
def default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A default path in its own folder."""
    path = tmp_path / "default" / "config.toml"
    monkeypatch.setattr(location, "usual_config", lambda: path)
    return path


def test_the_default_path() -> None:
    assert usual_config().name == "config.toml"
    assert "retrotimer" in usual_config().parts


def test_a_given_path_comes_first(tmp_path: Path, default: Path) -> None:
    default.parent.mkdir()
    default.touch()
    environ = {"RETROTIMER_CONFIG": str(tmp_path / "env.toml")}
    assert find(tmp_path / "arg.toml", environ) == tmp_path / "arg.toml"
    assert find(None, environ) == tmp_path / "env.toml"
    assert find(None, {"RETROTIMER_CONFIG": ""}) == default
    assert find(None, {}) == default


def test_the_file_read_is_the_one_that_paths_and_init_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    usual_config().parent.mkdir(parents=True)
    usual_config().touch()
    for given in (None, Path("arg.toml"), Path("~/arg.toml"), tmp_path / "x" / "arg.toml"):
        for named in ("", "env.toml", "~/env.toml", "~nobody-has-this-name/c.toml"):
            environ = {"RETROTIMER_CONFIG": named}
            found = find(given, environ)
            assert found is not None
            assert found.absolute() == Paths.find(given, environ=environ).config
            # Messages name it as the user wrote it.
            assert found.is_absolute() or str(found) in (str(given), named)


def test_home_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert find(None, {"RETROTIMER_CONFIG": "~/c.toml"}) == tmp_path / "c.toml"
    assert find(Path("~nobody at all/c"), {}) == Path("~nobody at all/c")


def test_only_the_default_config_may_be_missing(tmp_path: Path, default: Path) -> None:
    assert find(None, {}) is None
    assert load(None) == Config(sets=BUILTIN_SETS)
    missing = tmp_path / "missing.toml"
    assert find(missing, {}) == missing
    assert refused(missing) == f"{missing}: no such file"
    default.parent.touch()
    assert find(None, {}) is None


def test_a_dangling_link_at_the_default_path_is_a_mistake(default: Path) -> None:
    default.parent.mkdir()
    default.symlink_to("nowhere")
    assert find(None, {}) == default
    assert refused(default) == f"{default}: no such file"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == f"{tmp_path}: found a folder, expected a file"


def test_bytes_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_bytes("# one\r\n# ünd ".encode() + b"caf\xe9 \xff\r\n# three\n")
    assert render(mistake(path)).splitlines() == [
        f"{path}:2:10: found bytes that are not UTF-8, expected a text file in UTF-8",
        r"  2 | # ünd caf\xe9 \xff",
        "    |          ^^^^",
    ]
    path.write_bytes(b"\xef\xbb\xbfx = 1\ny = \xe2\x82")
    assert str(mistake(path)).startswith(f"{path}:2:5: found bytes that are not UTF-8")
    path.write_text("# one", encoding="utf-16")
    assert str(mistake(path)).startswith(f"{path}:1:1: found bytes that are not UTF-8")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/stdin"])
def test_a_device_is_never_read(device: str) -> None:
    if not Path(device).exists():
        pytest.skip("there is no such device here")
    message = refused(Path(device))
    assert re.search(r": cannot be read: it is a (device|pipe), not a regular file$", message) or (
        device == "/dev/stdin"  # whatever it happens to be
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    os.mkfifo(path)
    assert refused(path) == f"{path}: cannot be read: it is a pipe, not a regular file"


def test_an_enormous_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text("#" * MOST_BYTES, encoding="utf-8")
    assert load(path).sets == BUILTIN_SETS
    with path.open("r+b") as file:
        file.truncate(10**12)  # takes no room on the disk
    assert refused(path) == f"{path}: found more than 1000000 bytes, expected a smaller file"


def test_an_impossible_path() -> None:
    assert "cannot be read: " in refused(Path("x" * 5000))
    assert "cannot be read: " in refused(Path("a\0b"))


def test_a_byte_order_mark_and_crlf(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_bytes(b"\xef\xbb\xbfunits = 'mph'\r\n[cues]\r\nvolume = 5\r\n")
    config = load(path)
    assert (config.units, config.cues.volume, config.path) == ("mph", 5, path)
    assert config.sets == BUILTIN_SETS


def test_relative_paths_start_at_the_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "horn.wav").touch()
    (tmp_path / "c.toml").write_text('cues.sounds.turn = "horn.wav"')
    monkeypatch.chdir(tmp_path.parent)
    config = load(Path(tmp_path.name) / "c.toml")
    assert list(config.cues.sounds.values()) == [tmp_path / "horn.wav"]


def test_reading_loads_neither_textual_nor_rich_nor_looks_up_positions() -> None:
    code = (
        "import sys; from pathlib import Path; from retrotimer.config.read import load\n"
        "from retrotimer.config.toml_positions import scan\n"
        "load(Path('config.example.toml'))\n"
        "assert not {'textual', 'rich', 'platformdirs'} & set(sys.modules), sys.modules\n"
        "assert scan.cache_info().misses == 0"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)
