"""Again and again: the heartbeat, reminders and digests."""

import asyncio
from dataclasses import dataclass

from bot.conversation.digests import PostDigests
from bot.conversation.reminders import SendReminders
from bot.every import every
from bot.quizmaster.streaks import LapseRecorder

PAUSE_S = 20.0
DAY_S = 24 * 3600.0


@dataclass
class PeriodicWork:
    """All of it can be done at any time, any number of times: the database says what is due."""

    settling: LapseRecorder
    reminders: SendReminders
    digests: PostDigests
    pause: float = PAUSE_S

    async def run(self) -> None:
        # The heart beats on while a platform takes long over messages: that is no outage.
        async with asyncio.TaskGroup() as group:
            group.create_task(every(self.pause, self.settle_streaks))
            group.create_task(every(self.pause, self.reminders.send))
            group.create_task(every(self.pause, self.digests.send))
            group.create_task(every(DAY_S, self.reminders.tidy))

    async def settle_streaks(self) -> None:
        now = self.reminders.quizmaster.now()
        # First: an outage that it finds decides what became of days.
        await self.settling.heartbeat(now)
        await self.settling.record_lapses(now)
