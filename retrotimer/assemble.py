"""Puts a run together: files, player and runner, for the full screen and for the line mode."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrotimer.audio.players.lazy import LazyPlayer
from retrotimer.config.model import Config
from retrotimer.history.errors import HistoryError
from retrotimer.host.paths import Paths
from retrotimer.run.environment import Environment
from retrotimer.run.terminal_health import takes
from retrotimer.session import state_file
from retrotimer.session.file import SessionFile, SessionWriter
from retrotimer.session.remembered import Remembered
from retrotimer.terminal.exit_codes import DONE, FAILED, INTERRUPTED, USAGE
from retrotimer.terminal.signals import SIGNALS
from retrotimer.terminal.visible import complain, say

if TYPE_CHECKING:
    from retrotimer.audio.players.base import Player
    from retrotimer.audio.protocol import PlayerReport
    from retrotimer.audio.voice import Voice
    from retrotimer.core.cue_ids import CueId
    from retrotimer.core.plan import Plan
    from retrotimer.session.recovery import SavedWorkout

BELL = "\a"
OTHER = (
    "another retrotimer is running a workout; meanwhile `--rehearse N` rehearses this one, "
    "`retrotimer watch` shows that one, and `retrotimer history` lists past ones"
)


def _ring() -> None:
    """Ring the terminal's bell without going through the screen, which would not notice."""
    out = sys.__stdout__
    # A frozen terminal would block the program as well.
    if out is not None and out.isatty() and takes(out):
        out.write(BELL)
        out.flush()


def last_set(places: Paths) -> str | None:
    """The name of the set that was run last."""
    name = _remembered(places).get("last_set")
    return name if isinstance(name, str) else None


def theme(config: Config, places: Paths) -> str:
    """The name of the theme to wear."""
    return Remembered(_remembered(places)).theme(config)


def _remembered(places: Paths) -> dict[str, Any]:
    return state_file.load(places.state, complain)


def make_player(
    config: Config, volume: int, listen: Callable[[PlayerReport], None] | None = None
) -> Player:
    """The player that the config asks for; `listen` is given what its process reports."""
    from retrotimer.audio.players.create import create

    return create(
        config.cues.backend.value,
        ring=_ring,
        volume=volume,
        sounds={cue.value: path for cue, path in config.cues.sounds.items()},
        listen=listen,
    )


@contextmanager
def _environment(
    config: Config, places: Paths, volume: int, file: SessionFile
) -> Iterator[Environment]:
    player = LazyPlayer(lambda: make_player(config, volume))
    sessions = SessionWriter(file)
    environment = Environment(player, sessions, places.history, _voice(config))
    try:
        yield environment
    finally:
        player.close()
        try:
            if environment.pending is not None:
                from retrotimer.run.unsaved import rescue

                rescue(environment, say)
        finally:
            sessions.close()


def _voice(config: Config) -> Voice:
    """The voice of the config; its files are read only when it first speaks."""
    from retrotimer.audio.voice import Voice

    pack = config.cues.voice_pack
    if pack is None:
        return Voice(built_in_words)
    return Voice(built_in_words, pack.words, pack.folder.name)


def built_in_words() -> Mapping[str, Path]:
    """The files of the built-in voice; SoundError when they are missing."""
    from retrotimer.audio.bank import SoundError, folder
    from retrotimer.config.mistakes import ConfigError
    from retrotimer.config.voice_packs import read_pack

    try:
        return read_pack(Path(str(folder().joinpath("voice")))).words
    except ConfigError as error:
        raise SoundError(str(error)) from error


def _broken(file: SessionFile, environment: Environment) -> SavedWorkout | None:
    """The interrupted workout, if there is one; an unusable file is set aside, never deleted."""
    try:
        data = file.read()
        if file.note:
            complain(file.note)
        if data is None:
            return None
        from retrotimer.session.recovery import SavedWorkout

        try:
            broken = SavedWorkout.read(data)
        except ValueError as error:
            complain(f"{file.path.name} cannot be used ({error}); kept as {file.set_aside()}")
            return None
        if broken.logged(environment.history):
            file.remove()
            return None
        return broken
    except HistoryError as error:
        complain(str(error))
    return None


def open_app(
    config: Config,
    places: Paths,
    *,
    reload: Callable[[], Config],
    first: Plan | None = None,
    rate: int = 1,
) -> int:
    """Run the full screen, at home or straight at a set; returns the exit code."""
    from retrotimer.tui.app import RetroTimer

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        complain("the screen needs a terminal, `retrotimer run NAME --plain` does not")
        return USAGE
    file = SessionFile(places.session)
    # A rehearsal writes no session, so another program may run beside it.
    claimed = (first is None or rate == 1) and _claim(file)
    if not claimed and rate == 1 and first is not None:
        complain(OTHER)
        return FAILED
    remembered = _remembered(places)
    try:
        with _environment(
            config, places, Remembered(remembered).volume(config), file
        ) as environment:
            app = RetroTimer(
                config,
                environment,
                first=first,
                rate=rate,
                broken=_broken(file, environment) if claimed else None,
                may_run=claimed,
                remembered=remembered,
                remember=lambda values: _remember(places, values),
                reload=reload,
                config_path=places.config,
            )
            code = app.run()
            if code is None:  # it crashed
                app.keep()
            return FAILED if code is None else code
    finally:
        file.release()


def run_plain(plan: Plan, config: Config, places: Paths, *, rate: int = 1) -> int:
    """Run one workout line by line; returns the exit code."""
    from retrotimer.plain.ask import settled
    from retrotimer.plain.checklist import PlainChecklist
    from retrotimer.plain.keyboard import Keyboard
    from retrotimer.plain.run import PlainRun, needs_a_key
    from retrotimer.run.checklist import due
    from retrotimer.run.resume_offer import Outcome
    from retrotimer.run.runner import Runner

    keyboard = Keyboard()
    if not keyboard.there and needs_a_key(plan):
        complain(f"{plan.name} waits for a key, and there is no terminal to press it in")
        return USAGE
    file = SessionFile(places.session)
    if rate == 1 and not _claim(file):
        complain(OTHER)
        return FAILED
    memory = Remembered(_remembered(places), lambda values: _remember(places, values))
    volume, talk = memory.volume(config), memory.talk(config)
    try:
        with _environment(config, places, volume, file) as environment:
            runner = check = None
            broken = _broken(file, environment) if rate == 1 else None
            if broken is not None:
                outcome = settled(
                    broken, environment, config.units, config.keys, keyboard, say, complain
                )
                if outcome is Outcome.LATER:
                    return FAILED
                if outcome is Outcome.RESUME:
                    runner = Runner.resumed(broken, environment, volume=volume, talk=talk)
            if runner is None:
                runner = Runner.new(plan, environment, rate=rate, volume=volume, talk=talk)
                if due(plan, memory.checked, environment.wall().date(), rate=rate):
                    check = PlainChecklist(config, environment, memory)
            if rate == 1:
                memory.take(last_set=runner.plan.name)
            run = PlainRun(runner, config.units, config.keys, keyboard=keyboard, before=check)
            try:
                return run.run()
            finally:
                memory.learn(runner, config)
    finally:
        file.release()


def check_sounds(cues: Sequence[CueId], config: Config, places: Paths, *, silent: bool) -> int:
    """Play these cues one by one, or only list them (`silent`); returns the exit code."""
    from retrotimer.audio.bank import SoundError
    from retrotimer.config.model import Backend
    from retrotimer.plain.sound_demo import SoundDemo, lines

    try:
        shown = lines(cues, config.cues.sounds)
    except SoundError as error:
        complain(str(error))
        return FAILED
    if silent:
        for line in shown:
            say(str(line))
        return DONE
    if config.cues.backend is Backend.BELL and not sys.stdout.isatty():
        complain("the bell needs a terminal")
        return FAILED
    volume = Remembered(_remembered(places)).volume(config)
    check = SoundDemo(say, complain)
    try:
        with SIGNALS.interrupting():
            heard = check.run(make_player(config, volume, check.hear), shown, volume)
    except KeyboardInterrupt:
        return INTERRUPTED
    return DONE if heard else FAILED


def _claim(file: SessionFile) -> bool:
    """Whether this program may run workouts: only one at a time may."""
    try:
        return file.claim()
    except HistoryError as error:
        complain(f"{error}; a crash could lose a workout")
        return True


def _remember(places: Paths, values: dict[str, Any]) -> None:
    try:
        state_file.save(places.state, values)
    except HistoryError as error:
        complain(str(error))
