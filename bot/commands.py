"""The one list of what can be asked. Help, completion and each platform's own menus are read from here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Argument:
    """An optional word after a command. Values come from `choices`, from a list named by `source`, or are free.

    A platform that has no such list does not offer the argument.
    """

    name: str
    summary: str
    choices: tuple[str, ...] = ()
    source: str = ""
    """Where the choices are looked up when they are not fixed: "packs", "zones" or "roles"."""
    person: bool = False
    """It names a member: by what boards call them, with `_` for blanks, or as the platform itself points at people."""
    rest: bool = False
    """It takes all that follows, over as many lines as there are, in a fence or without one."""
    needed: bool = True
    """For one that takes all that follows: whether the verb has nothing to say without it."""
    example: str = ""
    """What a field to write it in shows before anything is written."""


@dataclass(frozen=True, slots=True)
class Verb:
    name: str
    summary: str
    arguments: tuple[Argument, ...] = ()
    admin: bool = False
    public: bool = False
    """Whether the answer is for everyone in the place."""


PACK = Argument("pack", "a pack of questions", source="packs")
LEVEL = Argument("level", "how hard", choices=("beginner", "intermediate", "advanced", "expert"))
KIND = Argument(
    "kind",
    "what sort of question",
    choices=("conceptual", "predict-output", "model-choice", "hyperparameter", "metrics", "debug"),
)
SWITCH = ("on", "off")
EXAMPLE = "x = torch.randn(2, 3)\nx @ x.T"
PRESSED = {"set": "settings", "settle": "reports"}
"""Presses that belong to a verb of another name, and may be done by whoever may use it."""

VERBS = (
    Verb("help", "What I can do"),
    Verb("challenge", "Ask everyone here a timed question", (PACK, LEVEL, KIND), public=True),
    Verb("pack", "Take a pack of challenges and earn its badge", (PACK,)),
    Verb("practice", "One question for you alone, without a clock", (PACK, LEVEL, KIND)),
    Verb(
        "run",
        "Run PyTorch code; see what it says and draws",
        (
            Argument("device", "what it runs on", choices=("cpu", "gpu")),
            Argument("code", "the code, here or on the lines below", rest=True, example=EXAMPLE),
        ),
        public=True,
    ),
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
            Argument(
                "zone", "your time zone, for your streak", source="zones", example="Europe/Berlin"
            ),
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
            Argument("zone", "this place's time zone", source="zones", example="Europe/Berlin"),
            Argument("speed", "points for quick answers", choices=SWITCH),
            Argument("answers", "how people answer", choices=("buttons", "reactions")),
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
            Argument(
                "zone",
                "add, change: the time zone; the place’s own without",
                source="zones",
                example="Europe/Berlin",
            ),
            Argument("packs", "add, change: one pack or several, such as gru,why-rnns; or all"),
            Argument(
                "levels", "add, change: one level or several, such as beginner,expert; or all"
            ),
            Argument("open", "add, change: how long it stays open, such as 12h"),
            Argument("answers", "add, change: how people answer", choices=("buttons", "reactions")),
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
