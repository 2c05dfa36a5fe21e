"""Writing the first config."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.config.read import load
from retrotimer.config.schema import schema
from retrotimer.config.write import InitError, example, init


def test_a_missing_folder_is_created(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "retrotimer"
    assert init(folder) == [folder / "config.toml", folder / "retrotimer.schema.json"]
    assert (folder / "config.toml").read_bytes() == example().encode()
    assert load(folder / "config.toml").sets == BUILTIN_SETS


def test_a_path_to_a_file_is_written_there(tmp_path: Path) -> None:
    assert init(tmp_path / "mine.toml")[0] == tmp_path / "mine.toml"
    written = json.loads((tmp_path / "retrotimer.schema.json").read_text(encoding="utf-8"))
    assert written == schema()


def test_an_existing_schema_is_kept(tmp_path: Path) -> None:
    (tmp_path / "retrotimer.schema.json").write_text("mine")
    assert init(tmp_path) == [tmp_path / "config.toml"]
    assert (tmp_path / "retrotimer.schema.json").read_text() == "mine"


def test_a_folder_may_be_named_like_a_file(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").mkdir()
    assert init(tmp_path / "odd.toml")[0] == tmp_path / "odd.toml" / "config.toml"


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("mine")
    with pytest.raises(InitError, match="already exists; nothing was written") as caught:
        init(tmp_path)
    assert caught.value.path == path
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_a_dangling_link_is_never_written_through(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(InitError):
        init(tmp_path)
    assert not (tmp_path / "elsewhere.toml").exists()


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InitError, match="file"):
        init(tmp_path / "file" / "retrotimer")
    with pytest.raises(InitError, match="is not a folder"):
        init(tmp_path / "file")


def test_a_write_that_fails_halfway_leaves_nothing_behind(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(InitError) as caught:
            init(tmp_path / "config.toml")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.path == tmp_path / "config.toml"
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path / ("x" * 5000), tmp_path / f"{'x' * 5000}.toml"):
        with pytest.raises(InitError, match="File name too long"):
            init(place)
