"""Why a user's place in a company could not be given, changed or ended."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, TooManyAttempts


class LastCompanyAdministrator(Conflict):
    """The company would be left without an administrator. Give a colleague this role first, without a last day."""

    code = "last_company_administrator"


class MemberChanged(Conflict):
    """Somebody changed this user in the meantime. Look at the new state and try again."""

    code = "member_changed"


class MemberKnown(Conflict):
    """This person is a user of your company already. Open her page to change what she may do."""

    code = "member_known"


class MailNeedsAddress(InvalidInput):
    """Without an e-mail address no mail can be sent. Enter it, or choose a letter or a slip."""

    code = "mail_needs_address"


class NamesMissing(InvalidInput):
    """Enter given name and family name."""

    code = "names_missing"


class SlipNotPossible(InvalidInput):
    """A provisional password is for somebody without e-mail. Leave the address empty, or choose another way."""

    code = "slip_not_possible"


class CodeOnlyByMail(Conflict):
    """The access of this person opens more than your company: a code goes only to her own e-mail address."""

    code = "code_only_by_mail"


class MemberRoleNotValid(InvalidInput):
    """Choose whether this person is an administrator or a user of the company."""

    code = "member_role_not_valid"


class ClientsNotValid(InvalidInput):
    """Choose at least one client, or all of them."""

    code = "clients_not_valid"


class MemberEndMissing(InvalidInput):
    """Here a user's access ends after %(months)s months at the latest. Enter a last day until then."""

    code = "member_end_missing"


class ProofMissing(InvalidInput):
    """Attach the document that proves who may represent the company, and say why it is needed."""

    code = "proof_missing"


class ThemeNotOffered(InvalidInput):
    """The caisse does not offer this theme to your company."""

    code = "theme_not_offered"


class ThemeHasOpenCases(Conflict):
    """%(count)s messages of this theme wait for you. Answer or delete them first, then you can decline the theme."""

    code = "theme_has_open_cases"


class SubstituteNotValid(InvalidInput):
    """Choose a colleague of your company as substitute, not the person herself."""

    code = "substitute_not_valid"


class SubstituteForTooLong(InvalidInput):
    """Enter the first and the last day; a substitute is named for %(months)s months at most."""

    code = "substitute_for_too_long"


class RequestEmpty(InvalidInput):
    """Say what you ask for: a theme, a client, or the number of a company."""

    code = "access_request_empty"


class RequestWaits(Conflict):
    """You have asked already; the administrators have not answered yet."""

    code = "access_request_waits"


class TooManyRequests(TooManyAttempts):
    """Much that you asked for was refused or has no answer yet. Ask the administrators of the company directly."""

    code = "too_many_access_requests"


class RequestAnswered(Conflict):
    """Somebody has answered this request in the meantime."""

    code = "access_request_answered"


class ColleagueMissing(InvalidInput):
    """Choose the colleague who takes over what is open."""

    code = "colleague_missing"


class ColleagueLacksTheme(Conflict):
    """This colleague may not act in all that is handed over. Choose another one, or give her the themes as well."""

    code = "colleague_lacks_theme"


class NameNotPossible(InvalidInput):
    """This person cannot sign in with this kind of name here: choose another one."""

    code = "name_not_possible"


class NameNotFree(Conflict):
    """Somebody else signs in with this name, or it has just been changed. Reload the page, or issue a user number."""

    code = "name_not_free"
