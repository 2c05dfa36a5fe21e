"""What the person has seen of a workout, which lags behind when the terminal is frozen."""

from __future__ import annotations

from collections.abc import Callable

from retrotimer.core.states import Command
from retrotimer.core.workout import Workout
from retrotimer.run.terminal_health import Probe


class SeenWorkout:
    """Follows a workout up to the last instant known to have been seen.

    If the person cannot see the screen, sound alone guides them, and what was heard counts as seen.
    So a frozen screen does not interrupt a backward block, which would call somebody who is walking
    well to a screen that shows nothing. It interrupts once they have turned to face the screen.
    """

    def __init__(self) -> None:
        self._look: Probe | None = None
        self._workout: Workout | None = None

    def follow(self, look: Probe | None) -> None:
        """From now on `look` says what the terminal has taken; None: everything is seen."""
        self._look = look

    def renew(self) -> None:
        """The workout got a command: from the next look on, follow its new state."""
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
