"""`./dev bench [NAME ...]`: how fast it is, beside what others do; never a test.

It prints tables and writes results/*.json. docs/speed.md says what each row measures and what is aimed at.
"""

import argparse
from importlib import import_module

ROWS = (
    "deal", "latency", "burst", "commands", "leaderboard", "dates", "start", "idle", "workspace", "broadcast",
    "processes", "noise", "company",
)  # fmt: skip


def main() -> None:
    """Measure the rows that are named, or all."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ROWS))
    parser.add_argument("--rounds", type=int, help="how often each side takes its turn; fewer is quicker")
    given = parser.parse_args()
    unknown = set(given.names) - set(ROWS)
    if unknown:
        parser.error(f"there is no row {', '.join(sorted(unknown))}: {', '.join(ROWS)}")
    for name in given.names or ROWS:
        print(f"== {name}", flush=True)
        import_module(f"tests.benchmarks.{name}").main(given.rounds)


if __name__ == "__main__":
    main()
