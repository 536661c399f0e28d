"""Commands, their arguments, and actions of buttons."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass


@dataclass(frozen=True, slots=True)
class Argument:
    name: str
    summary: str
    choices: tuple[str, ...] = ()
    # Or a list: "packs", "zones" or "roles". A platform without it does not offer the argument.
    source: str = ""
    # It names a member: by their name on boards, or as the platform mentions people.
    person: bool = False
    # It takes everything that follows, over several lines, with or without a code fence.
    rest: bool = False
    needed: bool = True  # with `rest`: whether the command is useless without it
    example: str = ""  # the placeholder of its form field


@dataclass(frozen=True, slots=True)
class Action:
    name: str  # the first word of a press's custom id
    _: KW_ONLY
    public: bool = False  # the answer is for everyone in the place
    admin: bool = False  # only admins may do it
    admin_aware: bool = False  # everyone may do it, but admins get another answer
    lasting: bool = False  # the private card that answers it is edited later
    verb: str = ""  # the command it belongs to, where that has another name


@dataclass(frozen=True, slots=True)
class Verb(Action):
    # A press of the same name asks for the same.
    summary: str
    arguments: tuple[Argument, ...] = ()


def _zone(summary: str) -> Argument:
    return Argument("zone", summary, source="zones", example="Europe/Berlin")


PACK = Argument("pack", "a pack of questions", source="packs")
LEVEL = Argument("level", "how hard", choices=("beginner", "intermediate", "advanced", "expert"))
KIND = Argument(
    "kind",
    "what sort of question",
    choices=("conceptual", "predict-output", "model-choice", "hyperparameter", "metrics", "debug"),
)
SWITCH = ("on", "off")
ANSWERS = ("buttons", "reactions")
EXAMPLE = "x = torch.randn(2, 3)\nx @ x.T"

HELP = Verb("help", "What I can do", admin_aware=True)
RUN = Verb(
    "run",
    "Run PyTorch code; see what it says and draws",
    (
        Argument("device", "what it runs on", choices=("cpu", "gpu")),
        Argument("code", "the code, here or on the lines below", rest=True, example=EXAMPLE),
    ),
    public=True,
)
REPORT = Action("report")

VERBS = (
    HELP,
    Verb("challenge", "Ask everyone here a timed question", (PACK, LEVEL, KIND), public=True),
    Verb("pack", "Take a pack of challenges and earn its badge", (PACK,), lasting=True),
    Verb(
        "practice", "One question for you alone, without a clock", (PACK, LEVEL, KIND), lasting=True
    ),
    RUN,
    Verb("runs", "Your latest runs"),
    Verb(
        "board",
        "Who has how many points",
        (
            Argument("period", "which time", choices=("week", "month", "all")),
            Argument("scope", "where", choices=("here", "community", "everywhere")),
        ),
    ),
    Verb(
        "me",
        "Your points, badges, streak and accuracy",
        (
            _zone("your time zone, for your streak"),
            Argument("name", "whether boards show your name", choices=("shown", "hidden")),
        ),
    ),
    Verb("why", "How your latest scores came about"),
    Verb("streak", "Your streak, its freezes, and what became of each day"),
    Verb(
        "remind",
        "A private reminder while your daily question is open",
        (
            Argument(
                "hour", "the hour of your own day, or off", choices=("off", *map(str, range(24)))
            ),
        ),
    ),
    Verb(
        "link",
        "One member here and on other platforms: get a code, enter it there",
        (
            Argument(
                "code",
                "the code that you were given on another platform; `undo` takes the link back",
            ),
        ),
    ),
    Verb(
        "settings",
        "How questions are asked here",
        (
            _zone("this place's time zone"),
            Argument("speed", "points for quick answers", choices=SWITCH),
            Argument("answers", "how people answer", choices=ANSWERS),
            Argument(
                "admins",
                "who may do this too: a role, on Slack a person; @everyone or nobody: none",
                source="roles",
            ),
        ),
        admin=True,
    ),
    Verb(
        "schedule",
        "Questions that come by themselves",
        (
            Argument(
                "action",
                "what to do",
                choices=(
                    "list",
                    "add",
                    "change",
                    "preview",
                    "pause",
                    "resume",
                    "skip",
                    "pin",
                    "move",
                    "now",
                    "remove",
                ),
            ),
            Argument("number", "which schedule"),
            Argument("at", "add, change: the time of day, such as 09:00"),
            Argument("days", "add, change: the weekdays, such as mon-fri; every day without"),
            Argument("cron", "add, change: a cron line instead, such as 30 9 1,15 * *"),
            _zone("add, change: the time zone; the place’s own without"),
            Argument("packs", "add, change: one pack or several, such as gru,why-rnns; or all"),
            Argument(
                "levels", "add, change: one level or several, such as beginner,expert; or all"
            ),
            Argument("open", "add, change: how long it stays open, such as 12h"),
            Argument("answers", "add, change: how people answer", choices=ANSWERS),
            Argument("date", "skip, resume, pin, move: which date, such as 2026-12-24"),
            Argument("to", "move: the date it changes questions with"),
            Argument("question", "pin: the question of that date, as pack/name"),
        ),
        admin=True,
    ),
    Verb(
        "holidays",
        "Days on which no schedule asks",
        (
            Argument("action", "what to do", choices=("add", "remove")),
            Argument("days", "dates, or the text of an .ics file", rest=True, needed=False),
        ),
        admin=True,
    ),
    Verb(
        "digest",
        "A summary of the week, here on Mondays",
        (Argument("switch", "whether it comes", choices=SWITCH),),
        admin=True,
    ),
    Verb(
        "repair",
        "Give somebody back a day of their streak",
        (
            Argument("member", "whose streak", person=True),
            Argument("day", "which date, such as 2026-03-02"),
            Argument("reason", "why; they can read it", rest=True),
        ),
        admin=True,
    ),
    Verb("reports", "Questions that people reported", admin=True),
)

_PRESSES = (
    *map(Action, ("answer", "tick", "type", "join", "hint", "go", "scores", "vote", "unlink")),
    *(Action(name, lasting=True) for name in ("packs", "start", "prove", "try", "again", "ran")),
    Action("stop", admin_aware=True),
    REPORT,
    Action("set", admin=True, verb="settings"),
    Action("settle", admin=True, verb="reports"),
)
ACTIONS: Mapping[str, Action] = {action.name: action for action in (*VERBS, *_PRESSES)}


def find_verb(name: str) -> Verb | None:
    return next((verb for verb in VERBS if verb.name == name), None)


def find_action(name: str) -> Action:
    # By the name of a command, or by an action such as "answer:1042:b".
    word = name.partition(":")[0]
    return ACTIONS.get(word, Action(word))
