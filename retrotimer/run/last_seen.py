"""What of a workout has been seen: it lags behind the running one by what the terminal has not
taken."""

from __future__ import annotations

from collections.abc import Callable

from retrotimer.core.states import Command
from retrotimer.core.workout import Workout
from retrotimer.run.terminal_health import Probe


class SeenWorkout:
    """Follows a workout up to the last instant known to have been seen.

    If the person cannot see the screen, sound alone leads, and what was heard counts as seen. So a
    frozen screen does not break off a backward block: that would call somebody who walks well to a
    screen that shows nothing. It does so as soon as they have turned and face it.
    """

    def __init__(self) -> None:
        self._look: Probe | None = None
        self._workout: Workout | None = None

    def follow(self, look: Probe | None) -> None:
        """From now on `look` says what the terminal has taken; None: everything is seen."""
        self._look = look

    def renew(self) -> None:
        """The workout was given a command; from the next look on it is followed anew."""
        self._workout = None

    def last(
        self, workout: Workout, now: int, machine: Callable[[int], int], *, audible: bool
    ) -> Workout | None:
        """The workout as it was last seen, if the terminal is frozen; None: go on.

        `now` is of the boot clock (ms), `machine` converts it to an instant of the workout;
        `audible`: there is sound that needs no terminal.
        """
        if self._look is None:
            return None
        until, frozen = self._look(now)
        heard = audible and workout.by_ear
        if self._workout is None or heard:
            self._workout = workout.fork()
        self._workout.advance(machine(until))
        stops = frozen and not heard and workout.allows(Command.PAUSE)
        return self._workout if stops else None
