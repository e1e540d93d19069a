"""The application, which also prints when it has painted the first picture that has a person in it.

It imports nothing that the application does not import, and nothing earlier.
"""

import sys
import time
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

WATCHED = "desktop_pose.engine.display"


class Watching:
    """Finds `WATCHED`, and has it watched once it is loaded."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module is, for `WATCHED`; None leaves it to others."""
        if name != WATCHED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None
        assert spec.loader is not None
        load = spec.loader.exec_module

        def load_and_watch(module: ModuleType) -> None:
            load(module)
            watch(module)

        spec.loader.exec_module = load_and_watch  # type: ignore[method-assign]
        return spec


def watch(module: ModuleType) -> None:
    """Print the time when its `Display` is told of the first picture with somebody in it."""
    display = module.Display
    painted = display.picture_painted

    def watched_painted(self, picture):  # noqa: ANN001, ANN202  # of modules not imported here
        painted(self, picture)
        if picture.poses.people:
            print(time.monotonic_ns(), flush=True)
            display.picture_painted = painted

    display.picture_painted = watched_painted


if __name__ == "__main__":
    sys.meta_path.insert(0, Watching())
    sys.argv[0] = "desktop-pose"
    from desktop_pose.__main__ import main

    main()
