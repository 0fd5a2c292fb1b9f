"""What each outcome of a look means, and what to do about it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.kernel.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

Level = Literal["ok", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Both texts are filled from the details of the look."""

    level: Level
    seen: Text
    advice: Text


OUTCOMES: Mapping[str, Outcome] = {
    "points_here": Outcome("ok", N_("Leads to this caisse (%(address)s)."), Text("")),
    "name_unknown": Outcome(
        "bad",
        N_("The name %(host)s is not known: no name server has an address for it."),
        N_("Whoever runs the domain adds a CNAME record that points to %(platform)s, or A and AAAA records."),
    ),
    "private_address": Outcome(
        "bad",
        N_("The name %(host)s leads to an address of a private network, and was not asked."),
        N_("It needs an address of the public Internet. In a private network, name it in RELAIS_HOST_CHECK_NETWORKS."),
    ),
    "no_answer": Outcome(
        "bad",
        N_("Nothing answers at %(address)s, port %(port)s (%(reason)s)."),
        N_("Compare the address with that of this platform's proxy, and look at the firewall before it."),
    ),
    "certificate_refused": Outcome(
        "bad",
        N_("The certificate at %(address)s is not valid for this name: %(reason)s."),
        N_("Get a certificate for this host name and give it to the proxy."),
    ),
    "redirected": Outcome(
        "bad",
        N_("%(address)s sends visitors on to another address (status %(status)s)."),
        N_("Take the redirect away, or let the record of the name point to this platform itself."),
    ),
    "elsewhere": Outcome(
        "bad",
        N_("%(address)s answers, but it is not this platform (status %(status)s)."),
        N_("The record of the name points to another server; or the proxy does not hand on the name (Host)."),
    ),
    "other_caisse": Outcome(
        "bad",
        N_("%(address)s leads to this platform, but to another caisse."),
        N_("Look at which caisse has this host, and at the path."),
    ),
    "too_slow": Outcome(
        "bad",
        N_("There was no complete answer within %(seconds)s seconds."),
        N_("Check again; if it stays so, look at the name server and at the proxy."),
    ),
}
EXPIRING = Outcome(
    "warning",
    N_("Leads to this caisse, but its certificate ends in %(days)s days."),
    N_("Renew the certificate; proxies usually do so by themselves thirty days before its end."),
)
EXPIRING_WITHIN_DAYS = 21
