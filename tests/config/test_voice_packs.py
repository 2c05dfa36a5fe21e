"""Voice packs: voice.toml is read like the config, with every mistake and its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotimer.config.mistakes import ConfigError
from retrotimer.config.read import load, read_text
from retrotimer.config.voice_packs import read_pack

WHOLE = """
language = "Deutsch"

[words]
forward = "vor.ogg"
backward = "zurück.ogg"
21 = "einundzwanzig.ogg"
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "de"
    folder.mkdir()
    for name in ("vor", "zurück", "einundzwanzig"):
        (folder / f"{name}.ogg").touch()
    (folder / "voice.toml").write_text(WHOLE, "utf-8")
    return folder


def messages(text: str, pack: Path) -> list[str]:
    (pack / "voice.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_pack(pack)
    file = f"{pack / 'voice.toml'}:"
    lines = [str(mistake) for mistake in caught.value.mistakes]
    assert all(line.startswith(file) for line in lines)
    return [line.removeprefix(file) for line in lines]


def test_a_pack_names_its_words(pack: Path) -> None:
    read = read_pack(pack)
    assert (read.folder, read.language) == (pack, "Deutsch")
    assert read.words == {
        "forward": pack / "vor.ogg",
        "backward": pack / "zurück.ogg",
        "21": pack / "einundzwanzig.ogg",
    }


def test_all_mistakes_at_once(pack: Path) -> None:
    assert messages(
        'langauge = "Deutsch"\n[words]\nforwards = "vor.ogg"\nbackward = "weg.ogg"\nrest = 3\n'
        'aber = "vor.ogg"\n[sounds]\n',
        pack,
    ) == [
        '1:1: found a voice without "language", expected one',
        '1:1: found the unknown key "langauge" in a voice; did you mean "language"?',
        '3:1: found the unknown word "forwards"; did you mean "forward"?',
        '4:12: found "weg.ogg", expected a file that exists',
        "5:8: found 3, expected text in quotes",
        '6:1: found the unknown word "aber"; sounds/README.md lists them',
        '7:2: found the unknown key "sounds" in a voice, expected one of language, words',
    ]  # fmt: skip


def test_a_pack_must_have_words(pack: Path) -> None:
    assert messages('language = "Deutsch"', pack) == [
        "1:1: found a voice without words, expected a table [words]"
    ]
    assert messages('language = "Deutsch"\nwords = 3', pack) == ["2:9: found 3, expected a table"]


def test_a_syntax_error_comes_alone(pack: Path) -> None:
    assert messages("language = Deutsch", pack)[0].startswith("1:12: not valid TOML")


def test_mistakes_in_a_pack_come_after_those_in_the_config(pack: Path) -> None:
    (pack / "voice.toml").write_text('language = ""\n[words]\nforward = "vor.ogg"', "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_text('cues.voice_pack = "de"\ncues.volume = 101', pack.parent / "c.toml")
    files = [(Path(one.spot.file).name, one.line) for one in caught.value.mistakes]
    assert files == [("c.toml", 2), ("voice.toml", 1)]


def test_a_folder_without_voice_toml_is_a_mistake(pack: Path) -> None:
    (pack / "voice.toml").unlink()
    config = pack.parent / "c.toml"
    config.write_text('cues.voice_pack = "de"')
    with pytest.raises(ConfigError, match="no such file") as caught:
        load(config)
    assert caught.value.mistakes[0].spot.file == str(pack / "voice.toml")


def test_a_config_has_the_words_of_its_pack(pack: Path) -> None:
    read = read_text('cues.voice_pack = "de"', pack.parent / "c.toml")
    assert read.cues.voice_pack == read_pack(pack)
    assert read_text("", pack.parent / "c.toml").cues.voice_pack is None
