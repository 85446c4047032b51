"""Answers that were given once: by header for what its columns mean, by source for the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from data_access.files import write_atomically
from data_access.workspace import Workspace

# What is remembered per source; what a header means is remembered per header.
OF_SOURCE = (
    "zone", "coverage", "closed_cases", "date_order:", "decimal:", "encoding", "sheet", "fields",
    "status:", "choice:",
)  # fmt: skip


@dataclass(frozen=True)
class Remembered:
    """Answers given before.

    Attributes:
        headers: fingerprint of a header → {"extract": …, "map": {ours: theirs},
            "sources": [newest last]}.
        sources: "extract/source" → {question key: choice}.
    """

    headers: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    sources: Mapping[str, dict[str, str]] = field(default_factory=dict)

    def extract_of(self, header: str) -> str:
        """The kind a header was accepted as; "" when it was not."""
        return str(self.headers.get(header, {}).get("extract", ""))

    def mapping_of(self, header: str, extract: str) -> dict[str, str]:
        """What a person said the columns of a header mean: ours → theirs."""
        entry = self.headers.get(header, {})
        return dict(entry.get("map", {})) if entry.get("extract") == extract else {}

    def sources_of(self, header: str) -> list[str]:
        """Sources that sent a header, newest last."""
        return list(self.headers.get(header, {}).get("sources", []))

    def of_source(self, extract: str, source: str) -> dict[str, str]:
        """The answers given for a source."""
        return dict(self.sources.get(f"{extract}/{source}", {}))

    def of_file(self, name: str) -> dict[str, str]:
        """The answers given for a source of that name, of whatever kind."""
        found: dict[str, str] = {}
        for key, answers in self.sources.items():
            if key.partition("/")[2] == name:
                found |= answers
        return found

    def knows(self, extract: str, source: str) -> bool:
        """Whether a source of that name was accepted before."""
        return f"{extract}/{source}" in self.sources


def recall(workspace: Workspace) -> Remembered:
    """The remembered answers; none when the file is missing or damaged, as they are a comfort."""
    with suppress(OSError, ValueError, AttributeError, TypeError):
        stored = json.loads((workspace.uploads / "remembered.json").read_text(encoding="utf-8"))
        return Remembered(dict(stored.get("headers", {})), dict(stored.get("sources", {})))
    return Remembered()


def remember(
    workspace: Workspace,
    *,
    header: str,
    extract: str,
    source: str,
    mapping: Mapping[str, str],
    answers: Mapping[str, str],
) -> None:
    """Keep what was answered for a header and for a source; the caller holds the writer's lock."""
    before = recall(workspace)
    sources = [name for name in before.sources_of(header) if name != source]
    entry = {"extract": extract, "map": dict(mapping), "sources": [*sources, source][-20:]}
    kept = {key: value for key, value in answers.items() if key.startswith(OF_SOURCE)}
    merged = {**before.of_source(extract, source), **kept}
    text = json.dumps(
        {
            "headers": {**before.headers, header: entry},
            "sources": {**before.sources, f"{extract}/{source}": merged},
        },
        indent=1,
        ensure_ascii=False,
        sort_keys=True,
    )
    write_atomically(workspace.uploads / "remembered.json", f"{text}\n")
