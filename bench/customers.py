"""Bringing customers in, finding duplicates among them, and finding one of a million, on the database of `bench.database`."""

from __future__ import annotations

import random
import tempfile
import time
from itertools import combinations
from pathlib import Path
from urllib.parse import urlencode

from django.core.files.base import File
from django.db import connection
from django.utils import timezone

from zhike.customers import names
from zhike.customers.importing import loading
from zhike.customers.matching import sweep
from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.system import system_party
from zhike.people.standing import houses

from . import pages, people
from .figures import SMALL, Row
from .house import Place
from .served import Ask, Client, free_port, gunicorn, serving

IMPORTED = 2_200 if SMALL else 100_000
SEARCHED = 20_000 if SMALL else 1_000_000
FILES, COPIES = (4_000, 400) if SMALL else (180_000, 20_000)


def run() -> list[Row]:
    now = timezone.now()
    by = system_party("import")
    unit = Unit.objects.create(name="测算店", code="BENCH-CUSTOMERS", kind=Unit.Kind.BRANCH, path="")
    Unit.objects.filter(pk=unit.pk).update(path=f"/{unit.pk}/")
    unit.refresh_from_db()
    rng = random.Random(20260309)
    rows = people.people(FILES, rng)
    rows += [people.copied(rng.choice(rows), number, rng) for number in range(COPIES)]
    rng.shuffle(rows)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, some in (("CSV", rows[:IMPORTED]), ("XLSX", rows[IMPORTED:])):
            path = Path(folder) / f"customers.{kind.lower()}"
            (people.write if kind == "CSV" else _write_xlsx)(path, some)
            seconds, checked = _imported(path, unit, by, now)
            speed = len(some) / seconds
            met = None if SMALL or connection.vendor != "postgresql" else speed >= 5000
            budget = ">= 5,000 rows/s" if connection.vendor == "postgresql" else ""
            name = f"import of {len(some):,} customers ({kind}), checked, duplicates found"
            found.append(Row(name, speed, "rows/s", budget=budget, met=met))
            found.append(Row(f"  of which the check ({kind})", checked, "s"))
    return [*found, *_swept(unit, by)]


def _write_xlsx(path: Path, rows: list[people.Row]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for line, row in enumerate([people.HEADER, *rows]):
        sheet.write_row(line, 0, row)
    book.close()


def _imported(path: Path, unit: Unit, by: Party, now: object, known: str = "mark") -> tuple[float, float]:
    begin = time.perf_counter()
    with path.open("rb") as file:
        intake = loading.bring(name=path.name, file=File(file, name=path.name), unit=unit, by=by, now=now)
    columns = {
        "name": "客户名称",
        "phone": "手机",
        "address": "地址",
        "licence": "统一社会信用代码",
        "note": "编号",
    }
    loading.choose(intake=intake, plan={"columns": columns, "known": known}, now=now)
    intake = loading.check(intake.pk)
    checked = time.perf_counter() - begin
    assert intake.state == "READY", intake.problem
    assert not intake.bad, intake.plan["checked"]["shown"][:3]
    loading.order(intake=intake, only_good=False, now=now)
    intake = loading.load(intake.pk, now=now)
    assert intake.state == "DONE", intake.problem
    return time.perf_counter() - begin, checked


def searched(place: Place) -> list[Row]:
    """The list of customers of a house that has so many, as somebody types a name, its pinyin or a number."""
    desk = place.user("south", "P002-20")
    rows = people.people(SEARCHED, random.Random(20260322))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        people.write(path, rows)
        unit = place.house.units["south"]
        seconds, _checked = _imported(path, unit, desk.party, timezone.now(), known="skip")
    connection.close()
    _no, name, phone, *_rest = rows[SEARCHED // 2]
    found = [
        Row(
            f"import of {SEARCHED:,} customers (CSV), those of the house skipped",
            SEARCHED / seconds,
            "rows/s",
        )
    ]
    port = free_port()
    with serving(gunicorn(port), port) as server:
        client = Client(server.port, pages.session_of(desk), pages.FEWER)
        pinyin = names.sort_key(name, person=True).replace(" ", "")
        for what, word in (("a name", name), ("pinyin", pinyin), ("a telephone number", phone)):
            ask = Ask(f"/customers/?{urlencode({'q': word})}")
            work = f"list of {SEARCHED:,} customers searched by {what}"
            found.append(pages._row(work, client, ask, most=pages.LIST, most_queries=None))
    return found


def _swept(unit: Unit, by: Party) -> list[Row]:
    """Every file of the house compared; what is found against what was copied."""
    begin = time.perf_counter()
    files = sweep.read(houses().together(unit.pk))
    read = time.perf_counter() - begin
    pairs = sweep.scored(files)
    seconds = time.perf_counter() - begin
    number = dict(Customer.objects.filter(unit=unit).values_list("pk", "note"))
    true: dict[str, list[int]] = {}
    for pk, note in number.items():
        true.setdefault(people.who(note), []).append(pk)
    wanted = {tuple(sorted(pair)) for some in true.values() for pair in combinations(some, 2)}
    got = {(first, second) for first, second, _alike in pairs}
    hit = len(wanted & got)
    return [
        Row(f"duplicates among {len(files.rows):,} Chinese customers", seconds, "s"),
        Row("  of which reading", read, "s"),
        Row(f"  precision ({len(got):,} pairs)", hit / max(1, len(got)), ""),
        Row(f"  recall ({len(wanted):,} pairs)", hit / max(1, len(wanted)), ""),
    ]
