"""What comes between a chosen plan and its workout: an interrupted one, and the checklist."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import App

from retrotimer.config.keys import key_text
from retrotimer.config.model import Config
from retrotimer.core.plan import Plan
from retrotimer.session.remembered import Remembered

if TYPE_CHECKING:
    from retrotimer.run.environment import Environment
    from retrotimer.run.resume_offer import Outcome
    from retrotimer.session.recovery import SavedWorkout


def other(keys: Mapping[str, str]) -> str:
    """What can be done beside another program's workout; `keys` are those of the config."""
    rehearse, history = (key_text(keys[name]) for name in ("rehearse", "history"))
    return (
        f"Another retrotimer is running a workout. Meanwhile, {rehearse} rehearses, "
        f"{history} opens the history, and `retrotimer watch` shows that workout."
    )


class BeforeWorkout:
    """The only way into a workout; `broken` is an interrupted one to ask about."""

    def __init__(
        self, environment: Environment, memory: Remembered, broken: SavedWorkout | None
    ) -> None:
        self._environment = environment
        self._memory = memory
        self.broken = broken
        """Asked about before anything else; one that could not be saved may be set later."""

    def asks(self, plan: Plan | None, rate: int) -> bool:
        """Whether anything must be asked or checked first; never before a rehearsal."""
        return rate == 1 and (self.broken is not None or self._due(plan))

    def opening(self, plan: Plan, rate: int) -> str:
        """The style sheet of the first screen, among those in `screens`."""
        if not self.asks(plan, rate):
            return "workout"
        return "checklist" if self.broken is None else "dialogs"

    async def begin(
        self, app: App[int], config: Config, plan: Plan | None
    ) -> Plan | SavedWorkout | None:
        """What to show when all is settled, None: nothing; only from a worker.

        An interrupted workout comes first, because the new one takes its file. Resumed, it goes on
        without the checklist.
        """
        if self.broken is not None:
            from retrotimer.run.resume_offer import Outcome

            outcome = await settle(app, self.broken, self._environment, config)
            if outcome is Outcome.LATER:
                return None
            broken, self.broken = self.broken, None
            if outcome is Outcome.RESUME:
                return broken
        if self._due(plan):
            from retrotimer.tui.screens.checklist import ChecklistScreen

            done = await app.push_screen_wait(
                ChecklistScreen(config, self._environment, self._memory)
            )
            return plan if done else None
        return plan

    def _due(self, plan: Plan | None) -> bool:
        if plan is None:
            return False
        from retrotimer.run.checklist import due

        return due(plan, self._memory.checked, self._environment.wall().date())


async def settle(
    app: App[int], broken: SavedWorkout, environment: Environment, config: Config
) -> Outcome:
    """Ask until it is settled or put off; only from a worker."""
    from retrotimer.run.prompt import Prompt
    from retrotimer.run.resume_offer import Outcome, step
    from retrotimer.run.resume_offer import settle as settling
    from retrotimer.tui.screens.dialogs import Question

    steps = settling(broken, environment, config.units, config.keys)
    answer: str | None = None
    while True:
        one = await asyncio.to_thread(step, steps, answer)
        answer = None
        if isinstance(one, Outcome):
            return one
        if isinstance(one, Prompt):
            answer = await app.push_screen_wait(Question(one)) or ""
        else:
            app.notify(one.text, severity="error" if one.wrong else "information", markup=False)
