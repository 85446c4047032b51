"""The house stands as DESIGN.md draws it; import-linter checks the floors, this the rest."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = (
    "metrics", "data_access", "analysis", "charts", "reports", "ui", "commands", "sample_data",
)  # fmt: skip
FLOORS = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
PAGES = sorted((ROOT / "pages").rglob("*.py"))
TOP = [
    ROOT / name for name in ("app.py", "cli.py", "serve.py", "start.py") if (ROOT / name).exists()
]
CODE = [*FLOORS, *PAGES, *TOP]

FILE_LINES = 400
FUNCTION_LINES = 40
PAGE_LINES = 100
# Those over the limit, with the most lines each may have. The lists may only shrink.
LONG_FILES: dict[str, int] = {}
LONG_FUNCTIONS: dict[str, int] = {}

# Keywords in one case: "Select a team from the list" is a sentence.
SQL = re.compile(
    r"^\s*(select\b.+\bfrom|with\b.+\bselect\b.+\bfrom|insert into|delete from|create table"
    r"|SELECT\b.+\bFROM|WITH\b.+\bSELECT|INSERT INTO|DELETE FROM|CREATE TABLE)\b",
    re.DOTALL | re.MULTILINE,
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(module: ast.Module) -> set[str]:
    """The top-level packages that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found - {"__future__"}


def calls(module: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the last part of what is called."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                yield node, called.attr
            elif isinstance(called, ast.Name):
                yield node, called.id


def strings(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def offenders(
    paths: Iterable[Path], look: Callable[[ast.Module], list[str]]
) -> dict[str, list[str]]:
    """File → what `look` found in it; empty when the rule holds."""
    found = {name(path): look(tree(path)) for path in paths}
    return {path: things for path, things in found.items() if things}


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_pages_lie_one_folder_down_under_names_of_their_own() -> None:
    """A .py directly in pages/ is run by Streamlit's old router without app.py."""
    assert PAGES, "no page was found"
    assert list((ROOT / "pages").glob("*.py")) == []
    names = [page.name for page in PAGES]
    assert len(names) == len(set(names)), "two pages of one name collide on the address"


def test_pages_import_only_metrics_and_ui() -> None:
    assert offenders(PAGES, lambda page: sorted(imported(page) - {"metrics", "ui"})) == {}


def test_pages_are_short_say_what_they_are_and_stand_in_the_menu() -> None:
    menu = (ROOT / "app.py").read_text(encoding="utf-8")
    assert {name(page): line_count(page) for page in PAGES if line_count(page) > PAGE_LINES} == {}
    assert [name(page) for page in PAGES if not ast.get_docstring(tree(page))] == []
    assert [name(page) for page in PAGES if f'"{name(page)}"' not in menu] == []


def test_only_data_access_writes_sql() -> None:
    elsewhere = [path for path in CODE if "data_access" not in path.parts]
    assert offenders(elsewhere, lambda file: [s for s in strings(file) if SQL.search(s)]) == {}


def test_analysis_pastes_no_value_into_sql() -> None:
    """A condition may join other conditions; a value stands in it by name and is bound."""

    def pasted(module: ast.Module) -> list[str]:
        return [
            ast.unparse(part.value)
            for call, called in calls(module)
            for given in call.keywords
            if called in ("replace", "Metric") and given.arg in ("where", "recorded_where")
            for part in ast.walk(given.value)
            if isinstance(part, ast.FormattedValue)
            and not (isinstance(part.value, ast.Attribute) and part.value.attr == given.arg)
            and not (isinstance(part.value, ast.Name) and part.value.id.isupper())
        ]

    assert offenders([path for path in FLOORS if "analysis" in path.parts], pasted) == {}


def test_files_have_at_most_400_lines() -> None:
    long = {name(path): line_count(path) for path in CODE}
    allowed = {key: LONG_FILES.get(key, FILE_LINES) for key in long}
    assert {key: lines for key, lines in long.items() if lines > allowed[key]} == {}


def test_functions_have_at_most_40_lines() -> None:
    long = bodies()
    allowed = {key: LONG_FUNCTIONS.get(key, FUNCTION_LINES) for key in long}
    assert {key: lines for key, lines in long.items() if lines > allowed[key]} == {}


def test_the_lists_of_long_ones_only_shrink() -> None:
    """An entry that is no longer needed has to go."""
    files = {name(path): line_count(path) for path in CODE}
    assert [key for key in LONG_FILES if files.get(key, 0) <= FILE_LINES] == []
    assert [key for key in LONG_FUNCTIONS if bodies().get(key, 0) <= FUNCTION_LINES] == []


def bodies() -> dict[str, int]:
    """Function → lines of its body; the signature and the docstring tell, they do not do."""
    found: dict[str, int] = {}
    for path in CODE:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                key = f"{name(path)}::{node.name}"
                found[key] = max(found.get(key, 0), body_lines(node))
    return found


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_nothing_puts_raw_html_on_a_page() -> None:
    def raw(file: ast.Module) -> list[str]:
        return [
            f"line {call.lineno}"
            for call, _ in calls(file)
            if any(word.arg == "unsafe_allow_html" for word in call.keywords)
        ]

    assert offenders(CODE, raw) == {}


def test_nothing_reads_a_csv_with_silent_repairs() -> None:
    """`ignore_errors` drops rows without a word; `new_line` mends quotes wrongly."""
    silent = re.compile(r"\b(ignore_errors|new_line)\b\s*(=|:=)")

    def repairs(file: ast.Module) -> list[str]:
        options = [
            f"line {call.lineno}"
            for call, called in calls(file)
            if called != "rmtree"
            and any(word.arg in {"ignore_errors", "new_line"} for word in call.keywords)
        ]
        return options + [text for text in strings(file) if silent.search(text)]

    assert offenders(CODE, repairs) == {}
    queries = (ROOT / "data_access").rglob("*.sql")
    assert [name(q) for q in queries if silent.search(q.read_text(encoding="utf-8"))] == []


def test_files_to_take_along_are_written_as_csv_in_one_place() -> None:
    """So that no cell of any of them is a formula. The sample's files are read by us alone."""

    def writers(file: ast.Module) -> list[str]:
        return [f"line {call.lineno}" for call, _ in calls(file)
                if ast.unparse(call.func) in {"csv.writer", "csv.DictWriter"}]  # fmt: skip

    ours = [path for path in CODE if "sample_data" not in path.parts]
    assert list(offenders(ours, writers)) == ["data_access/text.py"]


def test_reports_write_whole_rows_not_table_cells() -> None:
    """python-docx's `table.cell(r, c)` walks the whole table at every call."""
    word = [path for path in FLOORS if "reports" in path.parts and "docx" in imported(tree(path))]
    assert word, "no file of reports writes Word"
    found = offenders(
        word, lambda file: [f"line {c.lineno}" for c, called in calls(file) if called == "cell"]
    )
    assert found == {}


def test_nothing_but_the_workspace_reads_the_clock() -> None:
    """The clock is passed in, so that a report says the same tomorrow."""

    def reads(file: ast.Module) -> list[str]:
        return [
            f"line {call.lineno}"
            for call, called in calls(file)
            if called in {"now", "utcnow", "today"}
            and isinstance(call.func, ast.Attribute)
            and ast.unparse(call.func.value).split(".")[-1] in {"datetime", "date", "Timestamp"}
        ]

    assert set(offenders(CODE, reads)) <= {"data_access/workspace.py"}


def test_metrics_import_nothing_but_python() -> None:
    files = (ROOT / "metrics").rglob("*.py")
    own = {*sys.stdlib_module_names, "metrics"}
    assert offenders(files, lambda file: sorted(imported(file) - own)) == {}


HEADLESS = (
    "cli",
    "sample_data",
    "reports.weekly",
    "reports.word",
    "reports.excel",
    "charts.render",
)


@pytest.mark.parametrize("module", HEADLESS)
def test_streamlit_is_not_loaded_by(module: str) -> None:
    """Asked of a fresh process: what is loaded is another matter than what is written."""
    code = f"import sys, {module}; sys.exit('streamlit' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr or f"{module} loads streamlit"
