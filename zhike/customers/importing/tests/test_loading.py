"""A file into the register: whole, in parts, cut off and gone on with, beside customers that are there already."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhike.channels.models import ColumnPlan, Intake
from zhike.customers import actions, queries
from zhike.customers.importing import ahead, loading, writing
from zhike.customers.importing.shell import main as zhike
from zhike.customers.models import Address, Candidate, Contact, Customer, Identifier, ImportBatch, Phone
from zhike.customers.tests.factories import a_customer
from zhike.kernel.audit.models import Entry
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.scope import EVERYTHING
from zhike.people.tests.factories import MONDAY, Cast

HEAD = "客户名称,手机,信用代码,地址,备注\n"
COLUMNS = {"name": "客户名称", "phone": "手机", "licence": "信用代码", "address": "地址", "note": "备注"}


def brought(
    cast: Cast, text: str, *, known: str = "skip", encoding: str = "utf-8", name: str = "客户.csv"
) -> Intake:
    file = SimpleUploadedFile(name, (HEAD + text).encode(encoding))
    intake = loading.bring(name=name, file=file, unit=cast.south, by=cast.manager.party, now=MONDAY)
    loading.choose(intake=intake, plan={"columns": COLUMNS, "known": known}, now=MONDAY)
    return loading.check(intake.pk)


def loaded(intake: Intake, *, only_good: bool = False) -> Intake:
    loading.order(intake=intake, only_good=only_good, now=MONDAY)
    return loading.load(intake.pk, now=MONDAY)


@pytest.mark.rule("R002-P09")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_becomes_customers_who_are_found_like_any_other(cast: Cast, encoding: str):
    intake = brought(
        cast,
        "王小明,138 0000 5678,,建国路88号,老客户\n上海宏达商贸有限公司,021-55556666,,,\n",
        encoding=encoding,
    )
    assert (intake.state, intake.rows, intake.bad) == ("READY", 2, 0)

    intake = loaded(intake)

    assert (intake.state, intake.loaded, intake.percent) == ("DONE", 2, 100)
    person = Customer.objects.get(name="王小明")
    assert (person.kind, person.sort_key, person.initials, person.unit, person.note, person.source) == (
        "PERSON", "wang xiao ming", "wxm", cast.south, "老客户", "FILE",
    )  # fmt: skip
    phone = person.phones.get()
    assert (phone.number, phone.masked, phone.is_primary, phone.kind) == (
        "13800005678",
        "138****5678",
        True,
        "MOBILE",
    )
    assert Address.objects.get(customer=person).text == "建国路88号"
    assert Customer.objects.get(name="上海宏达商贸有限公司").kind == "ORGANISATION"
    for words in ("王小明", "wangxiaoming", "5678", person.number):
        assert [one.name for one in queries.look_up(EVERYTHING, words)] == ["王小明"], words
    found = actions.recognise_or_create(
        name="王小明", phone="13800005678", unit=cast.south_service, by=cast.taker.party, now=MONDAY
    )
    assert (found.customer, found.created) == (person, False)
    # a customer opened by hand afterwards gets a key of their own
    assert a_customer(cast.south, cast.manager, "新客", "").pk > person.pk
    assert Entry.objects.get(code="customers.imported").after["loaded"] == 2
    assert "2 customers loaded" in Message.objects.get(kind="customer.imported").title


def test_bad_rows_come_back_as_a_file_and_the_good_ones_are_loaded_only_if_asked(cast: Cast):
    intake = brought(cast, "王小明,13800005678,,,\n,13911112222,,,\n李清照,电话不详,,,易安\n")
    assert (intake.rows, intake.bad) == (3, 2)
    text = loading.problems_path(intake).read_text(encoding="utf-8-sig")
    assert text.splitlines()[1:] == [
        "3,there is no name,,13911112222,,,",
        "4,“电话不详” is no telephone number,李清照,电话不详,,,易安",
    ]

    with pytest.raises(loading.CannotImport, match="2 rows are wrong, so nothing is loaded"):
        loaded(intake)
    assert not Customer.objects.exists()

    assert loaded(intake, only_good=True).loaded == 1
    assert [row.name for row in Customer.objects.all()] == ["王小明"]


@pytest.mark.parametrize(
    ("known", "names", "counts"),
    [
        ("skip", ["王小明", "李清照"], {"loaded": 1, "skipped": 1, "updated": 0, "bad": 0}),
        ("update", ["王小明", "李清照"], {"loaded": 1, "skipped": 0, "updated": 1, "bad": 0}),
        ("mark", ["王小明", "王晓明", "李清照"], {"loaded": 2, "skipped": 0, "updated": 0, "bad": 0}),
    ],
)
def test_a_customer_whom_the_house_has_is_left_out_renewed_or_marked(cast: Cast, known, names, counts):
    there = a_customer(cast.south_service, cast.manager, "王小明", "13800005678", note="旧")
    a_customer(cast.north, cast.north_manager, "李清照", "13911112222")  # another house keeps its own

    intake = brought(cast, "王晓明,138-0000-5678,,人民路1号,新\n李清照,13911112222,,,\n", known=known)
    assert intake.plan["checked"]["known"] == 1
    intake = loaded(intake)

    rows = Customer.objects.filter(unit__in=[cast.south, cast.south_service]).order_by("pk")
    assert [row.name for row in rows] == names
    assert loading.totals(intake) == counts
    there.refresh_from_db()
    assert there.note == ("新" if known == "update" else "旧")
    assert Address.objects.filter(customer=there).exists() == (known == "update")
    assert Candidate.objects.filter(origin="FILE", reasons=["PHONE"]).count() == (known == "mark")
    assert Entry.objects.filter(code="customers.renewed").count() == (known == "update")
    notes = there.facts.filter(field="note").order_by("pk").values_list("value", "source")
    assert list(notes) == [("旧", "OTHER"), *([("新", "FILE")] if known == "update" else [])]


def test_number_of_one_and_licence_of_another_is_told_and_never_guessed(cast: Cast):
    a_customer(cast.south, cast.manager, "王小明", "13800005678")
    other = a_customer(cast.south, cast.manager, "宏达", "")
    code = "91310115MA1K3X123" + writing_digit()
    Identifier.objects.create(
        customer=other, kind="LICENCE", number=code, index=writing.blind_index(code), masked="91**"
    )

    intake = brought(cast, f"王小明,13800005678,{code},,\n", known="update")

    assert intake.bad == 1
    assert "the licence that of" in intake.plan["checked"]["shown"][0][1]


def writing_digit() -> str:
    from zhike.customers.dossier.numbers import credit_check

    return credit_check("91310115MA1K3X123")


def test_a_load_that_was_cut_off_goes_on_and_brings_nobody_in_twice(cast: Cast, monkeypatch):
    monkeypatch.setattr(loading, "PART", 10)
    intake = brought(cast, "".join(f"客户{n},1380000{n:04},,,\n" for n in range(35)))
    loading.order(intake=intake, only_good=False, now=MONDAY)
    whole = writing.write
    calls = []

    def cut_off(rows, **more):
        calls.append(len(rows))
        if len(calls) == 3:
            raise MemoryError
        return whole(rows, **more)

    monkeypatch.setattr(writing, "write", cut_off)
    with pytest.raises(MemoryError):
        loading.load(intake.pk, now=MONDAY)
    assert Customer.objects.count() == 20
    # another worker leaves it alone while it may still live, and goes on once it is silent
    Intake.objects.filter(pk=intake.pk).update(seen_at=MONDAY)
    assert loading.load(intake.pk, now=MONDAY + dt.timedelta(minutes=2)).state == "LOADING"
    monkeypatch.setattr(writing, "write", whole)

    done = loading.load(intake.pk, now=MONDAY + dt.timedelta(minutes=4))

    assert (done.state, done.loaded, Customer.objects.count(), Phone.objects.count()) == ("DONE", 35, 35, 35)
    assert [row.number for row in ImportBatch.objects.all()] == [0, 1, 2, 3]
    assert loading.load(intake.pk, now=MONDAY + dt.timedelta(hours=1)).loaded == 35


def test_a_row_that_turns_bad_after_the_check_stops_the_load_with_its_part(cast: Cast):
    intake = brought(cast, "王小明,13800005678,,,\n", known="update")
    for name in ("甲", "乙"):
        a_customer(cast.south, cast.manager, name, "").phones.create(
            number="13800005678", index=writing.blind_index("13800005678"), last4="x", masked="138****5678"
        )
    stopped = loaded(intake)
    assert stopped.state == "STOPPED"
    assert "several files have this number" in stopped.problem
    assert not Customer.objects.filter(name="王小明").exists()


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def test_the_import_is_lived_in_the_browser(cast: Cast):
    staff = browser(cast.manager)
    data = "电话,姓名\n王小明,13800005678\n李清照,13911112222\n,13700000000\n".encode()
    sent = staff.post(
        reverse("customers:import"), {"unit": cast.south.pk, "file": SimpleUploadedFile("老系统.csv", data)}
    )
    intake = Intake.objects.get()
    page = reverse("customers:import_columns", args=[intake.pk])
    assert sent.url == page

    assert "look like “Name”" in staff.get(page).content.decode()
    turned = staff.get(page, {"swap": "1"})
    assert "look like" not in turned.content.decode()
    assert turned.context["form"]["column_name"].value() == "电话"
    staff.post(page, {"column_name": "电话", "column_phone": "姓名", "known": "skip", "remember": "老系统"})
    assert ColumnPlan.objects.get().plan["columns"] == {"name": "电话", "phone": "姓名"}

    detail = reverse("customers:import_detail", args=[intake.pk])
    shown = staff.get(detail).content.decode()
    assert "2 rows are good, 1 are wrong" in shown
    assert "138****5678" in shown
    assert "13800005678" not in shown
    file = b"".join(staff.get(reverse("customers:import_problems", args=[intake.pk])))
    assert "there is no name" in file.decode("utf-8-sig")
    assert "so nothing is loaded" in staff.post(detail, {"do": "all"}).content.decode()
    staff.post(detail, {"do": "good"})
    assert "2 loaded" in staff.get(detail).content.decode()
    assert Customer.objects.count() == 2
    assert browser(cast.supervisor).get(detail).status_code in {403, 404}


def test_the_shell_brings_a_file_in_by_a_remembered_mapping(cast: Cast, tmp_path: Path, capsys):
    ColumnPlan.objects.create(
        by=cast.manager.party,
        kind=loading.KIND,
        name="会员",
        plan={"columns": COLUMNS, "known": "skip"},
        at=MONDAY,
    )
    path = tmp_path / "会员.csv"
    path.write_text(HEAD + "王小明,13800005678,,,\n,1,,,\n", encoding="utf-8")
    args = ["customers", str(path), "--unit", cast.south.code, "--mapping", "会员", "--json"]

    assert zhike(args) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["rows"], told["bad"], told["loaded"]) == ("REFUSED", 2, 1, 0)
    assert zhike([*args, "--good"]) == 0
    assert json.loads(capsys.readouterr().out)["loaded"] == 1
    assert zhike([*args[:-2], "没有", "--json"]) == 1
    assert "No columns are remembered" in capsys.readouterr().err


def test_a_workbook_is_read_row_by_row(cast: Cast):
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(COLUMNS.values()))
    sheet.write_row(1, 0, ["王小明", 13800005678, "", "", "张三"])
    book.close()
    file = SimpleUploadedFile("客户.xlsx", out.getvalue())
    intake = loading.bring(name="客户.xlsx", file=file, unit=cast.south, by=cast.manager.party, now=MONDAY)
    loading.choose(
        intake=intake, plan={"columns": {**COLUMNS, "contact": "备注"}, "known": "skip"}, now=MONDAY
    )
    assert loaded(loading.check(intake.pk)).loaded == 1
    assert Contact.objects.get().name == "张三"
    assert Phone.objects.get().number == "13800005678"


@contextmanager
def at_once(do, *given) -> Iterator[None]:
    """The second loader, done in this process before the first one begins."""
    do(*given)
    yield


def test_two_loaders_share_the_parts_and_what_one_leaves_the_other_makes_up_for(cast: Cast, monkeypatch):
    monkeypatch.setattr(loading, "PART", 10)
    monkeypatch.setattr(loading, "ALONE", 0)
    monkeypatch.setattr(loading, "_halved", lambda intake: True)
    monkeypatch.setattr(loading, "beside", at_once)
    a_customer(cast.south, cast.manager, "老客户", "13800000007")
    rows = [f"客户{n},1380000{n % 30:04},,,\n" for n in range(45)]  # of the last 15 the house has the number
    intake = brought(cast, "".join(rows), known="mark")
    loading.order(intake=intake, only_good=False, now=MONDAY)
    whole, calls = writing.write, []

    def dies(rows, **more):
        calls.append([row.draft.name for row in rows])
        if len(calls) == 2:
            raise MemoryError
        return whole(rows, **more)

    monkeypatch.setattr(writing, "write", dies)
    with pytest.raises(MemoryError):
        loading.load_half(intake.pk, MONDAY, "en")
    assert [names[0] for names in calls] == ["客户10", "客户30"]
    monkeypatch.setattr(writing, "write", whole)
    monkeypatch.setattr(loading, "load_half", lambda *given: None)  # and is not there any more

    done = loading.load(intake.pk, now=MONDAY)

    assert (done.state, done.loaded, Customer.objects.count()) == ("DONE", 45, 46)
    assert [row.number for row in ImportBatch.objects.all()] == [0, 1, 2, 3, 4]
    assert Entry.objects.filter(code="customers.imported").count() == 1
    found = Candidate.objects.values_list("first__name", "second__name")
    assert set(found) == {
        ("老客户", "客户7"), ("老客户", "客户37"), *((f"客户{n}", f"客户{n + 30}") for n in range(15) if n != 7),
    }  # fmt: skip
    writing.mark(done, units=[cast.south.pk, cast.south_service.pk], now=MONDAY)
    assert Candidate.objects.count() == 16


def test_parts_are_made_in_an_interpreter_of_its_own(cast: Cast):
    intake = brought(cast, "王小明,13800005678,,,\n李清照,电话不详,,,\n")
    source = loading.Source.of(intake)

    (made,) = ahead.ahead(loading.parts_ready, source, frozenset())

    (here,) = loading.parts(source, writing.ready)
    assert [row.draft for row in made.ready] == [row.draft for row in here.ready]
    assert made.problems == here.problems == [(3, "“电话不详” is no telephone number")]
    with pytest.raises(loading.CannotImport, match="no longer kept"):
        list(ahead.ahead(loading.parts_ready, source._replace(path="/nowhere.csv"), frozenset()))
