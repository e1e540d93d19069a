"""On which frames the landmark model runs."""

from dataclasses import dataclass

LONGEST = 30
_WORDS = {"off": 1, "adaptive": None}


@dataclass(frozen=True, slots=True)
class Skip:
    """On every so many frames, or adaptively.

    Attributes:
        every: 1: all frames, nothing is skipped; None: adaptively.
    """

    every: int | None = 1

    def __post_init__(self) -> None:
        if self.every is not None and not 1 <= self.every <= LONGEST:
            raise ValueError(f"the model cannot run on every {self.every}th frame")

    @classmethod
    def parse(cls, text: str) -> "Skip":
        """What `off`, `adaptive`, or a whole number from 2 to 30 stands for.

        Raises:
            ValueError: The text is none of these.
        """
        word = text.strip().lower()
        if word in _WORDS:
            return cls(_WORDS[word])
        if not (word.isdecimal() and 2 <= int(word) <= LONGEST):
            raise ValueError(f"{text!r} is neither off, adaptive nor a number from 2 to {LONGEST}")
        return cls(int(word))

    def __str__(self) -> str:
        return next((word for word, every in _WORDS.items() if every == self.every), str(self.every))


EVERY_FRAME = Skip()
