"""Coming in and going out: a name, the password where there is one, the owner's link, the cookie."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from bot.chat.web import display_names
from bot.chat.web.address import Address
from bot.chat.web.rate_limit import RateLimit
from bot.chat.web.sessions import COOKIE_AGE, CookieSigner, OwnerLink, Session, new_id, same
from bot.chat.web.storage import ChatStorage
from bot.errors import UserError
from bot.identity import Person

FORGOTTEN = (
    "You are not known here any more: you left, or this chat began anew. Choose a name to come in."
)
UNREADABLE = (
    "Your browser showed a pass that this chat did not give out. Choose a name to come in again."
)
OWNER = "This browser came by the owner's link: whoever comes in here may change settings."
STALE_LINK = (
    "This owner's link does not work: it was used already, or it is not from the latest start. "
    "Start the bot again and open the new link that it prints."
)
CROWD = "Many people came in from where you are just now. Wait a minute, then try again."
_CLASS = 60
"""People who may come in at once from one address: a class sits behind one."""
_PAGE = Path(__file__).parent / "page" / "enter.html"

Farewell = Callable[[Person], Awaitable[None]]


class Login:
    def __init__(
        self,
        shelf: ChatStorage,
        seal: CookieSigner,
        link: OwnerLink,
        password: str,
        channels: Sequence[str],
        now: Callable[[], datetime],
        address: Address,
    ) -> None:
        self._shelf, self._seal, self._link, self._password = shelf, seal, link, password
        self._channels, self._now, self._address = channels, now, address
        self._wrong = RateLimit(burst=5, rate=1 / 20)
        self._new = RateLimit(burst=_CLASS, rate=1)

    async def who(self, request: web.Request) -> Person | None:
        holder = self._holder(request)
        name = await self._shelf.name_of(holder.id) if holder and holder.id else None
        return (
            Person("web", holder.id, name, admin=holder.owner)
            if holder and name is not None
            else None
        )

    def greet(self, request: web.Request) -> web.Response:
        """The page for somebody who is not in."""
        holder = self._holder(request)
        said = ""
        if self._seal.cookie in request.cookies:
            said = (
                UNREADABLE
                if holder is None
                else FORGOTTEN
                if holder.id
                else OWNER
                if holder.owner
                else ""
            )
        return self._form(holder, note=said)

    async def open_link(self, request: web.Request) -> web.Response:
        holder = self._holder(request) or Session()
        if not self._link.use(request.query["owner"]) and not holder.owner:
            return self._form(holder, problem=STALE_LINK, status=403)
        return self._admitted(request, Session(holder.id, owner=True))

    async def enter(self, request: web.Request) -> web.Response:
        if await self.who(request):
            return _onward()
        holder = self._holder(request) or Session()
        name, password = await _filled_in(request)
        try:
            remote = self._address.remote(request)
            self._check(password, remote, holder)
            return self._admitted(request, Session(await self._settle(name, remote), holder.owner))
        except UserError as error:
            return self._form(
                holder, name=name[: 2 * display_names.LONGEST], problem=str(error), status=422
            )

    async def leave(self, request: web.Request, farewell: Farewell) -> web.Response:
        person = await self.who(request)
        if person is not None:
            await farewell(person)
            await self._shelf.leave(person.id)
            if (
                person.admin
            ):  # the link worked once, so the right stays with this browser until it comes in again
                return self._admitted(request, Session(owner=True))
        response = _onward()
        response.del_cookie(self._seal.cookie, path="/")
        return response

    def _holder(self, request: web.Request) -> Session | None:
        cookie = request.cookies.get(self._seal.cookie)
        return self._seal.read(cookie) if cookie else None

    def _check(self, password: str, remote: str, holder: Session) -> None:
        if not self._password or holder.owner:
            return
        if not self._wrong.has_left(remote):
            raise UserError(
                "Too many wrong passwords from where you are. Wait a minute, then try again."
            )
        if not same(password, self._password):
            self._wrong.spend(remote)
            raise UserError("That is not this group's password. Ask whoever invited you for it.")

    async def _settle(self, wanted: str, remote: str) -> str:
        """Gives the name to a new person, whose id it returns."""
        name, person = display_names.tidy(wanted), new_id()
        if not self._new.has_left(remote):
            raise UserError(CROWD)
        if await self._shelf.enter(person, name, display_names.key_of(name), self._now()):
            self._new.spend(remote)
            return person
        keys = {display_names.key_of(other): other for other in display_names.others(name)}
        taken = await self._shelf.taken(list(keys))
        free = next((other for key, other in keys.items() if key not in taken), None)
        hint = f" {free} is free." if free else ""
        raise UserError(f"Somebody here is called {name} already. Choose another name.{hint}")

    def _admitted(self, request: web.Request, holder: Session) -> web.Response:
        response = _onward()
        response.set_cookie(
            self._seal.cookie,
            self._seal.sign(holder),
            max_age=COOKIE_AGE,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self._address.secure or request.secure,
        )
        return response

    def _form(
        self,
        holder: Session | None,
        *,
        note: str = "",
        name: str = "",
        problem: str = "",
        status: int = 200,
    ) -> web.Response:
        asks = bool(self._password) and not (holder and holder.owner)
        page = Template(_PAGE.read_text("utf-8")).substitute(
            note=f'<p class="note">{escape(note)}</p>' if note else "",
            problem=f'<p class="problem" role="alert" id="problem">{escape(problem)}</p>'
            if problem
            else "",
            invalid=' aria-invalid="true" aria-describedby="problem"' if problem else "",
            name=escape(name),
            password="" if not asks else _ASKED,
        )
        return web.Response(
            text=page,
            content_type="text/html",
            status=status,
            headers={"Cache-Control": "no-store"},
        )


_ASKED = (
    '<label for="password">The group\'s password</label>'
    '<input id="password" name="password" type="password" required autocomplete="current-password" maxlength="200">'
)


async def _filled_in(request: web.Request) -> tuple[str, str]:
    """The name and the password as they were typed; nothing where the form makes no sense."""
    try:
        form = await request.post()
    except (LookupError, ValueError):
        return "", ""
    name, password = form.get("name"), form.get("password")
    return name if isinstance(name, str) else "", password if isinstance(password, str) else ""


def _onward() -> web.Response:
    return web.Response(status=303, headers={"Location": "/", "Cache-Control": "no-store"})
