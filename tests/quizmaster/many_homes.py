"""Four accounts on three platforms do at random whatever members do.

The raw rows are counted anew after each link.

Nothing here asks our own queries for a sum: it adds up answers, hints, days and boards from their
tables.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from bot.errors import UserError
from bot.identity import MessageRef, Person, Place
from bot.model.people import Player
from bot.model.rounds import QuestionFilter, Round
from bot.phrases.say import explain
from bot.quiz.judging.points import REST
from bot.quiz.questions import Choices, Number, Phrase, Question
from bot.quizmaster.links import Links
from bot.quizmaster.reminders import Reminders
from bot.store import feedback
from bot.store.boards.projector import Projector
from bot.store.sql.tables.daily import reminders
from bot.store.sql.tables.people import accounts, badges, links, members, players
from bot.store.sql.tables.rounds import (
    attempts,
    boards,
    hints,
    reports,
    round_boards,
    rounds,
    score_histogram,
    scores,
    sittings,
    takes,
    votes,
)
from bot.store.sql.tables.runs import runs
from bot.store.sql.tables.streaks import lapses, repairs, streak_days, zone_changes
from tests.cores import core
from tests.quizmaster.conftest import HALL, Quiz
from tests.store.scene import Scene

YARD, LAB = Place("chalk", "school", "yard"), Place("ink", "college", "lab")
HOMES = {"ann": HALL, "twin": HALL, "bob": YARD, "cid": LAB}
COMING_BACK = (
    accounts, members, rounds, takes, sittings, attempts, hints, badges, streak_days, votes,
    reports, runs, repairs, lapses, reminders, zone_changes, scores, score_histogram,
)  # fmt: skip
Row = dict[str, Any]
Deed = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class ManyHomes:
    quiz: Quiz
    seed: int
    chance: random.Random = field(default_factory=random.Random)
    acts: int = 0
    open: dict[Place, Round] = field(default_factory=dict)
    packs: dict[str, Round] = field(default_factory=dict)
    recorded: set[str] = field(default_factory=set)
    before: dict[str, tuple[Player, datetime]] = field(default_factory=dict)
    """Who accounts were before a link, for a process that does not know of it yet."""
    done: Counter[str] = field(default_factory=Counter)

    @property
    def links(self) -> Links:
        return Links(core(self.quiz.database))

    def __post_init__(self) -> None:
        self.chance.seed(self.seed)

    async def live(self, steps: int) -> None:
        deeds: dict[Deed, int] = {
            self._ask: 6, self._answer: 12, self._hint: 4, self._pack: 5, self._practise: 2,
            self._link: 5, self._undo: 4, self._wrong: 1, self._leave: 1, self._zone: 1,
            self._remind: 1, self._vote: 1, self._there_and_back: 2,
        }  # fmt: skip
        for name in HOMES:
            await self.met(name)
        for _ in range(steps):
            self.quiz.clock.advance(
                self.chance.choice((0, 1, 1, 5, 5, 20, 150, 3600, 20 * 3600, 9 * 86400))
            )
            await self.quiz.rounds.closing.close_due(self.quiz.clock.now())
            (deed,) = self.chance.choices(list(deeds), list(deeds.values()))
            try:
                await deed()
                self.done[deed.__name__] += 1
            except UserError as error:
                self.done[f"{deed.__name__}: {explain(error)[:40]}"] += 1

    def act(self) -> str:
        self.acts += 1
        return f"act {self.acts}"

    def someone(self) -> str:
        return self.chance.choice(list(HOMES))

    async def met(self, name: str) -> Player:
        self.quiz.people.clear_cache()
        home = HOMES[name]
        return await self.quiz.people.find_or_add(
            Person(home.platform, name, name), home, self.quiz.clock.now()
        )

    async def taken_for(self, name: str) -> Player:
        """Who a process takes an account for.

        For half a minute after a link that is perhaps who it was before.
        """
        old, at = self.before.get(name, (None, self.quiz.clock.now()))
        if (
            old
            and self.quiz.clock.now() - at <= timedelta(seconds=30)
            and self.chance.random() < 0.7
        ):
            self.done["behind"] += 1
            return old
        return await self.met(name)

    # What members do

    async def _ask(self) -> None:
        place = self.chance.choice(list(HOMES.values()))
        wanted = QuestionFilter(pack=self.chance.choice(("gates", "figures")))
        now = self.quiz.clock.now()
        asked = await self.quiz.rounds.live.open(self.act(), place, wanted, now)
        self.open[place] = await self.quiz.rounds.live.mark_posted(
            asked.id, MessageRef(place, str(asked.id)), now
        )

    async def _answer(self) -> None:
        name = self.someone()
        asked = self.packs.get(name) if self.chance.random() < 0.3 else self.open.get(HOMES[name])
        if asked:
            await self._give(name, asked)

    async def _give(self, name: str, asked: Round) -> None:
        act, values = self.act(), self._values(asked.question)
        who = await self.taken_for(name)
        verdict = await self.quiz.rounds.answers.submit(
            act, asked.id, who, HOMES[name], values, self.quiz.clock.now()
        )
        if not verdict.refusal:
            self.recorded.add(act)

    def _values(self, question: Question) -> list[str]:
        is_right = self.chance.random() < 0.7
        match question.key:
            case Choices(options=options):
                right = [option.letter for option in options if option.right]
                return right if is_right else [self.chance.choice(options).letter]
            case Number(value=value):
                return [str(value if is_right else value + 1)]
            case Phrase(accept=accept):
                return [accept[0] if is_right else "no"]

    async def _hint(self) -> None:
        name = self.someone()
        if asked := self.open.get(HOMES[name]):
            who = await self.taken_for(name)
            await self.quiz.rounds.hints.take(
                self.act(), asked.id, who, HOMES[name], self.quiz.clock.now()
            )

    async def _pack(self) -> None:
        """Begin one, or go on as the card of the one that is under way says.

        It can never stand still.
        """
        name = self.someone()
        player, now = await self.met(name), self.quiz.clock.now()
        offer = await self.quiz.packs.offer("gates", player)
        if offer.under_way is None:
            asked = await self.quiz.packs.start(player, HOMES[name], "gates", offer.latest, now)
            assert asked.position == 0
            assert asked.status == "open", "a take that is begun is a new one"
        else:
            await self.quiz.packs.finish_if_done(offer.under_way.id, now)
            position = offer.reached - 1
            asked = await self.quiz.packs.go_to(offer.under_way.id, position, player, now)
            if asked.is_over:
                length = await self.quiz.packs.length(offer.under_way.id)
                if position + 1 == length:
                    await self.quiz.packs.summary(offer.under_way.id, player, now)
                    return
                asked = await self.quiz.packs.go_to(offer.under_way.id, position + 1, player, now)
                assert asked.position == position + 1, "a pack goes on"
        self.packs[name] = asked
        if self.chance.random() < 0.8:
            await self._give(name, asked)

    async def _practise(self) -> None:
        name = self.someone()
        player, now = await self.met(name), self.quiz.clock.now()
        await self._give(
            name,
            await self.quiz.practice.open(
                self.act(), player, HOMES[name], QuestionFilter("gates"), now
            ),
        )

    async def _zone(self) -> None:
        zone = self.chance.choice(("Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin"))
        await self.quiz.people.set_zone(await self.met(self.someone()), zone, self.quiz.clock.now())

    async def _remind(self) -> None:
        name = self.someone()
        home, now = HOMES[name], self.quiz.clock.now()
        book = Reminders(core(self.quiz.database))
        await book.set_hour(
            await self.met(name), Person(home.platform, name, name), home, "19", now
        )

    async def _vote(self) -> None:
        player = await self.met(self.someone())
        async with self.quiz.database.transaction() as tx:
            await feedback.vote(tx, "gates/gate", player.id, 1, self.quiz.clock.now())

    async def _leave(self) -> None:
        name = self.someone()
        home = HOMES[name]
        await self.quiz.people.leave(Person(home.platform, name, name), home, self.quiz.clock.now())

    async def _link(self) -> None:
        one, other = self.chance.sample(list(HOMES), 2)
        was = {name: await self.met(name) for name in HOMES}
        now = self.quiz.clock.now()
        code = await self.links.give_code(self.act(), was[one], HOMES[one], now)
        assert code
        await self.links.enter_code(self.act(), was[other], HOMES[other], code.words, now)
        self.before = {name: (player, now) for name, player in was.items()}

    async def _undo(self) -> None:
        await self.links.undo(self.act(), await self.met(self.someone()), self.quiz.clock.now())
        self.before = {}

    async def _wrong(self) -> None:
        name = self.someone()
        await self.links.enter_code(
            self.act(), await self.met(name), HOMES[name], "AAAAA-AAAAA", self.quiz.clock.now()
        )

    async def _there_and_back(self) -> None:
        """Linked and undone at once, everything is as it was."""
        for name in HOMES:  # who left and is met again is let in
            await self.met(name)
        await Projector(self.quiz.database).catch_up()
        was = await self._rows()
        one, other = self.chance.sample(list(HOMES), 2)
        code = await self.links.give_code(
            self.act(), await self.met(one), HOMES[one], self.quiz.clock.now()
        )
        assert code
        joined = await self.links.enter_code(
            self.act(), await self.met(other), HOMES[other], code.words, self.quiz.clock.now()
        )
        await self.counted()
        await self.links.undo(self.act(), joined.player, self.quiz.clock.now())
        await Projector(self.quiz.database).catch_up()
        now = await self._rows()
        for table, rows in was.items():
            assert now[table] == rows, table
        self.before = {}

    async def _rows(self) -> dict[str, list[Row]]:
        scene = Scene(self.quiz.database)
        found = {table.name: await scene.rows(table) for table in COMING_BACK}
        nothing = [row for row in found["score_histogram"] if row["n"]]
        zones = [
            {name: row[name] for name in ("id", "zone", "name_hidden")}
            for row in await scene.rows(players)
        ]
        return {**found, "score_histogram": nothing, "players": zones}

    # The count

    async def counted(self) -> None:
        await Projector(self.quiz.database).catch_up()
        scene = Scene(self.quiz.database)
        given, seats = await scene.rows(attempts), await scene.rows(sittings)
        assert {row["act"] for row in given} >= self.recorded, "what was acknowledged is there"
        assert len(given) == len({row["act"] for row in given}) == len(self.recorded)
        await self._sittings_are_their_answers(scene, given, seats)
        await self._nobody_is_paid_twice(scene, given, seats)
        await self._boards_add_up(scene, seats)

    async def _sittings_are_their_answers(
        self, scene: Scene, given: list[Row], seats: list[Row]
    ) -> None:
        by_seat: defaultdict[tuple[int, int], list[Row]] = defaultdict(list)
        hinted: defaultdict[tuple[int, int], list[Row]] = defaultdict(list)
        for row in given:
            by_seat[row["round_id"], row["player_id"]].append(row)
        for row in await scene.rows(hints):
            hinted[row["round_id"], row["player_id"]].append(row)
        assert set(by_seat) | set(hinted) <= {
            (seat["round_id"], seat["player_id"]) for seat in seats
        }
        for seat in seats:
            key = seat["round_id"], seat["player_id"]
            assert sorted(row["number"] for row in by_seat[key]) == list(
                range(1, seat["tries_used"] + 1)
            )
            assert seat["hints_taken"] == len(hinted[key])
            assert seat["points"] == sum(row["gain"] for row in by_seat[key])
            for row in by_seat[key]:
                taken = sum(hint["at"] <= row["at"] for hint in hinted[key])
                assert row["factors"]["hints"] == taken, (
                    "every hint that was taken before was paid for"
                )

    async def _nobody_is_paid_twice(self, scene: Scene, given: list[Row], seats: list[Row]) -> None:
        questions = {row["id"]: row["question"] for row in await scene.rows(rounds)}
        first = {
            (row["round_id"], row["player_id"]): row["at"]
            for row in sorted(given, key=lambda row: row["at"], reverse=True)
        }
        kept = {(await self.met(name)).id for name in HOMES}
        paid: defaultdict[tuple[int, str], list[datetime]] = defaultdict(list)
        for seat in seats:
            if seat["points"] and seat["player_id"] in kept:
                paid[seat["player_id"], questions[seat["round_id"]]].append(
                    first[seat["round_id"], seat["player_id"]]
                )
        for times in paid.values():
            assert all(abs(one - other) >= REST for one, other in combinations(times, 2))
        ghosts = {row["joined_id"] for row in await scene.rows(links) if row["undone_at"] is None}
        assert not kept & ghosts
        linked = {
            row["joined_id"]: row["at"]
            for row in await scene.rows(links)
            if row["undone_at"] is None
        }
        late = [
            seat
            for seat in seats
            if seat["joined_at"] > linked.get(seat["player_id"], seat["joined_at"])
        ]
        assert not late, "nobody sits down any more as who they were before a link"
        lit = Counter((row["player_id"], row["day"]) for row in await scene.rows(streak_days))
        assert not lit or max(lit.values()) == 1

    async def _boards_add_up(self, scene: Scene, seats: list[Row]) -> None:
        ghosts = {row["joined_id"] for row in await scene.rows(links) if row["undone_at"] is None}
        counts: defaultdict[int, Counter[int]] = defaultdict(Counter)
        on = defaultdict(set)
        for row in await scene.rows(round_boards):
            on[row["round_id"]].add(row["board_id"])
        for seat in seats:
            for board in (
                on[seat["round_id"]] if seat["player_id"] not in ghosts and seat["points"] else ()
            ):
                counts[board][seat["player_id"]] += seat["points"]
        told: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for row in await scene.rows(scores):
            assert row["player_id"] not in ghosts, "who is somebody else now stands on no board"
            if row["points"]:
                told[row["board_id"]][row["player_id"]] = row["points"]
        assert dict(told) == {board: count for board, count in counts.items() if count}
        shown = Counter(row["board_id"] for row in await scene.rows(scores) if row["shown"])
        for row in await scene.rows(score_histogram):
            assert row["n"] >= 0
        everyone = Counter[int]()
        for row in await scene.rows(score_histogram):
            if row["level"] == 0:
                everyone[row["board_id"]] += row["n"]
        assert {board: n for board, n in everyone.items() if n} == {
            board: n for board, n in shown.items() if n
        }
        assert len(await scene.rows(boards)) >= len(told)
