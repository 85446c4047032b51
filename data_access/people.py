"""Pseudonyms: the same person always reads as the same "Person 7F3K"."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U, which are misread
_SHORT, _LONG = 4, 10


def pseudonyms(names: Iterable[str], *, salt: str) -> dict[str, str]:
    """Name → pseudonym. Two people never share one: where the short codes meet, both are long.

    >>> pseudonyms(["A. Novak"], salt="x")
    {'A. Novak': 'Person 3Z4G'}
    """
    codes = {name: _code(name, salt) for name in names}
    short = Counter(code[:_SHORT] for code in codes.values())
    return {
        name: f"Person {code if short[code[:_SHORT]] > 1 else code[:_SHORT]}"
        for name, code in sorted(codes.items())
    }


def is_long(pseudonym: str) -> bool:
    """Whether the short code of this person was taken by another."""
    return len(pseudonym.removeprefix("Person ")) > _SHORT


def _code(name: str, salt: str) -> str:
    digest = hashlib.blake2b(name.encode(), key=salt.encode()[:64], digest_size=_LONG).digest()
    return "".join(_SIGNS[byte % 32] for byte in digest)
