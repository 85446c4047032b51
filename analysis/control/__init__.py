"""Control charts of every kind: what varies by itself, what changed, will a target be met."""

from analysis.control.build import chart_of, choices
from analysis.control.model import ChartKind, ControlChart, ControlPoint, Phase, Rebase
from analysis.control.reading import Assurance, Reading, read
from analysis.control.rebase import Proposal, proposals

__all__ = [
    "Assurance",
    "ChartKind",
    "ControlChart",
    "ControlPoint",
    "Phase",
    "Proposal",
    "Reading",
    "Rebase",
    "chart_of",
    "choices",
    "proposals",
    "read",
]
