"""Makes `python -m desktop_pose` and the command `desktop-pose` the same program."""

from desktop_pose import app


def main() -> None:
    """Run the program that the command line asks for, and exit with its status."""
    app.main()


if __name__ == "__main__":
    main()
