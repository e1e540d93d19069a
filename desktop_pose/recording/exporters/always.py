"""For exporters that need no library of their own."""


class AlwaysThere:
    """A format that can be written wherever the program runs."""

    def check(self) -> None:
        """Nothing can be missing; see `Exporter`."""
