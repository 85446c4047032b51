"""Exports of annotation tools, told by themselves: one module per source format.

Each gives annotations, and reviews where the format has them, under our own column names.
"""

from __future__ import annotations

from pathlib import Path

from data_access.readers.labeling import (
    cvat,
    label_studio,
    label_studio_flat,
    prodigy,
    ratings,
    stream,
    toloka,
)
from data_access.readers.model import Asked, Detected, plain

# Header names that no extract has, so that the header is found by them.
NAMES = frozenset(plain(name) for name in (*toloka.NAMES, *cvat.NAMES, *label_studio_flat.NAMES))
_KINDS = ("annotations", "reviews")  # a person may say so and still mean the whole export


def read_json(path: Path, asked: Asked) -> Detected | None:
    """What a JSON file of an annotation tool holds; None when it is of none that is known.

    Raises:
        BadExtractError: it is broken or cut off, or was made for import.
    """
    if not stream.is_json(path):
        return None
    whole = stream.readable(path, asked)
    keys = stream.keys(whole)
    if prodigy.recognizes(keys):
        return prodigy.read(whole, asked)
    if label_studio_flat.recognizes_objects(keys):
        return label_studio_flat.read_objects(whole, asked)
    if label_studio.recognizes(keys):
        return label_studio.read(whole, asked)
    return None


def read_table(detected: Detected, asked: Asked) -> Detected:
    """A table as an annotation tool's export when it is one, else the table as it is."""
    said = asked.answers.get("extract", "")
    if detected.ask or (said and said not in _KINDS):
        return detected
    header = detected.header
    if toloka.recognizes(header):
        return toloka.read(detected, asked)
    if cvat.recognizes(header):
        return cvat.read(detected, asked)
    if label_studio_flat.recognizes_header(header):
        return label_studio_flat.read_table(detected, asked)
    if ratings.is_wide(header, is_said=said == "annotations"):
        return ratings.read_wide(detected, asked)
    if ratings.is_long(header):
        return ratings.read_long(detected, asked)
    return detected
