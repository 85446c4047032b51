"""A bounded memory of what was worked out from one snapshot: judgements and filled charts."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")
_MOST, _MOST_LARGE = 1_000, 16
_lock = threading.Lock()
_kept: OrderedDict[Hashable, object] = OrderedDict()
_large: OrderedDict[Hashable, object] = OrderedDict()


def remember(key: Hashable, make: Callable[[], T], *, is_large: bool = False) -> T:
    """The result of `make`, made once for a key; of large things the last 16 are kept.

    The key must name everything the result depends on: start it with `View.key`, which names the
    snapshot, so a publish forgets nothing wrongly and keeps nothing wrongly. What comes back is
    shared between sessions: never change it.
    """
    kept, most = (_large, _MOST_LARGE) if is_large else (_kept, _MOST)
    with _lock:
        if key in kept:
            kept.move_to_end(key)
            return cast("T", kept[key])
    made = make()
    with _lock:
        kept[key] = made
        while len(kept) > most:
            kept.popitem(last=False)
    return made
