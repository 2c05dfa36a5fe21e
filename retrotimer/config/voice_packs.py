"""Voice packs: a folder with recorded words, and `voice.toml`, the list of them."""

from __future__ import annotations

from pathlib import Path

from retrotimer.config import value_rules
from retrotimer.config.mistakes import quoted
from retrotimer.config.model import VoicePack
from retrotimer.config.table_reader import MistakeReport, TableReader
from retrotimer.config.toml_text import parsed, raise_all, text_of
from retrotimer.core.vocabulary import WHOLE_NUMBERS, WORDS

LIST = "voice.toml"


def read_pack(folder: Path) -> VoicePack:
    """The voice in a folder; ConfigError with every mistake in its list, or if there is none."""
    path = folder / LIST
    text = text_of(path)
    report = MistakeReport()
    root = TableReader(report, (), parsed(text, str(path)))
    language = root.need("language", value_rules.text(), "a voice")
    words = _words(root, folder)
    root.close("a voice")
    raise_all(report, text, str(path))
    return VoicePack(folder, language or "", words)


def _words(root: TableReader, folder: Path) -> dict[str, Path]:
    table = root.table("words")
    known = (*WORDS, *WHOLE_NUMBERS)
    if not table.content and not root.faulty("words"):
        root.report.add((), "found a voice without words, expected a table [words]")
    for word in table.content:
        if word not in known:
            if table.report.full:
                table.report.add(table.at(word), "", at_key=True)
                continue
            near = table.report.suggest(word, known)
            hint = f"did you mean {quoted(near)}?" if near else "sounds/README.md lists them"
            text = f"found the unknown word {quoted(word)}; {hint}"
            table.report.add(table.at(word), text, at_key=True)
    in_folder = value_rules.path_to(folder)
    found = {word: table.get(word, in_folder, None) for word in table.content if word in known}
    return {word: path for word, path in found.items() if path is not None}
