"""Our agreement coefficients against irrCAC, which wants an older pandas and so a place of its own.

    python -m venv bench/.venv && bench/.venv/bin/pip install irrCAC==0.4.4
    python bench/irrcac.py [SEEDS]

Random tables with gaps, ties and rare answers are rated by both; irrCAC rounds to five digits, so
values and standard errors may differ by 5e-6. What is undefined for one must be for the other.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from analysis.agreement.alpha import alpha
from analysis.agreement.gwet import brennan_prediger, conger, fleiss, gwet_ac
from analysis.agreement.patterns import RaterPatterns
from analysis.agreement.result import Agreement

PYTHON = Path(__file__).parent / ".venv" / "bin" / "python"
NEAR = 5.1e-6  # half a unit of the fifth digit, and what binary numbers add
THEIRS = """
import json, sys, warnings
import numpy as np, pandas as pd
from irrCAC.raw import CAC
warnings.simplefilter("ignore")
answers = []
for case in json.load(sys.stdin):
    frame = pd.DataFrame(case["ratings"], dtype=float)
    told = {}
    for name in ("gwet", "fleiss", "conger", "bp", "krippendorff"):
        try:
            est = getattr(CAC(frame, weights=case["weights"]), name)()["est"]
            told[name] = [float(est["coefficient_value"]), float(est["se"])]
        except Exception as error:
            told[name] = repr(error)
    answers.append(told)
json.dump(answers, sys.stdout)
"""


def case(seed: int) -> dict[str, object]:
    """A table of ratings, NaN where somebody did not rate."""
    draw = np.random.default_rng(seed)
    units, raters, answers = draw.integers(12, 60), draw.integers(2, 6), draw.integers(2, 6)
    truth = draw.integers(0, answers, units)
    said = np.where(
        draw.random((units, raters)) < 0.7,
        truth[:, None],
        draw.integers(0, answers, (units, raters)),
    ).astype(float)
    said[draw.random((units, raters)) < 0.15] = np.nan
    kind = ("identity", "linear", "quadratic", "ordinal")[seed % 4]
    return {"ratings": (said + 1).tolist(), "weights": kind}


def ours(made: dict[str, object]) -> dict[str, Agreement]:
    """The same table by our own code; answers that nobody gave are left out, as irrCAC does."""
    table = np.array(made["ratings"], dtype=float)
    values = sorted({v for v in table.ravel().tolist() if not math.isnan(v)})
    codes = np.full(table.shape, -1)
    for code, value in enumerate(values):
        codes[table == value] = code
    people = RaterPatterns(
        tuple(f"R{i}" for i in range(table.shape[1])),
        tuple(map(str, values)),
        codes,
        np.ones(len(codes), dtype=np.int64),
        tuple(values),
    )
    kind, patterns = made["weights"], people.patterns
    level = {"identity": "nominal", "quadratic": "interval", "ordinal": "ordinal"}.get(str(kind))
    found = {
        "gwet": gwet_ac(patterns, kind, resamples=0),  # type: ignore[arg-type]
        "fleiss": fleiss(patterns, kind, resamples=0),  # type: ignore[arg-type]
        "bp": brennan_prediger(patterns, kind, resamples=0),  # type: ignore[arg-type]
        "conger": conger(people, kind, resamples=0),  # type: ignore[arg-type]
    }
    if level in ("nominal", "interval"):
        found["krippendorff"] = alpha(patterns, level, resamples=0)  # type: ignore[arg-type]
    return found


def main() -> int:
    """Print how far both lie apart at most; 1 when that is too far."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    cases = [case(seed) for seed in range(seeds)]
    text = json.dumps(cases).replace("NaN", "null")
    done = subprocess.run(
        [PYTHON, "-c", THEIRS], input=text, capture_output=True, text=True, check=True
    )
    apart: dict[str, float] = {}
    compared = 0
    for made, theirs in zip(cases, json.loads(done.stdout), strict=True):
        for name, one in ours(made).items():
            value, error = theirs[name]
            pairs = {name: (one.value, value)}
            if name in ("gwet", "fleiss", "bp"):
                pairs[f"{name}, standard error"] = (one.standard_error, error)
            for key, (mine, yours) in pairs.items():
                gap = abs((mine if mine is not None else math.nan) - yours)
                apart[key] = max(apart.get(key, 0.0), math.inf if math.isnan(gap) else gap)
                compared += 1
    for key, gap in sorted(apart.items()):
        print(f"{key}: at most {gap:.1e} apart ({'keeps' if gap <= NEAR else 'MISSES'} {NEAR:g})")
    print(f"{compared:,} numbers of {seeds} tables compared")
    return int(max(apart.values()) > NEAR)


if __name__ == "__main__":
    sys.exit(main())
