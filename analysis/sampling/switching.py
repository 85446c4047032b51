"""The switching rules of ISO 2859-1: how strictly the next lot of a project is inspected.

Source: ISO 2859-1:1999, clauses 9.3 and 9.4. Lots that come back after a refusal do not count, and
neither do lots that were inspected less or more strictly than the lots before asked for. The rules
assume lots of one process, one after the other, inspected at one AQL and level.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.sampling.iso2859 import entry
from analysis.sampling.model import Severity
from analysis.sampling.tables import AQLS

ENOUGH = 30  # switching score at which reduced inspection is allowed
WINDOW, REFUSED = 5, 2  # not accepted lots of so many in a row that make inspection tightened
IN_A_ROW = 5  # accepted lots on tightened inspection that lead back to normal
STOP = 5  # lots not accepted on tightened inspection after which inspection stops

START = "No lot was decided by a plan of ISO 2859-1 yet: inspection starts normal."


@dataclass(frozen=True)
class Inspected:
    """A decided lot, as the rules see it.

    Attributes:
        letter, aql, ac: of the plan that was used.
        severity: at which it was inspected.
        defective: items found defective.
        is_accepted: the decision.
        is_original: False for a lot that came back.
    """

    letter: str
    aql: float
    ac: int
    severity: Severity
    defective: int
    is_accepted: bool
    is_original: bool = True


@dataclass(frozen=True)
class Standing:
    """Where a project stands after its lots.

    Attributes:
        severity: for the next lot.
        rule: why, in words that name the rule.
        score: the switching score; 0 unless inspection is normal.
        may_reduce: reduced inspection is allowed, where work is steady and the person responsible
            agrees.
        is_stopped: acceptance by sample has stopped until the process is mended.
        refused: lots not accepted since inspection became tightened.
        recent: the last lots since inspection became what it is, True for accepted.
    """

    severity: Severity = Severity.NORMAL
    rule: str = START
    score: int = 0
    may_reduce: bool = False
    is_stopped: bool = False
    refused: int = 0
    recent: tuple[bool, ...] = ()

    def asks_for(self, severity: Severity) -> bool:
        """Whether the next lot may be inspected so: as due, or reduced where that is allowed."""
        return severity is self.severity or (self.may_reduce and severity is Severity.REDUCED)


def standing(lots: Iterable[Inspected]) -> Standing:
    """Where a project stands after its lots, oldest first."""
    return history(lots)[-1]


def history(lots: Iterable[Inspected]) -> list[Standing]:
    """Where it stood before its first lot, and after each; what does not count changes nothing."""
    found = [Standing()]
    for lot in lots:
        found.append(_after(found[-1], lot) if counts(found[-1], lot) else found[-1])
    return found


def counts(before: Standing, lot: Inspected) -> bool:
    """Whether a lot moves the rules: inspected for the first time, as strictly as was asked for."""
    return lot.is_original and before.asks_for(lot.severity)


def _after(before: Standing, lot: Inspected) -> Standing:
    if before.is_stopped:  # inspection goes on tightened once the process was mended
        before = Standing(Severity.TIGHTENED)
    if lot.severity is Severity.NORMAL:
        return _normal(before, lot)
    return _reduced(lot) if lot.severity is Severity.REDUCED else _tightened(before, lot)


def _normal(before: Standing, lot: Inspected) -> Standing:
    recent = (*before.recent, lot.is_accepted)[-WINDOW:]
    refused = recent.count(False)
    if refused >= REFUSED:
        return Standing(
            Severity.TIGHTENED,
            f"{REFUSED} of the last {len(recent)} lots were not accepted (9.3.1): inspection is "
            "tightened.",
        )
    score = scored(before.score, lot)
    may_reduce = score >= ENOUGH
    rule = f"Fewer than {REFUSED} of {WINDOW} lots in a row were not accepted: inspection stays "
    rule += f"normal. Switching score {score} of {ENOUGH} (9.3.3)."
    if may_reduce:
        rule = (
            f"Switching score {score}, {ENOUGH} are enough (9.3.3): inspection may be reduced, if "
            "the work is steady and the person responsible agrees."
        )
    return Standing(Severity.NORMAL, rule, score, may_reduce, recent=recent)


def scored(score: int, lot: Inspected) -> int:
    """The switching score after a lot on normal inspection.

    With Ac of 2 or more: 3 more if the lot would have been accepted at the next tighter AQL, else
    0. With Ac 0 or 1: 2 more if it was accepted, else 0.
    """
    if not lot.is_accepted:
        return 0
    if lot.ac < 2:
        return score + 2
    tighter = entry(lot.letter, AQLS[AQLS.index(lot.aql) - 1], Severity.NORMAL)
    return score + 3 if lot.defective <= tighter.ac else 0


def _tightened(before: Standing, lot: Inspected) -> Standing:
    recent = (*before.recent, lot.is_accepted)[-IN_A_ROW:]
    refused = before.refused + (not lot.is_accepted)
    if refused >= STOP:
        return Standing(
            Severity.TIGHTENED,
            f"{STOP} lots were not accepted on tightened inspection (9.4): stop accepting by "
            "sample until the process is mended, then go on tightened.",
            is_stopped=True,
            refused=refused,
        )
    if len(recent) == IN_A_ROW and all(recent):
        return Standing(
            rule=f"{IN_A_ROW} lots in a row were accepted on tightened inspection (9.3.2): "
            "inspection is normal again."
        )
    row = next((i for i, accepted in enumerate(reversed(recent)) if not accepted), len(recent))
    stays = Standing(Severity.TIGHTENED, refused=refused, recent=recent)
    return replace(
        stays,
        rule=f"{row} of {IN_A_ROW} lots in a row accepted on tightened inspection (9.3.2): it "
        "stays tightened.",
    )


def _reduced(lot: Inspected) -> Standing:
    if lot.is_accepted:
        return Standing(
            Severity.REDUCED, "The last lot was accepted on reduced inspection: it stays reduced."
        )
    return Standing(
        rule="A lot was not accepted on reduced inspection (9.3.4): inspection is normal again."
    )
