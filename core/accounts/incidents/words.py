"""What the kinds, states and outcomes of incidents are called."""

from __future__ import annotations

from core.kernel.text import N_

KINDS = {
    "lost_phone": N_("I lost my phone, or it was stolen"),
    "not_me": N_("This was not me: somebody used my access"),
    "suspicious": N_("A suspicious request: somebody asked for my password or a code"),
}
TITLES = {
    "lost_phone": N_("Phone lost"),
    "not_me": N_("Access used by somebody else"),
    "suspicious": N_("Suspicious request"),
}
STATES = {"open": N_("new"), "in_hand": N_("in treatment"), "closed": N_("settled")}
CHIPS = {"open": "stop", "in_hand": "info", "closed": "ok"}
OUTCOMES = {
    "": "",
    "given_back": N_("Access opened again as it was"),
    "enrolled": N_("Enrolled anew"),
    "nothing": N_("Settled, nothing further"),
}
PROOFS = {
    "password": N_("with the password, without signing in"),
    "mail_code": N_("with a code by e-mail, without signing in"),
    "session": N_("while signed in"),
    "clerk": N_("by telephone or at the counter, entered by the caisse"),
}
