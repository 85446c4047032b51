"""What a cell shows under its number format: Excel's rules for the formats the reports use.

Written on its own, not from `metrics.units`: decimal half-up on the 15 digits Excel keeps, sections
for positive, negative and zero, literal text in quotes, a percent sign that multiplies by 100.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_SECTION = re.compile(r'^(?P<before>(?:"[^"]*"|\+)*)(?P<digits>[#,0.]+)(?P<after>(?:%|"[^"]*")*)$')


def shown(value: float, form: str) -> str:
    sections = form.split(";")
    number = Decimal(f"{value:.15g}")
    at = 1 if number < 0 and len(sections) > 1 else 2 if number == 0 and len(sections) > 2 else 0
    match = _SECTION.match(sections[at])
    assert match, f"a format the tests do not know: {form}"
    digits, after = match["digits"], match["after"]
    decimals = len(digits.partition(".")[2])
    scaled = abs(number) * (100 if "%" in after else 1)
    rounded = scaled.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{rounded:,}" if "," in digits else str(rounded)
    sign = "-" if number < 0 and at == 0 else ""
    return sign + match["before"].replace('"', "") + text + after.replace('"', "")


def plain(text: str) -> str:
    """Text with ordinary spaces, as a reader sees it."""
    return text.replace("\xa0", " ")
