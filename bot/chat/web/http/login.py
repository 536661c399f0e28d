"""Logging in and out."""

import secrets
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from string import Template

from aiohttp.web import Request, Response

from bot.chat.web.chat import Chat
from bot.chat.web.http.display_names import (
    MAX_NAME_LENGTH,
    name_key,
    normalize_name,
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

# From one IP address: a whole class may share it.
_NEW_PEOPLE_AT_ONCE = 60
_LOGIN_PAGE = Path(__file__).parents[1] / "page" / "enter.html"
_PASSWORD_FIELD = (
    '<label for="password">The group\'s password</label>'  # noqa: S105 (HTML, not a password)
    '<input id="password" name="password" type="password" required '
    'autocomplete="current-password" maxlength="200">'
)


@dataclass
class Login:
    chat: Chat
    cookies: CookieSigner
    owner_link: OwnerLink
    password: str = field(repr=False)
    wrong_passwords: RateLimit = field(default_factory=lambda: RateLimit(burst=5, rate=1 / 20))
    new_people: RateLimit = field(
        default_factory=lambda: RateLimit(burst=_NEW_PEOPLE_AT_ONCE, rate=1)
    )

    async def person(self, request: Request) -> Person | None:
        session = self._session(request)
        if not session or not session.person_id:
            return None
        name = await self.chat.storage.name_of(session.person_id)
        if name is None:
            return None
        return Person("web", session.person_id, name, admin=session.owner)

    def page(self, request: Request) -> Response:
        session = self._session(request)
        if self.cookies.cookie not in request.cookies:
            return self._page(session)
        if session is None:
            return self._page(session, note=self.chat.say("web_foreign_cookie"))
        if session.person_id:
            return self._page(session, note=self.chat.say("web_logged_out"))
        return self._page(session, note=self.chat.say("web_owner_browser") if session.owner else "")

    async def open_owner_link(self, request: Request) -> Response:
        session = self._session(request) or Session()
        if not self.owner_link.use(request.query["owner"]) and not session.owner:
            problem = self.chat.say("web_stale_owner_link")
            return self._page(session, problem=problem, status=403)
        return self._with_cookie(request, Session(session.person_id, owner=True))

    async def log_in(self, request: Request) -> Response:
        if await self.person(request):
            return _to_chat()
        session = self._session(request) or Session()
        name, password = await _submitted(request)
        ip = self.chat.address.client_ip(request)
        try:
            if self._asks_password(session):
                self._check_password(password, ip)
            person_id = await self._register(name, ip)
        except UserError as error:
            problem = self.chat.say(error.reason, **error.values)
            name = name[: 2 * MAX_NAME_LENGTH]
            return self._page(session, name=name, problem=problem, status=422)
        return self._with_cookie(request, Session(person_id, session.owner))

    async def log_out(self, request: Request, person: Person | None) -> Response:
        if person is not None:
            await self.chat.storage.leave(person.id)
            if person.admin:  # the owner's link works once, so this browser keeps the right
                return self._with_cookie(request, Session(owner=True))
        response = _to_chat()
        response.del_cookie(self.cookies.cookie, path="/")
        return response

    def _session(self, request: Request) -> Session | None:
        return self.cookies.read(request.cookies.get(self.cookies.cookie, ""))

    def _asks_password(self, session: Session | None) -> bool:
        return bool(self.password) and not (session and session.owner)

    def _check_password(self, password: str, ip: str) -> None:
        if not self.wrong_passwords.has_left(ip):
            raise UserError("web_too_many_wrong_passwords")
        if not same_password(password, self.password):
            self.wrong_passwords.spend(ip)
            raise UserError("web_wrong_password")

    async def _register(self, typed_name: str, ip: str) -> str:
        name = normalize_name(typed_name)
        person_id = secrets.token_urlsafe(12)
        if not self.new_people.has_left(ip):
            raise UserError("web_too_many_new_people")
        if await self.chat.storage.enter(person_id, name, name_key(name), self.chat.now()):
            self.new_people.spend(ip)
            return person_id
        base = name[: MAX_NAME_LENGTH - 3].rstrip()
        similar = {name_key(f"{base} {number}"): f"{base} {number}" for number in range(2, 30)}
        taken = await self.chat.storage.taken(list(similar))
        free = next((other for key, other in similar.items() if key not in taken), "")
        raise UserError("web_name_taken", name=name, free=free)

    def _with_cookie(self, request: Request, session: Session) -> Response:
        response = _to_chat()
        response.set_cookie(
            self.cookies.cookie,
            self.cookies.sign(session),
            max_age=COOKIE_AGE,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self.chat.address.public.startswith("https://") or request.secure,
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
    ) -> Response:
        alert = f'<p class="problem" role="alert" id="problem">{escape(problem)}</p>'
        html = Template(_LOGIN_PAGE.read_text("utf-8")).substitute(
            note=f'<p class="note">{escape(note)}</p>' if note else "",
            problem=alert if problem else "",
            invalid=' aria-invalid="true" aria-describedby="problem"' if problem else "",
            name=escape(name),
            password=_PASSWORD_FIELD if self._asks_password(session) else "",
        )
        headers = {"Cache-Control": "no-store"}
        return Response(text=html, content_type="text/html", status=status, headers=headers)


async def _submitted(request: Request) -> tuple[str, str]:
    try:
        form = await request.post()
    except (LookupError, ValueError):
        return "", ""
    name, password = (
        value if isinstance(value, str) else "" for value in map(form.get, ("name", "password"))
    )
    return name, password


def _to_chat() -> Response:
    return Response(status=303, headers={"Location": "/", "Cache-Control": "no-store"})
