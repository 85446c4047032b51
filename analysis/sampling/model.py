"""What a sampling plan, a lot's result and its decision are."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from metrics.errors import AppError


class Scheme(StrEnum):
    """Where a plan comes from."""

    ISO = "iso"
    RISKS = "risks"
    ZERO = "zero"
    SEQUENTIAL = "sequential"

    @property
    def label(self) -> str:
        """For people."""
        return _SCHEMES[self]


_SCHEMES = {
    Scheme.ISO: "ISO 2859-1",
    Scheme.RISKS: "By stated risks",
    Scheme.ZERO: "No defect allowed (c\xa0=\xa00)",
    Scheme.SEQUENTIAL: "Sequential",
}


class Severity(StrEnum):
    """How strict inspection is; it follows from the lots before."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"

    @property
    def label(self) -> str:
        """For people."""
        return self.value.capitalize()


class Decision(StrEnum):
    """What is decided about a lot."""

    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not accepted"
    KEEP_SAMPLING = "keep sampling"


@dataclass(frozen=True)
class Plan:
    """How many items to check and when to accept.

    Attributes:
        scheme: where it comes from.
        size: items in the lot.
        n: items to draw; of a sequential plan the most that can be needed.
        ac: accept with at most so many defective; of a sequential plan at its last item.
        re: do not accept with so many; ac + 1.
        source: in words, with everything needed to find the plan again.
        letter: ISO code letter of the plan used; "" for other schemes.
        asked_letter: the code letter of lot size and level; differs where an arrow was followed.
        aql, level, severity: what was asked of the table; None and "" for other schemes.
        p1, p2: the good and the bad defective rate of the stated risks.
        alpha, beta: how often a lot that good may be refused, and one that bad accepted.
        sources: how many public sources confirm the cell of the table; 0 for other schemes.
        strata: of a draw from every annotator the lot's items by each, in the order in which they
            come in the draw; empty for a simple draw.
    """

    scheme: Scheme
    size: int
    n: int
    ac: int
    re: int
    source: str
    letter: str = ""
    asked_letter: str = ""
    aql: float | None = None
    level: str = ""
    severity: Severity | None = None
    p1: float | None = None
    p2: float | None = None
    alpha: float | None = None
    beta: float | None = None
    sources: int = 0
    strata: tuple[int, ...] = ()

    @property
    def is_whole_lot(self) -> bool:
        """Whether every item of the lot is checked."""
        return self.n >= self.size

    @property
    def is_found_once(self) -> bool:
        """Whether the cell of the table was found in one public source only."""
        return self.scheme is Scheme.ISO and self.sources < 2


def plan_text(plan: Plan) -> str:
    """The plan as JSON, to keep it with its lot."""
    return json.dumps(asdict(plan), sort_keys=True)


def plan_of(text: str) -> Plan:
    """The plan that a lot was drawn by.

    Raises:
        AppError: the text is not of a plan.
    """
    try:
        kept = json.loads(text)
        kept["scheme"] = Scheme(kept["scheme"])
        kept["strata"] = tuple(kept.get("strata", ()))
        kept["severity"] = Severity(kept["severity"]) if kept["severity"] else None
        return Plan(**kept)
    except (ValueError, KeyError, TypeError) as error:
        raise AppError("The plan of this lot cannot be read.", where=text[:80]) from error
