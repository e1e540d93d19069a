"""Live human pose tracking on the desktop, with its cost on screen and under the user's control."""

__version__ = "0.1.0"
