"""Makes `python -m desktop_pose` and the command `desktop-pose` the same program."""

from desktop_pose.app import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
