"""`make spec`: which ids of the register are covered by a marked test, and by which."""

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULE = re.compile(r"\brule\(([^)]*)\)")
TOKEN = re.compile(r"([A-Z]+\d{3}-P?)(\d{2,3})(?:\.\.P?(\d{2,3}))?")


def register() -> dict[str, tuple[str, str, str]]:
    """Id -> module, kind, text, from docs/register.tsv."""
    rows = (
        line.split("\t") for line in (ROOT / "docs/register.tsv").read_text(encoding="utf-8").splitlines()[1:]
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def expand(text: str) -> list[str]:
    found = []
    for head, first, last in TOKEN.findall(text):
        found += [f"{head}{number:0{len(first)}d}" for number in range(int(first), int(last or first) + 1)]
    return found


def marks() -> dict[str, list[str]]:
    """Id -> the tests that are marked with it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted([*(ROOT / "zhike").rglob("test_*.py"), *(ROOT / "tests").rglob("test_*.py")]):
        waiting: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            for call in RULE.findall(line):
                waiting += expand(call)
            name = re.match(r"\s*(?:async )?def (test_\w+)", line)
            if name:
                for ident in waiting:
                    found[ident].append(f"{path.relative_to(ROOT)}::{name[1]}")
                waiting = []
    return found


def main(argv: list[str]) -> int:
    known, covered = register(), marks()
    modules = argv or sorted({module for module, _kind, _text in known.values()})
    if argv:
        for ident, (module, _kind, text) in known.items():
            if module in modules:
                tests = covered.get(ident, [])
                print(f"{ident}\t{'yes' if tests else 'no '}\t{text[:60]}\t{' '.join(tests)}")
    total: Counter[str] = Counter(module for module, _kind, _text in known.values())
    done: Counter[str] = Counter(known[ident][0] for ident in covered if ident in known)
    for module in modules:
        print(f"{module:<12} {done[module]:>4} of {total[module]:>4} ids have a marked test")
    strangers = sorted(set(covered) - set(known))
    if strangers:
        print("marked but not in the register:", " ".join(strangers))
    return 1 if strangers else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
