"""Damages session files in many ways, and looks whether each is read or refused in words.

Cut short, bytes changed, pages exchanged or zeroed, values changed by SQL, files of other programs. No mutant
may crash the program, run code, or give back numbers that were not recorded without saying so. Each is read
whole in this process; a fault of the interpreter would end it before the last line.

usage: python -m benchmarks.session_mutants [--count 500] [--seed 1]
"""

import argparse
import random
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from benchmarks.surroundings import ROOT
from tests.recording.mutants import KINDS, Verdict, make_original, mutate, read_mutant

assert ROOT.is_dir()


def main() -> None:
    """Read mutants and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdicts: dict[str, dict[Verdict, int]] = {kind: dict.fromkeys(Verdict, 0) for kind in KINDS}
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        original = make_original(Path(folder) / "original")
        assert read_mutant(original, original)[0] is Verdict.READ
        for number in range(options.count):
            chance = random.Random(options.seed * 100_000 + number)
            kind = list(KINDS)[number % len(KINDS)]
            path = mutate(original, Path(folder) / f"mutant{number}", kind, chance)
            verdict, words = read_mutant(path, original)
            verdicts[kind][verdict] += 1
            if verdict is Verdict.WRONG:
                wrong.append(f"{kind}, number {number}: {words}")
            with suppress(OSError):
                for file in path.iterdir():
                    file.unlink()
    print(f"{'mutation':28}" + "".join(f"{verdict.value:>12}" for verdict in Verdict))
    for kind, counts in verdicts.items():
        print(f"{kind:28}" + "".join(f"{counts[verdict]:12}" for verdict in Verdict))
    for line in wrong:
        print(line)
    print(f"{options.count} mutants: {len(wrong)} were taken for what they are not")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
