"""No container engine runs here: the image is checked as text against what it names."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"][
    "plumbline"
]


NEEDED = (
    "app.py", "serve.py", "requirements.lock", ".streamlit/config.toml", "docs", "pages",
    "metrics", "data_access", "analysis", "charts", "reports", "ui", "commands", "sample_data",
)  # fmt: skip


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = "\n".join(lines).replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]  # type: ignore[misc]


DOCKER = instructions()
ENV = dict(re.findall(r"(\w+)=(\S+)", " ".join(rest for word, rest in DOCKER if word == "ENV")))


def argument(word: str) -> str:
    """The last one counts."""
    return [rest for found, rest in DOCKER if found == word][-1]


def ignored() -> list[str]:
    return [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line]


def test_it_copies_files_that_exist_and_are_not_ignored() -> None:
    sources = [s for word, rest in DOCKER if word == "COPY" for s in rest.split()[:-1]]
    assert "requirements.lock" in sources
    for source in sources:
        assert (ROOT / source).exists(), source
    for path in NEEDED:
        assert (ROOT / path).exists(), path
        patterns = [p for p in ignored() if PurePosixPath(path).match(p)]
        assert patterns == [], f"{path} would be left out of the image"


def test_secrets_history_and_data_stay_out_of_the_image() -> None:
    assert {".git", ".venv", "workspace"} <= set(ignored())


def test_it_starts_the_launcher_with_the_python_of_the_image() -> None:
    command = json.loads(argument("CMD"))
    assert command[0] == "python"
    assert (ROOT / command[1]).exists()
    image = argument("FROM")
    assert re.fullmatch(r"python:3\.1[1-4]-slim-\w+", image)


def test_it_runs_as_a_user_without_rights_who_owns_the_data() -> None:
    user = argument("USER")
    words = [word for word, _ in DOCKER]
    assert user not in {"root", "0"}
    runs = " ".join(rest for word, rest in DOCKER if word == "RUN")
    assert re.search(rf"useradd .*--uid [1-9]\d+ .*\b{user}\b", runs)
    assert f"chown {user}:{user} {ENV['PLUMBLINE_HOME']}" in runs
    assert words.index("USER") > max(i for i, word in enumerate(words) if word in {"RUN", "COPY"})
    assert COMPOSE["user"] == user


def test_the_health_check_asks_a_route_that_the_launcher_has() -> None:
    check = argument("HEALTHCHECK")
    port, path = re.search(r"http://127\.0\.0\.1:(\d+)(/[\w/]+)", check).groups()
    assert port == ENV["PLUMBLINE_PORT"] == argument("EXPOSE")
    assert f'Route("{path}"' in (ROOT / "serve.py").read_text(encoding="utf-8")


def test_data_live_in_a_volume() -> None:
    volume, target = COMPOSE["volumes"][0].split(":")
    assert target == argument("VOLUME") == ENV["PLUMBLINE_HOME"]
    whole = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert volume in whole["volumes"]


def test_compose_builds_this_folder_and_opens_the_port_to_this_machine_alone() -> None:
    assert COMPOSE["build"] == "."
    host, outside, inside = COMPOSE["ports"][0].split(":")
    assert host == "127.0.0.1"
    assert outside == inside == ENV["PLUMBLINE_PORT"]


def test_the_settings_it_makes_are_ones_the_code_reads() -> None:
    code = "".join((ROOT / f).read_text() for f in ("serve.py", "data_access/workspace.py"))
    for name in ENV:
        assert name.startswith("PYTHON") or f'"{name}"' in code, name
