"""What can go wrong on the way to a provider and back, in words for who went it."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable


class OpenIdNotOffered(NotFound):
    """There is no sign-in by another provider here."""

    code = "openid_not_offered"


class OpenIdUnreachable(Unavailable):
    """%(name)s does not answer just now. Try again in a minute, or sign in with your password."""

    code = "openid_unreachable"


class OpenIdInterrupted(Conflict):
    """This sign-in took too long, was begun in another window or was used already. Please start again."""

    code = "openid_interrupted"


class OpenIdRefused(InvalidInput):
    """%(name)s has not confirmed who you are, or you have stopped there. Try again, or sign in with your password."""

    code = "openid_refused"


class OpenIdNotValid(InvalidInput):
    """What %(name)s has answered could not be verified, so nobody was signed in. Please tell us if it happens again."""

    code = "openid_not_valid"


class OpenIdUnknown(InvalidInput):
    """This account at %(name)s is not linked to one here yet. Sign in once with your password; then you can link it."""

    code = "openid_unknown"


class OpenIdTaken(Conflict):
    """This account at %(name)s is linked already, to this account or to another one."""

    code = "openid_taken"


class OpenIdOther(Conflict):
    """This account at %(name)s is not linked to the one you are signed in with. Choose your own there."""

    code = "openid_other"


class OpenIdNotRecent(InvalidInput):
    """%(name)s has let you through without asking anew who you are, so it does not count here. Try another way."""

    code = "openid_not_recent"
