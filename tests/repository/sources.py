"""The project's own files, read and parsed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("components", "stacks", "tools", "tests")
GENERATED = {"__pycache__", ".venv", ".git", ".pulumi", ".sandbox", ".hypothesis", "build"}


def python_files(*folders: str) -> list[Path]:
    """Every Python file under these folders of the project, relative to it."""
    return sorted(path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob("*.py"))


def text_files() -> list[Path]:
    """Every file of the project that a person reads, relative to it."""
    found = []
    for path in sorted(ROOT.rglob("*")):
        relative = path.relative_to(ROOT)
        hidden = any(part in GENERATED or part.endswith((".egg-info", "_cache")) for part in relative.parts)
        if path.is_file() and not hidden:
            found.append(relative)
    return found


@cache
def tree(path: Path) -> ast.Module:
    """A file of the project, parsed."""
    return ast.parse((ROOT / path).read_text(), str(path))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def module_name(path: Path) -> str:
    """Dotted name of a file; a package's own file has the package's name."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    """Dotted names of every module that a file imports, at the top or inside a function."""
    return _imported(path, ast.walk(tree(path)))


def imports_at_start(path: Path) -> set[str]:
    """Dotted names of every module that a file imports when it is itself imported."""
    return _imported(path, _outside_functions(tree(path)))


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from _outside_functions(child)


def _imported(path: Path, nodes: Iterable[ast.AST]) -> set[str]:
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = module_name(path).split(".")
            above = above[: len(above) - node.level + (path.name == "__init__.py")] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {base, *(f"{base}.{name.name}" for name in node.names if _is_module(f"{base}.{name.name}"))}
    return found


def reached(path: Path) -> set[str]:
    """Everything that importing a file brings in: foreign modules, and ours with what they import in turn."""
    found: set[str] = set()
    waiting = {module_name(path)}
    while waiting:
        name = waiting.pop()
        found.add(name)
        there = _file(name)
        if there is not None:
            waiting |= (imports(there) | set(_parents(name))) - found
    return found


def among(name: str, *packages: str) -> bool:
    """Whether a module is one of these packages or inside one."""
    return any(name == package or name.startswith(package + ".") for package in packages)


def _parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


def _file(name: str) -> Path | None:
    """The project's file behind a dotted name."""
    if name.partition(".")[0] not in PACKAGES:
        return None
    path = Path(*name.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if (ROOT / candidate).is_file():
            return candidate
    return None


def _is_module(name: str) -> bool:
    return _file(name) is not None
