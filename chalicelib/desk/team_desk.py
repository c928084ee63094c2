"""An officer's desk with the rosters of the units."""

from dataclasses import dataclass
from typing import Self

from chalicelib.desk.actions import Desk
from chalicelib.desk.stated import stated_by
from chalicelib.teams.store import Rosters
from chalicelib.web.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDesk(Desk):
    """An officer at work, with the rosters of the units. `derivation_key` names what is made twice only once."""

    rosters: Rosters
    derivation_key: bytes

    @classmethod
    def of(cls, request: Request) -> Self:
        services = request.services
        return cls(
            officer=request.officer,
            reports=services.reports,
            ledger=services.ledger,
            audit=services.audit,
            clock=services.clock,
            reasons=request.session.reasons if request.session else {},
            stated=stated_by(request) if request.session is None else None,
            rosters=services.rosters,
            derivation_key=services.derivation_key,
        )
