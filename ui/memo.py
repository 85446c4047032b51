"""A bounded memory of what was worked out from one snapshot: judgements and filled charts."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")
_MOST = 1_000
_lock = threading.Lock()
_kept: OrderedDict[Hashable, object] = OrderedDict()


def remember(key: Hashable, make: Callable[[], T]) -> T:
    """The result of `make`, made once for a key.

    The key must name everything the result depends on: start it with `View.key`, which names the
    snapshot, so a publish forgets nothing wrongly and keeps nothing wrongly. What comes back is
    shared between sessions: never change it.
    """
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return cast("T", _kept[key])
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return made
