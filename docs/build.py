"""Write the dictionaries docs/metrics.md and docs/extracts.md from the code.

Run `python docs/build.py` after a metric or an extract changed; a test fails when they are stale.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent))

from data_access.extracts import EXTRACTS  # noqa: E402  the path is set above
from data_access.extracts.model import Column, Extract  # noqa: E402
from data_access.readers.labeling.formats import FORMATS  # noqa: E402
from metrics.catalog import FAMILY_LABELS, METRICS  # noqa: E402
from metrics.model import Better, Metric  # noqa: E402

_HEAD = "<!-- Written by docs/build.py from the code. Do not edit. -->\n"


def _metric(metric: Metric) -> str:
    target = metric.show_target(metric.target) if metric.target is not None else "none"
    better = "neither way" if metric.better is Better.NEITHER else f"{metric.better} is better"
    least = f"; withheld below {metric.min_rows} {metric.n_of}" if metric.min_rows > 1 else ""
    time = f"`{metric.at}`" + (f" until `{metric.left_at}`" if metric.left_at else "")
    return (
        f"### {metric.label}\n\n`{metric.name}` · {metric.kind} · {metric.unit.name} · {better}"
        f"\n\n{metric.definition}\n\n"
        f"- Read from: `{metric.source}`, placed by {time}{least}\n"
        f"- Default target: {target}\n- Owner: {metric.owner}\n"
    )


def metrics_page() -> str:
    """The dictionary of metrics as Markdown."""
    parts = [_HEAD, "# Metrics\n", "Every number in the app comes from one of these definitions.\n"]
    for family, label in FAMILY_LABELS.items():
        parts.append(f"## {label}\n")
        parts += [_metric(metric) for metric in METRICS.values() if metric.family == family]
    return "\n".join(parts)


def _column(column: Column) -> str:
    choices = f" One of: {', '.join(column.choices)}." if column.choices else ""
    aliases = ", ".join(column.aliases).replace("|", "\\|")
    return (
        f"| `{column.name}` | {column.type} | {'yes' if column.required else ''} | "
        f"{column.description}{choices} | {column.example} | {aliases} |"
    )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _extract(extract: Extract) -> str:
    key = ", ".join(
        f"`{part}`" if isinstance(part, str) else " or ".join(f"`{name}`" for name in part)
        for part in extract.key
    )
    rules = "".join(
        f"- `{rule.column}`: {rule.reason} The row is {'refused' if rule.refuses else 'kept'}.\n"
        for rule in extract.rules
    )
    rules += "".join(
        f"- `{fill.column}`, where it is empty, from {_listed(fill.needs)}: {fill.reason}\n"
        for fill in extract.fills
    )
    lines = "\n".join(_column(column) for column in extract.columns)
    return (
        f"## {extract.label}\n\n`{extract.name}`. {extract.description}\n\n"
        f"A row is known by {key} within its source. A new file is expected every "
        f"{extract.cadence_days} days.\n\n"
        "| Column | Type | Required | What it is | Example | Also known as |\n"
        f"|---|---|---|---|---|---|\n{lines}\n\n{rules}"
    )


def extracts_page() -> str:
    """The dictionary of extracts as Markdown."""
    parts = [_HEAD, "# Extracts\n", "The files the app accepts, and what each column means.\n"]
    return "\n".join([*parts, *(_extract(extract) for extract in EXTRACTS.values()), _formats()])


def _formats() -> str:
    """The exports of annotation tools, which need no template."""
    rows = [f"| {one.name} | {one.holds} | {one.lacks or 'nothing'} |" for one in FORMATS]
    return "\n".join(
        (
            "## Exports of annotation tools\n",
            "Told by what is in the file; they fill `annotations`, and `reviews` where they have "
            "them. The text of a free answer is never stored.\n",
            "| Format | What comes out of it | What it cannot carry |",
            "|---|---|---|",
            *rows,
            "",
        )
    )


PAGES = {"metrics.md": metrics_page, "extracts.md": extracts_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
        print(f"Wrote docs/{name}")  # noqa: T201  a script's answer
