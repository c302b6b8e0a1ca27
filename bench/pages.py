"""The pages over HTTP: lists at two sizes, a case with many entries, intake, search, memory and cold start."""

from __future__ import annotations

import datetime as dt
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client as Inside

from ops.pg import stop_with_parent
from zhike.complaints import actions
from zhike.complaints.models import Complaint, Entry
from zhike.customers import actions as customers
from zhike.customers.dossier import actions as dossier
from zhike.customers.models import Customer, Interaction
from zhike.kernel import clock
from zhike.people.models import User

from .figures import SMALL, Row
from .house import Place
from .served import Ask, Client, Server, free_port, serving, stop, wait

TIMES = 40 if SMALL else 200
FEWER = 20 if SMALL else 100  # where a request writes, or nothing depends on the number of cases
EMPTY = "empty view"
LIST, CASE, CUSTOMER, INTAKE, SEARCH = 30, 40, 40, 15, 30


def session_of(user: User) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def queries_of(session: str, ask: Ask) -> int:
    """Statements of one request, those of session and savepoints included; measured inside this process."""
    inside = Inside(HTTP_HOST="127.0.0.1")
    inside.cookies["sessionid"] = session
    counts: list[str] = []

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        counts.append(sql)
        return execute(sql, params, many, context)

    def run(number: int) -> None:
        counts.clear()
        answer = (
            inside.get(ask.path, headers=ask.headers)
            if ask.data is None
            else inside.post(ask.path, ask.data(number))
        )  # type: ignore[operator]
        assert answer.status_code == ask.status, (ask.path, answer.status_code, answer.content[:400])
        if hasattr(answer, "content"):
            assert answer.content is not None

    with connection.execute_wrapper(count):
        run(900_001)
        run(900_002)  # the second time: what is kept in memory is kept
    return len(counts)


def _row(
    work: str, client: Client, ask: Ask, *, most: int | None, most_queries: int | None, budget: str = ""
) -> Row:
    queries = queries_of(client.session, ask)
    took, ratio = client.compare(ask)
    met = None
    if most is not None:
        met = ratio <= most and (most_queries is None or queries <= most_queries)
        budget = budget or f"<= {most} x" + (f", <= {most_queries} queries" if most_queries else "")
    return Row(work, took, "ms p50", ratio, EMPTY, queries, budget, met)


def lists(place: Place, server: Server) -> list[Row]:
    """The first page as it opens, all cases newest first, and the counts of the tabs."""
    size = f"{place.filled:,}"
    rows = []
    for who, store, post in (
        ("general manager", "mall", "GENERAL_MANAGER"),
        ("store's desk", "south", "P002-20"),
    ):
        client = Client(server.port, session_of(place.user(store, post)), TIMES)
        for what, path in (
            ("open, by due date", "/complaints/"),
            ("all, newest first", "/complaints/?sort=-opened&view=all"),
        ):
            rows.append(
                _row(f"list page, {what}, {who}, {size}", client, Ask(path), most=LIST, most_queries=12)
            )
        counts = Ask("/complaints/?part=counts", headers={"HX-Request": "true"})
        rows.append(_row(f"counts of the tabs, {who}, {size}", client, counts, most=LIST, most_queries=12))
    return rows


def same_at_both(few: list[Row], many: list[Row]) -> list[Row]:
    """How much slower the same page is at the larger size, both against the empty view of their moment."""
    rows = []
    for small, large in zip(few, many, strict=True):
        growth = (large.ratio or 0) / (small.ratio or 1)
        name = small.work.rsplit(", ", 1)[0]
        rows.append(
            Row(
                f"{name}: larger size against smaller",
                growth,
                "x",
                budget="the same (<= 1.2 x)",
                met=growth <= 1.2,
            )
        )
    return rows


def a_case(place: Place, entries: int) -> Complaint:
    """A case worked by the actions, with that many replies and notes."""
    desk = place.user("south", "P002-20")
    now = clock.now() - dt.timedelta(days=2)
    complaint = actions.register(
        unit=place.house.units["south"], by=desk.party, now=now, name="许可", phone=f"1390000{entries:04d}", channel="COUNTER",
        text="上午买的酸奶已经过期,要求店长出面。", demand="退款", item="EXPIRED",
    )  # fmt: skip
    kinds = ("REPLY", "NOTE", "CUSTOMER")
    Entry.objects.bulk_create(
        [
            Entry(complaint=complaint, kind=kinds[n % 3], text=f"第{n}条：已经和顾客联系,核对小票与批号。", by=desk.party,
                  at=now + dt.timedelta(minutes=20 * n + 5))
            for n in range(entries)
        ]
    )  # fmt: skip
    return complaint


def case(place: Place, server: Server) -> list[Row]:
    client = Client(server.port, session_of(place.user("south", "STORE_MANAGER")), FEWER)
    few, many = a_case(place, 10), a_case(place, 50)
    first = _row(
        "case page with 10 entries", client, Ask(f"/complaints/{few.pk}/"), most=None, most_queries=None
    )
    second = _row(
        "case page with 50 entries, all shown",
        client,
        Ask(f"/complaints/{many.pk}/"),
        most=CASE,
        most_queries=20,
    )
    grown = (second.queries or 0) - (first.queries or 0)
    return [
        first,
        second,
        Row("queries more for 40 entries more", grown, "queries", budget="0", met=grown == 0),
    ]


def a_known_customer(place: Place, contacts: int) -> Customer:
    """A business with the parts of a file and that many contacts."""
    desk = place.user("south", "P002-20")
    now = clock.now() - dt.timedelta(days=2)
    customer = customers.create(
        name=f"云泽商贸{contacts}", kind="ORGANISATION", position="INTERMEDIATE", unit=place.house.units["south"],
        by=desk.party, now=now, phone=f"0571-8888{contacts:04d}",
    )  # fmt: skip
    given: dict[str, Any] = {"customer": customer, "by": desk.party, "now": now}
    person = dossier.add_contact(**given, name="许静安", function="FINANCE", number="13600009120")
    dossier.add_address(**given, text="浦江路88号")
    dossier.learn(**given, field="preference.way", value="先发微信", source="SERVICE")
    dossier.add_need(**given, kind="PRESENT", text="小包装", source="VISIT", holder="社区居民")
    Interaction.objects.bulk_create(
        [
            Interaction(customer=customer, contact=person, unit=customer.unit, way="PHONE", purpose=f"第{n}次：排产与备件", by=desk.party,
                        at=now - dt.timedelta(hours=7 * n))
            for n in range(contacts)
        ]
    )  # fmt: skip
    return customer


def customer(place: Place, server: Server) -> list[Row]:
    """The page of a customer with many contacts as it opens, what it asks for then, and the whole history."""
    client = Client(server.port, session_of(place.user("south", "STORE_MANAGER")), FEWER)
    few, many = a_known_customer(place, 10), a_known_customer(place, 200)
    short, path = f"/customers/{few.pk}/", f"/customers/{many.pk}/"
    first = _row("customer page with 10 contacts", client, Ask(short), most=None, most_queries=None)
    second = _row("customer page with 200 contacts", client, Ask(path), most=CUSTOMER, most_queries=20)
    asked = {"HX-Request": "true"}
    few_lines = _row(
        "its history, 10 contacts", client, Ask(short, headers=asked), most=None, most_queries=None
    )
    lines = _row(
        "its history, 200 contacts", client, Ask(path, headers=asked), most=CUSTOMER, most_queries=20
    )
    beside = Ask(f"{path}beside/", headers=asked)
    after = _row("what comes beside it", client, beside, most=CUSTOMER, most_queries=None)
    rest = Ask(f"{path}?whole=1", headers=asked)
    whole = _row("all 200 contacts in its history", client, rest, most=CUSTOMER, most_queries=None)
    grown = sum(row.queries or 0 for row in (second, lines)) - sum(
        row.queries or 0 for row in (first, few_lines)
    )
    return [
        first,
        second,
        few_lines,
        lines,
        after,
        whole,
        Row("queries more for 190 contacts more", grown, "queries", budget="<= 1", met=grown <= 1),
    ]


def intake(place: Place, server: Server) -> list[Row]:
    """Registration by staff over the page: ruling, duties, audit, index, redirect; customers known by number and new."""
    desk = place.user("south", "P002-21")
    client = Client(server.port, session_of(desk), FEWER)
    unit = place.house.units["south"].pk

    def form(number: int, *, known: bool) -> dict[str, Any]:
        return {
            "token": f"bench-{place.filled}-{server.port}-{number}-{known}", "unit": unit, "channel": "COUNTER",
            "name": f"顾客{number}", "phone": "13900000000" if known else f"138{(place.filled + server.port * 1000 + number) % 10**8:08d}", "text": "上午买的酸奶已经过期,要求店长出面。", "demand": "退款", "item": "EXPIRED",
            "value": "36",
        }  # fmt: skip

    rows = []
    for who, known in (("known customer", True), ("new customer", False)):
        ask = Ask("/complaints/new/", partial(form, known=known), 302)
        rows.append(_row(f"case intake, {who}, {place.filled:,}", client, ask, most=INTAKE, most_queries=30))
    return [*rows, a_commit(place.filled)]


def a_commit(filled: int) -> Row:
    """What the disk takes to keep one row: no registration that lasts can be quicker."""
    took = []
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_commit (n integer)")
        for number in range(FEWER):
            begin = time.perf_counter()
            cursor.execute("INSERT INTO bench_commit VALUES (%s)", [number])
            took.append((time.perf_counter() - begin) * 1000)
        cursor.execute("DROP TABLE bench_commit")
    return Row(f"one row kept by itself, {filled:,}", statistics.median(took), "ms p50")


def search(place: Place, server: Server) -> list[Row]:
    rows = []
    for who, store, post in (
        ("general manager", "mall", "GENERAL_MANAGER"),
        ("store's desk", "south", "P002-20"),
    ):
        client = Client(server.port, session_of(place.user(store, post)), FEWER)
        for what, word in (("common", "过期"), ("rare", "邹鲲")):
            ask = Ask(f"/search/?q={_quoted(word)}")
            work = f"search for a {what} 2-character word, {who}, {place.filled:,}"
            rows.append(_row(work, client, ask, most=SEARCH, most_queries=None))
    return rows


def _quoted(word: str) -> str:
    from urllib.parse import quote

    return quote(word)


def memory(server: Server, name: str) -> list[Row]:
    workers, parent = server.memory()
    return [
        Row(f"memory of 2 web workers, {name}", workers, "MiB PSS", budget="<= 200 MiB", met=workers <= 200),
        Row(f"memory of the process above them, {name}", parent, "MiB PSS"),
    ]


def default_server(place: Place) -> list[Row]:
    """The same pages as `zhike run` serves them, for comparison."""
    from .served import granian

    port = free_port()
    with serving(granian(port), port) as server:
        client = Client(port, session_of(place.user("mall", "GENERAL_MANAGER")), FEWER)
        row = _row(
            f"list page, default server, {place.filled:,}",
            client,
            Ask("/complaints/"),
            most=None,
            most_queries=None,
        )
        return [row, *_plain(intake(place, server), "default server"), *memory(server, "default server")]


def _plain(rows: list[Row], name: str) -> list[Row]:
    return [
        Row(f"{row.work}, {name}", row.value, row.unit, row.ratio, row.against, row.queries) for row in rows
    ]


def cold_start() -> Row:
    """From the command to the first page, the database at hand, static files collected before."""
    port = free_port()
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "zhike.config.cli", "run", "--port", str(port)],
        stdout=subprocess.DEVNULL, start_new_session=True, preexec_fn=stop_with_parent,
    )  # fmt: skip
    try:
        wait(port, process, "/sign-in/")
        took = time.perf_counter() - begin
    finally:
        stop(process)
    return Row("cold start, first page", took, "s", budget="<= 10 s", met=took <= 10)
