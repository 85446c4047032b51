"""The name of the source, as the file's name suggests it."""

from __future__ import annotations

import re

from data_access.ingest.remembered import Remembered

_ENDINGS = re.compile(r"\.(csv|tsv|txt|xlsx|xlsm|parquet|pq|jsonl?|ndjson|gz)$", re.IGNORECASE)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?:[-_ ]?(?:19|20)?\d\d)?"
)
# Tried in this order; each is taken out where it stands between marks or at an end.
_PASSING = tuple(
    re.compile(rf"(?:^|(?<=[\W_])){pattern}(?=$|[\W_])", re.IGNORECASE)
    for pattern in (
        r"at-(?:19|20)\d\d-\d\d-\d\d-\d\d-\d\d-[0-9a-f]{8}",  # Label Studio
        r"\(\d+\)",
        r"copy of",
        r"copy(?: \d+)?",
        r"kopie",
        r"copia",
        r"(?:19|20)\d\d[-_.]?(?:w|kw|week|wk)[-_ ]?\d{1,2}",
        r"(?:w|kw|week|wk)[-_ ]?\d{1,2}(?:[-_ ](?:19|20)\d\d)?",
        r"(?:19|20)\d\d[-_. ]\d{1,2}[-_. ]\d{1,2}(?:[t_\- ]\d{1,2}[-_:.]?\d\d(?:[-_:.]?\d\d)?z?)?",
        r"\d{1,2}[-_. ]\d{1,2}[-_. ](?:19|20)\d\d",
        r"(?:19|20)\d{6}(?:t?\d{4,6}z?)?",
        r"(?:19|20)\d\d[-_.]\d{1,2}",
        r"q[1-4]",
        _MONTH,
        r"(?:19|20)\d\d",
        r"(?:fixed|corrected|revised|updated?|as ?of|at|export(?:ed)?|download(?:ed)?|final)",
        r"(?:latest|new|v\d+)",
    )
)


def clean_name(file_name: str) -> str:
    """A file's name without folder, endings, dates, weeks and copy marks.

    >>> clean_name("ops-board-2026-W46.csv"), clean_name("Jira export (2).csv.gz")
    ('ops-board', 'Jira')
    >>> clean_name("worklog_march_fixed.csv"), clean_name("worklog_Apr26.xlsx")
    ('worklog', 'worklog')
    >>> clean_name("project-5-at-2023-04-03-10-10-2f34c467.json")
    'project-5'
    """
    name = re.split(r"[\\/]", file_name)[-1].strip()
    while _ENDINGS.search(name):
        name = _ENDINGS.sub("", name)
    for pattern in _PASSING:
        name = pattern.sub(" ", name)
    name = re.sub(r"\(\s*\)", " ", name)
    return re.sub(r"\s+", " ", re.sub(r"[\s_]*[-–]+(?=\s|$)|(?<=\s)[-–_.]+", " ", name)).strip(
        " -_.–"
    )


def suggest_source(
    file_name: str, *, extract: str, header: str, remembered: Remembered, tells: bool = True
) -> tuple[str, tuple[str, ...]]:
    """(the suggested source, other sources that sent the same header).

    A name known for this kind is taken as it is; "Jira2" is taken as "Jira" when that is known.
    A name that says nothing becomes the newest source of the header, else the kind's name.

    Args:
        file_name: as sent.
        extract: the kind.
        header: its fingerprint.
        remembered: what was answered before.
        tells: whether a header tells a source; that of a tool's export is the same for all.
    """
    known = remembered.sources_of(header)
    name = clean_name(file_name)
    others = tuple(reversed(known))
    if not name:
        return (known[-1] if known else extract), others
    if tells and not remembered.knows(extract, name):
        shorter = re.sub(r"[-_ ]?\d{1,2}$", "", name)
        if shorter and remembered.knows(extract, shorter) and shorter in known:
            return shorter, others
    return name, tuple(other for other in others if other != name)
