"""The house's checks: what keeps the rules pure, the rooms small and the text standing alone."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
GENERATED = re.compile(r"\bGenerated (by|from)\b")
"""Stands in the first five lines of a file that a program wrote; such files may be long."""

RULE_ROOMS = (
    "accounts", "acd", "call", "directory", "guide", "hours", "law", "listening", "message", "roster", "tariff",
    "transfer",
)  # fmt: skip
IMPURE_MODULES = frozenset({
    "aiohttp", "aiosqlite", "alembic", "asyncio", "asyncpg", "fastapi", "http", "httpx", "importlib", "io",
    "logging", "multiprocessing", "os", "panoramisk", "random", "requests", "secrets", "socket", "sqlalchemy",
    "ssl", "starlette", "structlog", "subprocess", "sys", "threading", "time", "urllib", "uuid", "uvicorn",
    "uvloop", "websockets",
})  # fmt: skip
IMPURE_CALLS = frozenset({"open", "print", "input", "eval", "exec", "__import__"})
CLOCKS = frozenset({"now", "today", "utcnow"})


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is committed or would be: tracked, or neither tracked nor ignored."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    listed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return tuple(path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file())


def modules() -> list[Path]:
    """Every Python module of the project."""
    found = [path for path in project_files() if path.suffix == ".py"]
    assert ROOT / "engine" / "terms.py" in found
    return found


def shown(path: Path) -> str:
    """The path as people name it."""
    return path.relative_to(ROOT).as_posix()


def is_generated(text: str) -> bool:
    return any(GENERATED.search(line) for line in text.splitlines()[:5])


def impurities(source: str) -> Iterator[str]:
    """What a rule may not do: `line: what`, for every such import and call in the module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""] if node.level == 0 else []
            impure = [name for name in names if name.split(".")[0] in IMPURE_MODULES]
            yield from [f"{node.lineno}: imports {name}" for name in impure]
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in IMPURE_CALLS:
                yield f"{node.lineno}: calls {called.id}()"
            if isinstance(called, ast.Attribute) and called.attr in CLOCKS:
                yield f"{node.lineno}: calls {ast.unparse(called)}()"


PLANTED = """
import datetime as dt, time
import urllib.request
from asyncio import sleep
from sqlalchemy.orm import Session
from datetime import date, datetime, time
from .socket import ours

def rule(now):
    print(datetime.now(), dt.datetime.utcnow())
    if date.today() > now.date():
        return open("x")
    return now.opened()
"""


def test_the_check_of_the_rules_finds_what_is_planted() -> None:
    assert sorted(impurities(PLANTED)) == [
        "10: calls datetime.now()",
        "10: calls dt.datetime.utcnow()",
        "10: calls print()",
        "11: calls date.today()",
        "12: calls open()",
        "2: imports time",
        "3: imports urllib.request",
        "4: imports asyncio",
        "5: imports sqlalchemy.orm",
    ]


def is_rule(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return parts == ("engine", "terms.py") or (parts[0] == "engine" and parts[1] in RULE_ROOMS)


def test_rules_ask_no_clock_no_chance_and_no_world() -> None:
    rules = [path for path in modules() if is_rule(path)]
    there = {"engine", "accounts", "acd", "call", "directory", "hours", "law", "listening", "message", "tariff"}
    assert {path.parent.name for path in rules} >= there
    found = [f"{shown(path)}:{what}" for path in rules for what in impurities(path.read_text())]
    assert found == []


def test_no_module_is_named_like_one_of_the_standard_library() -> None:
    names = {path: path.parent.name if path.stem == "__init__" else path.stem for path in modules()}
    assert [shown(path) for path, name in names.items() if name in sys.stdlib_module_names] == []


def test_no_file_is_too_long() -> None:
    texts = {path: path.read_text() for path in modules()}
    lengths = {shown(path): len(text.splitlines()) for path, text in texts.items() if not is_generated(text)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def long_functions(source: str, longest: int) -> list[str]:
    """Every function with more lines than `longest`, as `name: lines`."""
    nodes = ast.walk(ast.parse(source))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    sizes = [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions]
    return [f"{name}: {lines}" for name, lines in sizes if lines > longest]


def test_no_function_is_too_long() -> None:
    planted = "def f():\n    a\n    b\n\nclass C:\n    async def f():\n        a\n"
    assert long_functions(planted, 2) == ["f: 3"]
    sources = {path: path.read_text() for path in modules() if path.relative_to(ROOT).parts[0] != "tests"}
    found = [
        f"{shown(path)} {function}"
        for path, text in sources.items()
        if not is_generated(text)
        for function in long_functions(text, LONGEST_FUNCTION)
    ]
    assert found == []


def test_every_module_opens_with_its_purpose() -> None:
    """An empty `__init__.py` only marks a package."""
    texts = {shown(path): path.read_text() for path in modules()}
    assert [name for name, text in texts.items() if text and not ast.get_docstring(ast.parse(text))] == []


def test_decisions_are_numbered_without_gaps() -> None:
    names = [path.name for path in project_files() if path.parent == ROOT / "docs" / "adr"]
    numbers = [match[1] for name in names if (match := re.fullmatch(r"([0-9]{4})-[a-z0-9-]+\.md", name))]
    assert (len(numbers), numbers) == (len(names), [f"{number:04}" for number in range(1, len(names) + 1)])


# In pieces, so that this file does not find itself.
FOREIGN = re.compile(
    "|".join([
        "pypi" + r"\.org", "python" + "hosted" + r"\.org", "npm" + r"js\.(org|com)",
        "(deb|ftp|ftp2|security|snapshot|httpredir|incoming)" + r"\.([a-z]+\.)?" + "debian" + r"\.org",
        "/opt/" + "pypi", r"(?<![\w.-])/" + r"work/", r"(?<![\w.-])/" + r"tmp/(ast|brief|bash_jobs)\b",
    ])
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://" + "py" + "pi.org/simple", True),
        ("https://files.python" + "hosted.org/x", True),
        ("https://registry.npm" + "js.org/x", True),
        ("http://deb." + "debian.org/debian", True),
        ("http://ftp.de." + "debian.org/debian", True),
        ("see /wo" + "rk/main", True),
        ("in /tmp" + "/ast/prefix", True),
        ("https://www." + "debian.org, docs/work/x, /workshop, /tmp/astonishing", False),
    ],
)
def test_the_check_of_the_text_finds_what_is_planted(text: str, found: bool) -> None:
    assert bool(FOREIGN.search(text)) == found


def test_the_text_stands_alone() -> None:
    found = []
    for path in project_files():
        text = path.read_bytes().decode(errors="replace")
        found += [f"{shown(path)}: {match[0]}" for match in FOREIGN.finditer(text)]
    assert found == []
