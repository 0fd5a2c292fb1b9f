"""Who makes a request: read once, lazily, in one short scope with at most two queries."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from core.accounts.clients import list_clients
from core.accounts.levels import TWO_FACTORS
from core.accounts.seats import actor_of_seat, build_staff_actor, build_support_actor, find_seat, list_seats
from core.kernel.errors import AssuranceTooLow, NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.models import Session, StaffMember, SupportGrant, User
    from core.accounts.seats import Seat
    from core.accounts.sessions import SessionStore
    from core.kernel.actors import Actor


# Of some a substitute's place may not reach; then the next one counts.
CHOICES = 10


class Identity:
    """The signed-in user of a request, her seats and roles; an anonymous one has none."""

    def __init__(self, session: SessionStore) -> None:
        self._session = session
        self._near: dict[UUID, tuple[Seat, ...]] = {}
        self._expected: UUID | None = None

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody has completed a sign-in."""
        return self.user is not None

    @property
    def user(self) -> User | None:
        """The signed-in user."""
        return self._loaded

    @cached_property
    def seats(self) -> tuple[Seat, ...]:
        """For whom she may act today, her own company first: all of them, a thousand perhaps."""
        if self.user is None:
            return ()
        with self._session.reading():
            return list_seats(self.user.id)

    @cached_property
    def first_party(self) -> UUID | None:
        """The first party for whom she may act today: her own company, where she has one."""
        if self.user is None:
            return None
        with self._session.reading():
            found = [one.id for one in list_clients(self.user.id, limit=CHOICES).rows]
            usable = {seat.party.id for seat in list_seats(self.user.id, party_ids=found)}
        return next((one for one in found if one in usable), None)

    def expect_party(self, party_id: UUID) -> None:
        """Say for which party the request is, so that her seats for it are read together with her session."""
        self._expected = party_id

    def seats_for(self, party_id: UUID) -> tuple[Seat, ...]:
        """Return her seats for one party, one for each company through which she may act for it."""
        if self.user is None:
            return ()
        if party_id not in self._near:
            with self._session.reading():
                self._near[party_id] = list_seats(self.user.id, party_ids=[party_id])
        return self._near[party_id]

    @property
    def staff(self) -> StaffMember | None:
        """Her place at the caisse, if she works there."""
        found: StaffMember | None = getattr(self.user, "staff", None)
        return found if found is not None and found.ended_at is None else None

    @property
    def support(self) -> SupportGrant | None:
        """The access under which an operator is here, if she is one."""
        row = self._row
        return row.support if row is not None else None

    @property
    def assurance_level(self) -> int:
        """What her sign-in proved."""
        row = self._row
        return row.assurance_level if row is not None else 0

    @property
    def session_id(self) -> UUID | None:
        """The identifier of a signed-in session's row, which is no secret."""
        row = self._row
        return row.id if row is not None else None

    def find_seat(self, party_id: UUID) -> Seat:
        """Return her seat for a party; raises ``NotFound``."""
        return find_seat(self.seats_for(party_id), party_id)

    def actor_for(self, party_id: UUID) -> Actor:
        """Return the actor she is for a party; raises ``NotFound`` where she has no seat."""
        if self.user is None:
            raise NotFound
        return actor_of_seat(self.user, self.find_seat(party_id), self.assurance_level)

    @cached_property
    def clerk_actor(self) -> Actor:
        """The actor she is at the caisse's desk; raises ``NotFound`` if she does not work there.

        Raises ``AssuranceTooLow`` for a sign-in by password alone: a desk sees everybody's data.
        """
        caisse = self._session.caisse
        if self.support is not None and caisse is not None and self.user is not None:
            return build_support_actor(self.user, caisse)
        if caisse is None or self.user is None or self.staff is None:
            raise NotFound
        if self.assurance_level < TWO_FACTORS:
            raise AssuranceTooLow(needed=TWO_FACTORS)
        return build_staff_actor(self.user, self.staff, assurance_level=self.assurance_level, caisse=caisse)

    @property
    def _row(self) -> Session | None:
        # Asking for the user first makes sure that the row has been read.
        return self._session.row if self.user is not None else None

    @cached_property
    def _loaded(self) -> User | None:
        if self._session.caisse is None or self._session.session_key is None:
            return None
        with self._session.reading():
            self._session.get("_")
            user = self._session.row.user if self._session.row is not None else None
            if user is not None and self._expected is not None:
                self._near[self._expected] = list_seats(user.id, party_ids=[self._expected])
            return user
