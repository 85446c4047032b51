"""Every kind of file the app accepts, found by itself.

To add an extract, write one module here with one `Extract` constant named like it, in capitals.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from data_access.extracts.model import Extract
from metrics.errors import AppError, suggest


def _collect() -> dict[str, Extract]:
    found: dict[str, Extract] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for constant, value in vars(import_module(module.name)).items():
            if isinstance(value, Extract) and constant == value.name.upper():
                found[value.name] = value
    return found


EXTRACTS: dict[str, Extract] = _collect()


def extract(name: str) -> Extract:
    """The extract of that name.

    Raises:
        AppError: there is none; the message lists those there are.
    """
    try:
        return EXTRACTS[name]
    except KeyError:
        raise AppError(
            f"There is no extract named {name}.",
            choices=EXTRACTS,
            next_step=suggest(name, EXTRACTS),
        ) from None
