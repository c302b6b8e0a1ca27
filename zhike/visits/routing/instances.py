"""Published routing problems: reads VRPLIB and Solomon files, solves them, says how far the best known value is.

The solver is PyVRP (Wouda, Lan, Kool: PyVRP, a high-performance VRP solver package, INFORMS Journal on
Computing 36(4), 2024). Distances are rounded as the publishers of the files count them: to whole numbers
without time windows (CVRPLIB), cut to one decimal with them (DIMACS challenge of 2021).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# rounding -> by how much PyVRP scales the figures of the file
SCALES = {"round": 1, "trunc": 1, "dimacs": 10, "exact": 1000}
SOLOMON_COLUMNS = 7
# "Optimal value: 784", "(Augerat et al, Min no of trucks: 5, Best value: 27591)", "BKS = 828.94"
BEST_KNOWN = re.compile(
    r"(?:optim(?:al|um)(?:\s+(?:value|cost|solution))?|best(?:[\s_-]*known)?(?:\s+(?:value|cost|solution))?|bks)"
    r"\s*[:=]\s*(\d+(?:\.\d+)?)",
    re.IGNORECASE,
)


class BadInstance(ValueError):
    """The file is no routing problem that can be solved; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Instance:
    name: str
    text: str
    customers: int
    has_windows: bool
    best: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Routes by the numbers of the customers as solution files have them: 1 is the first after the depot."""

    instance: Instance
    rounding: str
    cost: float
    is_feasible: bool
    routes: tuple[tuple[int, ...], ...]
    iterations: int
    seconds: float

    @property
    def gap(self) -> float | None:
        """Percent above the best known value; None where the file gives none."""
        best = self.instance.best
        return None if not best else round((self.cost - best) / best * 100, 3)

    @property
    def left_out(self) -> list[int]:
        served = {customer for route in self.routes for customer in route}
        return [one for one in range(1, self.instance.customers + 1) if one not in served]

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.instance.name,
            "customers": self.instance.customers,
            "cost": self.cost,
            "best_known": self.instance.best,
            "gap_percent": self.gap,
            "feasible": self.is_feasible,
            "vehicles": len(self.routes),
            "routes": [list(route) for route in self.routes],
            "left_out": self.left_out,
            "rounding": self.rounding,
            "iterations": self.iterations,
            "seconds": round(self.seconds, 3),
        }


def read(path: Path, *, best: float | None = None) -> Instance:
    """The problem of a file; `best` is the best known cost where the file does not say it.

    A solution file of the same name (.sol) beside it is read for its cost. Raises BadInstance.
    """
    text = _text(path)
    is_solomon = _is_solomon(text)
    try:
        if is_solomon:
            text = _from_solomon(text)
        table = _parsed(text)
    except (ValueError, KeyError, IndexError, TypeError, RuntimeError) as trouble:
        kind = "Solomon" if is_solomon else "VRPLIB"
        raise BadInstance(f"{path.name} cannot be read as a {kind} file: {trouble}") from trouble
    _check(path.name, table)
    return Instance(
        name=str(table.get("name") or path.stem),
        text=text,
        customers=int(table["dimension"]) - len(table.get("depot", [0])),
        has_windows="time_window" in table,
        best=_best_known(path, str(table.get("comment", ""))) if best is None else best,
    )


def solve(instance: Instance, *, seconds: float, rounding: str = "", seed: int = 1) -> Answer:
    """The best routes found in the time. `rounding` is one of SCALES, or "" for that of the publishers."""
    import pyvrp
    from pyvrp.stop import MaxRuntime

    rounding = rounding or ("dimacs" if instance.has_windows else "round")
    try:
        with _file(instance.text) as file:
            data = pyvrp.read(file, round_func=rounding)
    except (ValueError, KeyError, IndexError, TypeError) as trouble:
        raise BadInstance(f"{instance.name} cannot be solved: {trouble}") from trouble
    found = pyvrp.solve(data, MaxRuntime(seconds), seed=seed, display=False, collect_stats=False)
    routes = tuple(
        tuple(one.idx + 1 for one in route.schedule() if one.is_client()) for route in found.best.routes()
    )
    paid = sum(route.distance_cost() + route.fixed_vehicle_cost() for route in found.best.routes())
    cost = (paid + found.best.uncollected_prizes()) / SCALES[rounding]
    return Answer(
        instance=instance,
        rounding=rounding,
        cost=int(cost) if SCALES[rounding] == 1 else cost,
        is_feasible=found.best.is_feasible(),
        routes=routes,
        iterations=found.num_iterations,
        seconds=found.runtime,
    )


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as trouble:
        raise BadInstance(f"{path}: {trouble.strerror}") from trouble
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadInstance(f"{path.name} is no text file")


def _is_solomon(text: str) -> bool:
    heads = {line.strip().upper() for line in text.splitlines()}
    return {"VEHICLE", "CUSTOMER"} <= heads


@contextmanager
def _file(text: str) -> Iterator[Path]:
    """The text as a file: the readers of the format take nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "instance.vrp"
        file.write_text(text, encoding="utf-8")
        yield file


def _parsed(text: str) -> dict[str, Any]:
    import vrplib

    if not re.search(r"^\s*\w+_SECTION", text, re.MULTILINE):
        raise ValueError("it has no section of coordinates or distances")
    with _file(text) as file:
        table: dict[str, Any] = vrplib.read_instance(file)
    return table


def _from_solomon(text: str) -> str:
    """The same problem as VRPLIB; columns of CUSTOMER: number, x, y, demand, ready, due, service."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    heads = [" ".join(line).upper() for line in lines]
    vehicles, capacity = lines[heads.index("VEHICLE") + 2][:2]
    rows = [line for line in lines[heads.index("CUSTOMER") + 1 :] if re.fullmatch(r"[\d.]+", line[0])]
    wrong = next((row for row in rows if len(row) != SOLOMON_COLUMNS), None)
    if wrong is not None:
        raise ValueError(f"customer {wrong[0]} has {len(wrong)} figures instead of {SOLOMON_COLUMNS}")
    parts = {"NODE_COORD": (1, 3), "DEMAND": (3, 4), "TIME_WINDOW": (4, 6), "SERVICE_TIME": (6, 7)}
    sections = [
        "\n".join(
            [f"{part}_SECTION", *(f"{n}\t" + "\t".join(row[a:b]) for n, row in enumerate(rows, start=1))]
        )
        for part, (a, b) in parts.items()
    ]
    head = {
        "NAME": lines[0][0],
        "TYPE": "VRPTW",
        "DIMENSION": len(rows),
        "VEHICLES": vehicles,
        "CAPACITY": capacity,
        "EDGE_WEIGHT_TYPE": "EUC_2D",
    }
    said = [f"{key} : {value}" for key, value in head.items()]
    return "\n".join([*said, *sections, "DEPOT_SECTION", "1", "-1", "EOF", ""])


def _check(name: str, table: dict[str, Any]) -> None:
    dimension = table.get("dimension")
    if not isinstance(dimension, int) or dimension < 2:
        raise BadInstance(f"{name} names no customers (DIMENSION)")
    if "edge_weight" not in table:
        raise BadInstance(f"{name} gives neither coordinates nor distances")
    for part in ("edge_weight", "node_coord", "demand", "time_window"):
        if part in table and len(table[part]) != dimension:
            raise BadInstance(f"{name} names {dimension} places, but its {part} has {len(table[part])}")


def _best_known(path: Path, comment: str) -> float | None:
    import vrplib

    beside = path.with_suffix(".sol")
    if beside != path and beside.is_file():
        try:
            cost = vrplib.read_solution(beside).get("cost")
        except (ValueError, KeyError, IndexError, UnicodeDecodeError):
            cost = None
        if isinstance(cost, (int, float)):
            return float(cost)
    said = BEST_KNOWN.search(comment)
    return float(said[1]) if said else None
