"""What import-linter cannot say: which part of a library a layer may use, clocks, threads and sizes."""

import ast
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

from desktop_pose.core.settings import Settings

PACKAGE = Path(__file__).resolve().parent.parent / "desktop_pose"
MODULES = sorted(PACKAGE.rglob("*.py"))
INTERPRETERS = ("ai_edge_litert", "mediapipe")
# The two backends, and the modules that read and write model files with the interpreters' own schemas.
INTERPRETER_MODULES = {
    "litert.py",
    "mediapipe_backend.py",
    "task_bundle.py",
}
CLOCKS = {
    "time",
    "time_ns",
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "process_time",
    "now",
    "utcnow",
}
LONGEST_MODULE = 400


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"), str(module))


def modules_of(*parts: str) -> list[Path]:
    return [module for module in MODULES if module.relative_to(PACKAGE).parts[0] in parts]


def imports_of(module: Path) -> Iterator[str]:
    """Dotted names of all imports, wherever they stand: `a.b` and `a.b.c` for `from a.b import c`."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called_names(module: Path) -> Iterator[str]:
    """The last part of the name of everything the module calls."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr


def name_of(module: Path) -> str:
    return str(module.relative_to(PACKAGE))


def test_the_package_is_there() -> None:
    assert len(MODULES) > 20


def test_every_setting_is_in_the_table_of_settings() -> None:
    text = (PACKAGE.parent / "docs" / "architecture.md").read_text("utf-8")
    table = text.partition("## Settings")[2]
    assert [field.name for field in fields(Settings) if f"`{field.name}`" not in table] == []


def test_only_ui_and_app_use_widgets() -> None:
    users = {name_of(module) for module in MODULES if "PySide6.QtWidgets" in imports_of(module)}
    allowed = {name_of(module) for module in modules_of("ui", "app")}
    assert users <= allowed


def test_pose_reads_no_clock() -> None:
    for module in modules_of("pose"):
        assert CLOCKS.isdisjoint(called_names(module)), name_of(module)
        assert "desktop_pose.core.clock.monotonic_ns" not in imports_of(module), name_of(module)


def test_only_the_backends_import_an_interpreter() -> None:
    users = {
        name_of(module)
        for module in MODULES
        if any(name.partition(".")[0] in INTERPRETERS for name in imports_of(module))
    }
    assert users <= {f"pose/{name}" for name in INTERPRETER_MODULES}


def test_there_is_one_qthread_subclass() -> None:
    subclasses = [
        f"{name_of(module)}: {node.name}"
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.ClassDef)
        if any(ast.unparse(base).split(".")[-1] == "QThread" for base in node.bases)
    ]
    assert len(subclasses) == 1
    assert subclasses[0].startswith("engine/threads.py")


def test_no_thread_is_ever_killed() -> None:
    for module in modules_of("engine", "ui", "app"):
        assert "terminate" not in called_names(module), name_of(module)


def test_only_the_command_line_prints() -> None:
    command_line = modules_of("cli")
    printing = [module for module in MODULES if "print" in called_names(module)]
    assert not [name_of(module) for module in printing if module not in command_line]


def names_imported_by(module: Path) -> Iterator[tuple[str, str]]:
    """Module and name of each `from module import name`."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from ((node.module, alias.name) for alias in node.names)


def test_everything_is_imported_from_the_module_that_defines_it() -> None:
    passed_on = {
        (".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts), name)
        for module in MODULES
        for _, name in names_imported_by(module)
    }
    for module in MODULES:
        assert passed_on.isdisjoint(names_imported_by(module)), name_of(module)


def test_modules_are_short_enough_to_be_read() -> None:
    lines = {name_of(module): len(module.read_text("utf-8").splitlines()) for module in MODULES}
    assert not {name: count for name, count in lines.items() if count > LONGEST_MODULE}
