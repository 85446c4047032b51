"""Programs that tests drive and pip cannot install: where they are, how to get them."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Tool:
    """A program on this machine, or the way to get it.

    Attributes:
        label: its name.
        mark: the pytest mark of the tests that need it.
        setting: the environment variable that names it when it is elsewhere.
        names: what it may be called on the path.
        places: where Windows and macOS keep it off the path.
        get: how to install it, by operating system.
    """

    label: str
    mark: str
    setting: str
    names: tuple[str, ...]
    places: tuple[str, ...]
    get: tuple[tuple[str, str], ...]

    def path(self) -> str | None:
        """Where it is; None when it is missing."""
        if named := os.environ.get(self.setting):
            return named if Path(named).exists() else None
        found = (shutil.which(name) for name in self.names)
        places = (str(Path(os.path.expandvars(place))) for place in self.places)
        return next((p for p in (*found, *places) if p and Path(p).exists()), None)

    @property
    def advice(self) -> str:
        """One line an operating system."""
        return "\n".join(f"    {system}: {command}" for system, command in self.get)


CHROMIUM = Tool(
    label="Chromium",
    mark="browser",
    setting="PLUMBLINE_CHROMIUM",
    names=("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge"),
    places=(
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        r"${ProgramFiles}\Google\Chrome\Application\chrome.exe",
        r"${ProgramFiles(x86)}\Microsoft\Edge\Application\msedge.exe",
    ),
    get=(
        ("Debian, Ubuntu", "sudo apt-get install chromium fonts-liberation"),
        ("Fedora", "sudo dnf install chromium liberation-fonts"),
        ("macOS", "brew install --cask google-chrome"),
        ("Windows", "winget install Google.Chrome (Edge, which is there, will do)"),
    ),
)
OFFICE = Tool(
    label="LibreOffice",
    mark="office",
    setting="PLUMBLINE_SOFFICE",
    names=("soffice", "libreoffice"),
    places=(
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
        r"${ProgramFiles}\LibreOffice\program\soffice.exe",
    ),
    get=(
        ("Debian, Ubuntu", "sudo apt-get install libreoffice-writer libreoffice-calc"),
        ("Fedora", "sudo dnf install libreoffice-writer libreoffice-calc"),
        ("macOS", "brew install --cask libreoffice"),
        ("Windows", "winget install TheDocumentFoundation.LibreOffice"),
    ),
)
PDFTOPPM = Tool(
    label="pdftoppm",
    mark="office",
    setting="PLUMBLINE_PDFTOPPM",
    names=("pdftoppm",),
    places=(),
    get=(
        ("Debian, Ubuntu", "sudo apt-get install poppler-utils"),
        ("Fedora", "sudo dnf install poppler-utils"),
        ("macOS", "brew install poppler"),
        ("Windows", "winget install oschwartz10612.Poppler"),
    ),
)
TOOLS = (CHROMIUM, OFFICE, PDFTOPPM)


def missing() -> list[Tool]:
    """The programs that this machine does not have."""
    return [tool for tool in TOOLS if tool.path() is None]
