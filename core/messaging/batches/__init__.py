"""Files for many clients at once: unpacked, matched, shown, then a draft or a sending for each client.

``receiving`` takes the uploads, ``looking`` has the child unpack them, ``matching`` and ``judging`` say whose each is
and whether it may be taken over, ``correcting`` takes what a user says of it, ``making`` and ``sending`` carry it out.
"""

from __future__ import annotations

LOOK, MAKE, SEND, CLEAR = (
    "messaging.batch_look",
    "messaging.batch_make",
    "messaging.batch_send",
    "messaging.batch_clear",
)
# Kinds of documents: what somebody uploaded, and what was unpacked of it.
UPLOAD, MEMBER = "batch_upload", "batch_member"
