"""Code run on request: typed, out of a question, or once more."""

from dataclasses import dataclass
from functools import partial

from bot.chat.card import Card
from bot.conversation.request import Request
from bot.conversation.runs.live_runs import LiveRuns
from bot.errors import UserError
from bot.model.runs import Run, RunProgress, WantedRun
from bot.phrases.rounds.verdict import proof_card, proof_title
from bot.phrases.runs import (
    how_to_run_card,
    my_runs_card,
    proof_run_card,
    runs_are_off_card,
    stored_run_card,
)
from bot.quiz.questions import Question
from bot.quizmaster.quizmaster import Quizmaster
from bot.sandbox.protocol import DEVICES


@dataclass
class RunCommands:
    quizmaster: Quizmaster
    live: LiveRuns

    async def run(self, request: Request) -> None:
        code, off = request.arg("code"), self.live.runner.off
        if not code.strip():
            await request.reply.whisper(runs_are_off_card(off) if off else how_to_run_card())
            return
        device = request.arg("device") or "cpu"
        wanted = WantedRun(request.act, request.place, code, request.at, device)
        await self.live.start_public(request, wanted)

    async def run_again(self, request: Request) -> None:
        """`again:17`, or `again:17:gpu`, for whoever presses."""
        before = await self.quizmaster.runs.get(request.number(1))
        if before.private and before.player_id != request.player.id:
            raise UserError("run_card_of_another")
        wanted = WantedRun(
            request.act,
            request.place,
            before.code,
            request.at,
            request.word(2) if request.word(2) in DEVICES else before.device,
            before.title,
            before.private,
        )
        if before.private:
            await self.live.start(wanted, request.player, request.reply.replace)
        else:
            await self.live.start_public(request, wanted)

    async def run_question(self, request: Request) -> None:
        question = await self.quizmaster.rounds.question(
            request.number(1), request.player, request.place
        )
        if not question.code:
            raise UserError("question_without_code")
        wanted = _private_run(request, question.code, question.title)
        await self.live.start(wanted, request.player, request.reply.whisper)

    async def prove(self, request: Request) -> None:
        """Where it cannot be run, show how it ran when it was checked."""
        proof = await self.quizmaster.rounds.hints.proof(
            request.number(1), request.player, request.place, request.at
        )
        question, whisper = proof.question, request.reply.whisper
        wanted = _private_run(request, question.proof, proof_title(question))
        try:
            await self.live.start(wanted, request.player, whisper, partial(_proof, question))
        except UserError:
            await whisper(proof_card(proof))

    async def stop(self, request: Request) -> None:
        run = await self.quizmaster.runs.get(request.number(1))
        if run.player_id != request.player.id and not request.event.person.admin:
            raise UserError("run_of_another")
        await self.live.halt(run)

    async def list_mine(self, request: Request) -> None:
        await request.reply.whisper(my_runs_card(await self.quizmaster.runs.latest(request.player)))

    async def show_stored(self, request: Request) -> None:
        run = await self.quizmaster.runs.get_own(request.number(1), request.player)
        await request.reply.whisper(stored_run_card(run))


def _private_run(request: Request, code: str, title: str) -> WantedRun:
    return WantedRun(request.act, request.place, code, request.at, title=title, private=True)


def _proof(question: Question, run: Run, progress: RunProgress) -> Card:
    return proof_run_card(run, question, progress)
