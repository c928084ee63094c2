"""The logins as pages know them: where each begins and comes back, where it leads, and who comes in."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.core.language import N_, Language, translate
from chalicelib.core.logins import DIGID, LoginMeans
from chalicelib.core.settings import Settings
from chalicelib.identity.claims import officer_of
from chalicelib.identity.model import Login, LoginRefused
from chalicelib.people.model import Citizen, Principal, Session
from chalicelib.wiring import Services

ENTRANCE = "/login"


@dataclass(frozen=True, slots=True)
class LoginRealm:
    """One login. An answer of its issuer is taken at its own `callback` and nowhere else (RFC 9700, 4.4)."""

    means: LoginMeans
    start: str
    callback: str
    home: str

    @property
    def key(self) -> str:
        return self.means.key

    def name(self, language: Language) -> str:
        return self.means.names[language] if self.means.names else translate(N_("the staff login"), language)

    def principal(self, services: Services, login: Login) -> Principal:
        """Return who logged in. Raises LoginRefused when the claims do not tell."""
        if self.means.identity is None:
            return officer_of(login.claims, services.settings)
        if login.level is None:
            raise LoginRefused("acr_missing")
        return services.vault.citizen_of(login.claims, login.level, self.means)


def officers(settings: Settings) -> LoginRealm:
    return LoginRealm(settings.staff_login, "/staff/login", "/staff/login/callback", "/desk")


def citizens(settings: Settings) -> tuple[LoginRealm, ...]:
    """Return the logins of citizens, DigiD first: alone it begins at the entrance, among others each at its own address."""
    logins = settings.citizen_logins
    return tuple(
        LoginRealm(
            means,
            ENTRANCE if len(logins) == 1 else f"{ENTRANCE}/with/{means.key}",
            f"{ENTRANCE}/callback" if means.key == DIGID else f"{ENTRANCE}/callback/{means.key}",
            "/reports",
        )
        for means in logins
    )


def of_key(settings: Settings, key: str) -> LoginRealm | None:
    """Return the login of citizens with this key, None when there is none (any more)."""
    return _with_key(citizens(settings), key)


def of_session(settings: Settings, session: Session) -> LoginRealm | None:
    """Return the login with which a session began; one of before there were several began with the first."""
    if not isinstance(session.principal, Citizen):
        return officers(settings)
    return of_key(settings, session.means or DIGID)


def _with_key(realms: Iterable[LoginRealm], key: str) -> LoginRealm | None:
    return next((realm for realm in realms if realm.key == key), None)
