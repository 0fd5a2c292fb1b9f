"""How often something may be tried; figures of NIST SP 800-63B and of what others run in practice."""

from __future__ import annotations

from core.accounts.limiter import Limit

MINUTE, QUARTER_HOUR, HOUR, DAY = 60, 900, 3600, 86_400

SIGN_IN_BY_ADDRESS = Limit("sign_in.address", 100, QUARTER_HOUR)
# Failures of everybody together: a flood from many addresses over many names is slowed as a whole.
SIGN_IN_BY_CAISSE = Limit("sign_in.caisse", 3_000, QUARTER_HOUR)
SIGN_IN_BY_ACCOUNT = Limit("sign_in.account", 10, QUARTER_HOUR)
CODE_SENT_BY_ACCOUNT = Limit("code_sent.account", 6, HOUR)
CODE_TRIED_BY_ACCOUNT = Limit("code_tried.account", 20, DAY)
TOKEN_BY_ADDRESS = Limit("token.address", 100, QUARTER_HOUR)
REENTRY_BY_ACCOUNT = Limit("reentry.account", 10, QUARTER_HOUR)
ACTIVATION_BY_ADDRESS = Limit("activation.address", 20, QUARTER_HOUR)
HELP_BY_ADDRESS = Limit("help.address", 10, QUARTER_HOUR)
HELP_BY_ACCOUNT = Limit("help.account", 3, HOUR)
HELP_BY_CAISSE = Limit("help.caisse", 300, HOUR)
FORGOTTEN_BY_ADDRESS = Limit("forgotten.address", 20, QUARTER_HOUR)
FORGOTTEN_BY_ACCOUNT = Limit("forgotten.account", 5, HOUR)
FORGOTTEN_TRIED_BY_ACCOUNT = Limit("forgotten_tried.account", 20, DAY)
TOTP_BY_ACCOUNT = Limit("totp.account", 5, QUARTER_HOUR)
TOTP_BY_ACCOUNT_A_DAY = Limit("totp_day.account", 30, DAY)
RECOVERY_BY_ACCOUNT = Limit("recovery.account", 5, QUARTER_HOUR)
RECOVERY_BY_ACCOUNT_A_DAY = Limit("recovery_day.account", 20, DAY)
PASSKEY_BY_ADDRESS = Limit("passkey.address", 60, QUARTER_HOUR)
# Not a limit on people: the one use of a challenge, which is remembered for longer than it is valid.
CHALLENGE_USED = Limit("passkey.challenge", 1, QUARTER_HOUR)
