"""Second factors: each registers here what it proves, who has it, and how it is asked for."""

from __future__ import annotations

from core.accounts.factors.registry import (
    Asking,
    Factor,
    get_factor,
    list_enrolled,
    list_offered,
    register_factor,
)

__all__ = ["Asking", "Factor", "get_factor", "list_enrolled", "list_offered", "register_factor"]
