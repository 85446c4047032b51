"""The workspace: one folder with its uploads, warehouse, reports and settings, and its clock."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data_access.files import write_atomically
from metrics.errors import AppError
from metrics.local_time import local_date

Name = Literal["own", "sample"]
PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """What a workspace is set to; kept in its settings.json.

    Attributes:
        organization: named on reports.
        audience: who the report is for.
        reporting_zone: IANA name of the zone in which days are cut.
        hide_names: people are shown as stable pseudonyms; off only by choice.
        page: paper of the Word report, "Letter" or "A4".
        terminal_stages: project → the stage at whose finish an item is complete; overrides the
            suggestion.
        is_sample: the workspace holds the sample data.
        fixed_clock: the time at which the clock stands (ISO, UTC); None for the real time.
        browser_limit_mb, command_limit_mb: the largest file taken, unpacked.
        salt: keeps pseudonyms from being worked out from a list of names.
    """

    organization: str = "Your organization"
    audience: str = "Operations and quality leads"
    reporting_zone: str = "UTC"
    hide_names: bool = True
    page: str = "Letter"
    terminal_stages: dict[str, str] = field(default_factory=dict)
    is_sample: bool = False
    fixed_clock: str | None = None
    browser_limit_mb: int = 500
    command_limit_mb: int = 2048
    salt: str = ""

    def __post_init__(self) -> None:
        """Refuse a zone that does not exist and a clock that cannot be read."""
        try:
            ZoneInfo(self.reporting_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise AppError(
                f"{self.reporting_zone} is not a time zone.",
                where="Reporting zone",
                next_step="Write it like Europe/Paris or America/New_York.",
            ) from None
        if self.fixed_clock is not None:
            datetime.fromisoformat(self.fixed_clock)


class Workspace:
    """One folder: its paths, its settings and its clock."""

    def __init__(self, root: Path) -> None:
        """Name the folder; nothing is written until something is saved."""
        self.root = Path(root).resolve()

    def __eq__(self, other: object) -> bool:
        """Two workspaces are the same when they are the same folder."""
        return isinstance(other, Workspace) and other.root == self.root

    def __hash__(self) -> int:
        """The hash of the folder."""
        return hash(self.root)

    def __repr__(self) -> str:
        """The folder, for error messages."""
        return f"Workspace({str(self.root)!r})"

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.root.name

    @property
    def uploads(self) -> Path:
        """Where accepted files and their manifests lie."""
        return self.root / "uploads"

    @property
    def warehouse(self) -> Path:
        """Where the snapshots lie."""
        return self.root / "warehouse"

    @property
    def reports(self) -> Path:
        """Where issued reports lie."""
        return self.root / "reports"

    @property
    def records_url(self) -> str:
        """Where what people write is kept: SQLite here, or PLUMBLINE_RECORDS_URL."""
        local = f"sqlite:///{(self.root / 'records.sqlite').as_posix()}"
        return os.environ.get("PLUMBLINE_RECORDS_URL") or local

    @property
    def settings(self) -> Settings:
        """The settings as last saved; the defaults before that.

        Raises:
            AppError: settings.json cannot be read.
        """
        path = self.root / "settings.json"
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            known = {f.name for f in fields(Settings)}
            return Settings(**{key: value for key, value in stored.items() if key in known})
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise AppError(
                f"The settings cannot be read: {_reason(error)}.",
                where=str(path),
                next_step="Mend the file, or delete it to go back to the defaults.",
            ) from error

    def save_settings(self, settings: Settings) -> None:
        """Keep the settings. Publish afterwards: days and stages are cut by them."""
        text = json.dumps(asdict(settings), indent=2, ensure_ascii=False, sort_keys=True)
        self.root.mkdir(parents=True, exist_ok=True)
        write_atomically(self.root / "settings.json", f"{text}\n")

    @property
    def is_begun(self) -> bool:
        """Whether it has settings: its own from the start, or kept ones."""
        return (self.root / "settings.json").exists()

    def begin(self) -> None:
        """Make it exist: give it settings with a salt of its own unless it has settings."""
        if not self.is_begun:
            self.save_settings(replace(Settings(), salt=secrets.token_hex(8)))

    def clock(self) -> datetime:
        """The time now in UTC, without a zone; in the sample the time at which it stands."""
        fixed = self.settings.fixed_clock
        if fixed is None:
            return datetime.now(UTC).replace(tzinfo=None)
        stands = datetime.fromisoformat(fixed)
        return stands.astimezone(UTC).replace(tzinfo=None) if stands.tzinfo else stands

    def today(self) -> date:
        """The clock's date in the reporting zone."""
        return local_date(self.clock(), self.settings.reporting_zone)


def _reason(error: Exception) -> str:
    """What an error says, of the system's without its number and path."""
    return str(getattr(error, "strerror", None) or error)


def home() -> Path:
    """The folder of all workspaces: PLUMBLINE_HOME, else `workspace` inside the project."""
    return Path(os.environ.get("PLUMBLINE_HOME") or PROJECT / "workspace")


def own() -> Workspace:
    """The workspace of the user's own data."""
    return Workspace(home() / "own")


def sample() -> Workspace:
    """The workspace of the sample data."""
    return Workspace(home() / "sample")


def active() -> Workspace:
    """The workspace in use: the user's own once started, else the sample; ACTIVE overrides.

    Raises:
        AppError: the folder of the workspaces cannot be read.
    """
    try:
        named = _named_active()
        if named not in ("own", "sample"):
            named = "own" if own().is_begun else "sample"
    except OSError as error:
        raise AppError(
            f"The workspaces cannot be read: {_reason(error)}.",
            where=str(home()),
            next_step="Give the user that runs Plumbline the right to read and write this folder.",
        ) from error
    return own() if named == "own" else sample()


def _named_active() -> str:
    try:
        return (home() / "ACTIVE").read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return ""


def activate(name: Name) -> Workspace:
    """The workspace of that name, in use from now on; one's own is made when there is none."""
    workspace = own() if name == "own" else sample()
    if name == "own":
        workspace.begin()
    home().mkdir(parents=True, exist_ok=True)
    write_atomically(home() / "ACTIVE", f"{name}\n")
    return workspace
