"""Logging in with a name, a password or the owner's link; and logging out."""

import secrets
from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from bot.chat.web.chat import Chat
from bot.chat.web.http.display_names import (
    MAX_NAME_LENGTH,
    name_key,
    normalize_name,
    similar_names,
)
from bot.chat.web.http.rate_limit import RateLimit
from bot.chat.web.http.sessions import (
    COOKIE_AGE,
    CookieSigner,
    OwnerLink,
    Session,
    same_password,
)
from bot.errors import UserError
from bot.identity import Person

_NEW_PEOPLE_AT_ONCE = 60
"""From one IP address: a whole class may share it."""
_LOGIN_PAGE = Path(__file__).parents[1] / "page" / "enter.html"
_PASSWORD_FIELD = (
    '<label for="password">The group\'s password</label>'  # noqa: S105 (HTML, not a password)
    '<input id="password" name="password" type="password" required '
    'autocomplete="current-password" maxlength="200">'
)


class Login:
    def __init__(
        self, chat: Chat, cookies: CookieSigner, owner_link: OwnerLink, password: str
    ) -> None:
        self._chat = chat
        self._cookies = cookies
        self._owner_link = owner_link
        self._password = password
        self._wrong_passwords = RateLimit(burst=5, rate=1 / 20)
        self._new_people = RateLimit(burst=_NEW_PEOPLE_AT_ONCE, rate=1)

    async def person(self, request: web.Request) -> Person | None:
        """Who is logged in."""
        session = self._session(request)
        if not session or not session.person_id:
            return None
        name = await self._chat.storage.name_of(session.person_id)
        if name is None:
            return None
        return Person("web", session.person_id, name, admin=session.owner)

    def page(self, request: web.Request) -> web.Response:
        """The login page; its note says why a browser with a cookie sees it."""
        session = self._session(request)
        if self._cookies.cookie not in request.cookies:
            return self._page(session)
        if session is None:
            return self._page(session, note=self._chat.say("web_foreign_cookie"))
        if session.person_id:
            return self._page(session, note=self._chat.say("web_logged_out"))
        return self._page(
            session, note=self._chat.say("web_owner_browser") if session.owner else ""
        )

    async def open_owner_link(self, request: web.Request) -> web.Response:
        session = self._session(request) or Session()
        if not self._owner_link.use(request.query["owner"]) and not session.owner:
            problem = self._chat.say("web_stale_owner_link")
            return self._page(session, problem=problem, status=403)
        return self._with_cookie(request, Session(session.person_id, owner=True))

    async def log_in(self, request: web.Request) -> web.Response:
        if await self.person(request):
            return _to_chat()
        session = self._session(request) or Session()
        name, password = await _submitted(request)
        ip = self._chat.address.client_ip(request)
        try:
            if self._asks_password(session):
                self._check_password(password, ip)
            person_id = await self._register(name, ip)
        except UserError as error:
            problem = self._chat.say(error.reason, **error.values)
            name = name[: 2 * MAX_NAME_LENGTH]
            return self._page(session, name=name, problem=problem, status=422)
        return self._with_cookie(request, Session(person_id, session.owner))

    async def log_out(self, request: web.Request, person: Person | None) -> web.Response:
        if person is not None:
            await self._chat.storage.leave(person.id)
            if person.admin:  # the owner's link works once, so this browser keeps the right
                return self._with_cookie(request, Session(owner=True))
        response = _to_chat()
        response.del_cookie(self._cookies.cookie, path="/")
        return response

    def _session(self, request: web.Request) -> Session | None:
        return self._cookies.read(request.cookies.get(self._cookies.cookie, ""))

    def _asks_password(self, session: Session | None) -> bool:
        return bool(self._password) and not (session and session.owner)

    def _check_password(self, password: str, ip: str) -> None:
        if not self._wrong_passwords.has_left(ip):
            raise UserError("web_too_many_wrong_passwords")
        if not same_password(password, self._password):
            self._wrong_passwords.spend(ip)
            raise UserError("web_wrong_password")

    async def _register(self, typed_name: str, ip: str) -> str:
        """The id of a new person of that name."""
        name = normalize_name(typed_name)
        person_id = secrets.token_urlsafe(12)
        if not self._new_people.has_left(ip):
            raise UserError("web_too_many_new_people")
        if await self._chat.storage.enter(person_id, name, name_key(name), self._chat.now()):
            self._new_people.spend(ip)
            return person_id
        keys = {name_key(other): other for other in similar_names(name)}
        taken = await self._chat.storage.taken(list(keys))
        free = next((other for key, other in keys.items() if key not in taken), "")
        raise UserError("web_name_taken", name=name, free=free)

    def _with_cookie(self, request: web.Request, session: Session) -> web.Response:
        response = _to_chat()
        response.set_cookie(
            self._cookies.cookie,
            self._cookies.sign(session),
            max_age=COOKIE_AGE,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self._chat.address.secure or request.secure,
        )
        return response

    def _page(
        self,
        session: Session | None,
        *,
        note: str = "",
        name: str = "",
        problem: str = "",
        status: int = 200,
    ) -> web.Response:
        alert = f'<p class="problem" role="alert" id="problem">{escape(problem)}</p>'
        html = Template(_LOGIN_PAGE.read_text("utf-8")).substitute(
            note=f'<p class="note">{escape(note)}</p>' if note else "",
            problem=alert if problem else "",
            invalid=' aria-invalid="true" aria-describedby="problem"' if problem else "",
            name=escape(name),
            password=_PASSWORD_FIELD if self._asks_password(session) else "",
        )
        headers = {"Cache-Control": "no-store"}
        return web.Response(text=html, content_type="text/html", status=status, headers=headers)


async def _submitted(request: web.Request) -> tuple[str, str]:
    """The name and the password of the form; empty where it makes no sense."""
    try:
        form = await request.post()
    except (LookupError, ValueError):
        return "", ""
    name = form.get("name")
    password = form.get("password")
    return name if isinstance(name, str) else "", password if isinstance(password, str) else ""


def _to_chat() -> web.Response:
    return web.Response(status=303, headers={"Location": "/", "Cache-Control": "no-store"})
