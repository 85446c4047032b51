"""A seeded generator of realistic extracts with planted, written-down truths."""

from __future__ import annotations

from sample_data.build import build
from sample_data.files import SampleFile, files, write
from sample_data.plants import ALL, Plant, Truth, Truths

__all__ = ["ALL", "Plant", "SampleFile", "Truth", "Truths", "build", "files", "write"]
