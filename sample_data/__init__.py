"""A seeded generator of realistic extracts with planted, written-down truths."""

from __future__ import annotations

from sample_data.build import build
from sample_data.files import SampleFile, files, write
from sample_data.plants import ALL, FLOW, QUALITY, Plant, Truth, Truths

__all__ = [
    "ALL", "FLOW", "QUALITY", "Plant", "SampleFile", "Truth", "Truths", "build", "files", "write",
]  # fmt: skip
