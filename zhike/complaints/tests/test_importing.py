"""Files of many complaints: what is wrong by row, all or nothing, once only, history and open cases."""

import datetime as dt
import io
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhike.channels.models import ColumnPlan, Intake
from zhike.complaints import actions
from zhike.complaints.importing import columns, loading
from zhike.complaints.models import Complaint
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry as AuditEntry
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.policy.models import Ruling
from zhike.kernel.records.sheets import read_sheet
from zhike.kernel.search import index
from zhike.people.tests.factories import CHINA, MONDAY

from .mall import a_mall

FULL = [
    "text",
    "title",
    "category",
    "external",
    "opened",
    "closed",
    "status",
    "name",
    "phone",
    "value",
    "demand",
]


@pytest.fixture(autouse=True)
def monday(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.at(MONDAY):
        yield


@pytest.fixture
def mall(db):
    return a_mall()


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (["工单编号", "投诉内容", "投诉类别", "受理时间"], {"external": "工单编号", "text": "投诉内容", "category": "投诉类别", "opened": "受理时间"}),
        (["文本", "标签"], {"text": "文本", "category": "标签"}),
        (["complaint_id", "Narrative", "Product"], {"external": "complaint_id", "text": "Narrative", "category": "Product"}),
        (["甲", "乙"], {"text": "乙"}),
    ],
)  # fmt: skip
def test_columns_are_guessed_from_the_header_or_the_longest_cells(header, found):
    rows = read_sheet(
        "a.csv", (",".join(header) + "\n短," + "长" * 50 + ",".join([""] * (len(header) - 1)) + "\n").encode()
    ).rows

    assert columns.guess(header, rows) == found


def brought(mall, text, *, plan=None, undated="open", name="工单.csv"):
    """A file of the mall's manager, its columns guessed unless given."""
    data = text if isinstance(text, bytes) else text.encode()
    intake = loading.bring(name=name, data=data, unit=mall.south, plan={}, by=mall.manager.party, now=MONDAY)
    sheet = loading.sheet_of(intake)
    guessed = {"columns": columns.guess(sheet.header, sheet.rows), "undated": undated, "categories": {}}
    return loading.choose(intake=intake, plan={**guessed, **(plan or {})}, now=MONDAY)


def problems(mall, text, **more):
    intake = brought(mall, text, **more)
    from zhike.complaints.regime import regime_at

    found = loading.checked(intake, loading.sheet_of(intake), regime_at(mall.south.pk, MONDAY))
    return [row for row, _sentence in found.problems]


def loaded(mall, text, *, only_good=False, **more):
    intake = brought(mall, text, **more)
    loading.order(intake=intake, only_good=only_good, now=MONDAY)
    return loading.load(intake.pk, now=MONDAY)


HEADER = "工单编号,投诉内容,投诉类别,受理时间,办结时间,状态,姓名,联系电话,金额\n"


@pytest.mark.parametrize(
    ("row", "is_bad"),
    [
        ("1,坏了,品质,2026-03-01,,,,,", False),
        ("1,,品质,2026-03-01,,,,,", True),
        ("1,坏了,品质,2026-02-30,,,,,", True),
        ("1,坏了,品质,2026-03-10,,,,,", True),
        ("1,坏了,品质,2026-03-09,,,,,", False),
        ("1,坏了,品质,2026-03-02,2026-03-01,,,,", True),
        ("1,坏了,品质,2026-03-02 10:00,2026-03-02,,,,", False),
        ("1,坏了,品质,,2026-03-01,处理中,,,", True),
        ("1,坏了,品质,,,转办,,,", True),
        ("1,坏了,品质,,,,梁敏,abc,", True),
        ("1,坏了,品质,,,,梁敏,13800001111,36元", False),
        ('1,坏了,品质,,,,,,"1.234,50"', True),
        ("1,坏了,品质,,,,,,36,多", True),
        (f"1,{'长' * 100_000},品质,,,,,,", False),
        (f"1,{'长' * 100_001},品质,,,,,,", True),
        (f"1,坏了,品质,,,,{'名' * 61},,", True),
        (f"{'9' * 121},坏了,品质,,,,,,", True),
        ('1,"坏了\n第二行",品质,,,,,,', False),
    ],
)
def test_each_row_is_good_or_named_by_number(mall, row, is_bad):
    assert problems(mall, f"{HEADER}{row}\n") == ([2] if is_bad else [])


def test_rows_and_numbers_that_come_twice_are_named_the_second_time(mall):
    text = f"{HEADER}1,坏了,品质,,,,,,\n1,坏了,品质,,,,,,\n1,另一件,品质,,,,,,\n2,坏了,品质,,,,,,\n"

    assert problems(mall, text) == [3, 4]


def test_a_row_with_broken_bytes_is_named(mall):
    rows = "".join(f"{place},第{place}件商品坏了要求退换,品质,,,,,,\n" for place in range(1, 9))
    data = f"{HEADER}{rows}".encode()
    at = data.index("第4件".encode())

    assert problems(mall, data[:at] + b"\xff" + data[at:]) == [5]


@pytest.mark.parametrize("data", ["", HEADER, "a\n", "\x00\x01"])
def test_files_without_rows_are_refused_in_one_sentence(mall, data):
    with pytest.raises(loading.CannotImport) as refusal:
        brought(mall, data)

    assert "\n" not in str(refusal.value)
    assert Intake.objects.count() == 0


def test_one_bad_row_keeps_everything_out(mall):
    intake = brought(mall, f"{HEADER}1,坏了,品质,,,,,,\n2,,品质,,,,,,\n")

    with pytest.raises(loading.CannotImport, match="1"):
        loading.order(intake=intake, only_good=False, now=MONDAY)

    assert Complaint.objects.count() == 0
    assert Intake.objects.get().state == Intake.State.READY


def test_the_good_rows_go_in_alone_if_that_is_asked(mall):
    intake = loaded(mall, f"{HEADER}1,坏了,品质,,,,,,\n2,,品质,,,,,,\n3,过期了,过期,,,,,,\n", only_good=True)

    assert (intake.state, intake.loaded, intake.bad) == ("DONE", 2, 1)
    assert Complaint.objects.count() == 2


@pytest.mark.rule("R001-113")
def test_an_open_case_is_ruled_by_the_manual_of_today_and_says_that_it_was_imported(mall):
    loaded(
        mall,
        f"{HEADER}A-1,酸奶过期,过期食品,2025-12-01,,,梁敏,13800001111,￥36\n",
        plan={"categories": {"过期食品": "EXPIRED"}},
    )

    case = Complaint.objects.get()
    assert (case.imported, case.channel, case.item, case.source_category) == (
        True,
        "FILE",
        "EXPIRED",
        "过期食品",
    )
    assert (case.handler, case.clause) == (mall.store_manager.party, "三(五)1")
    assert (case.opened_at, case.happened_on) == (MONDAY, dt.date(2025, 12, 1))
    assert (case.value, case.customer.name) == (Decimal("36.00"), "梁敏")
    assert Duty.objects.filter(subject_id=case.pk, state="OPEN").exists()


def test_a_closed_case_is_history_without_ruling_and_duty_and_is_found(mall):
    loaded(
        mall,
        f"{HEADER}A-1,酸奶过期要求退款,过期,2025-12-01 09:00,2025-12-03 10:30,已办结,梁敏,13800001111,36\n",
    )

    case = Complaint.objects.get()
    assert (case.imported, case.is_open, case.handler, case.ruling) == (True, False, None, None)
    assert case.opened_at == dt.datetime(2025, 12, 1, 9, 0, tzinfo=CHINA)
    assert case.closed_at == dt.datetime(2025, 12, 3, 10, 30, tzinfo=CHINA)
    assert (Ruling.objects.count(), Duty.objects.count()) == (0, 0)
    assert [hit.number for hit in index.find(EVERYTHING, "要求退款")] == [case.number]
    assert case.customer.name == "梁敏"


def test_a_category_that_means_nothing_here_stays_unclassified(mall):
    loaded(mall, "内容,类别\n空调不冷,供热供冷\n", undated="closed")

    case = Complaint.objects.get()
    assert (case.item, case.source_category) == ("", "供热供冷")


def test_bringing_the_same_numbers_again_skips_what_is_there(mall):
    loaded(mall, f"{HEADER}1,坏了,品质,,,,,,\n2,缺货,缺货,,,,,,\n")

    again = loaded(mall, f"{HEADER}2,缺货,缺货,,,,,,\n3,收银错,收银作业,,,,,,\n")

    assert (again.loaded, again.skipped) == (1, 1)
    assert Complaint.objects.count() == 3


def test_nothing_new_is_said_instead_of_loaded(mall):
    text = f"{HEADER}1,坏了,品质,,,,,,\n"
    loaded(mall, text)

    with pytest.raises(loading.CannotImport):
        loaded(mall, text)

    assert Complaint.objects.count() == 1


def test_a_customer_of_several_rows_is_one_file(mall):
    loaded(mall, f"{HEADER}1,坏了,,,,已办结,梁敏,13800001111,\n2,又坏了,,,,已办结,梁敏,138-0000-1111,\n")

    assert Customer.objects.count() == 1


def test_an_import_leaves_one_row_in_the_trail_with_its_counts(mall):
    intake = loaded(mall, "内容\n坏了\n", undated="closed")

    entry = AuditEntry.objects.get(code="complaints.imported")
    assert (entry.subject_id, entry.after["loaded"], entry.by) == (intake.pk, 1, mall.manager.party)


def test_two_workers_load_a_file_once(mall):
    intake = brought(mall, "内容\n坏了\n")
    loading.order(intake=intake, only_good=False, now=MONDAY)
    Intake.objects.filter(pk=intake.pk).update(state=Intake.State.LOADING, seen_at=MONDAY)

    loading.load(intake.pk, now=MONDAY + loading.SILENT)
    before = Complaint.objects.count()
    loading.load(intake.pk, now=MONDAY + loading.SILENT + dt.timedelta(seconds=1))

    assert (before, Complaint.objects.count()) == (0, 1)


def test_a_load_that_was_cut_off_goes_on_where_it_stopped(mall, monkeypatch):
    monkeypatch.setattr(loading, "WHOLE", 0)
    monkeypatch.setattr(loading, "BATCH_OPEN", 1)
    intake = brought(mall, "内容\n第一\n第二\n第三\n")
    loading.order(intake=intake, only_good=False, now=MONDAY)
    real = actions.register

    def dying(**given):
        if given["text"] == "第三":
            raise KeyboardInterrupt
        return real(**given)

    monkeypatch.setattr(actions, "register", dying)
    with pytest.raises(KeyboardInterrupt):
        loading.load(intake.pk, now=MONDAY)
    kept = Complaint.objects.count()
    monkeypatch.setattr(actions, "register", real)

    done = loading.load(intake.pk, now=MONDAY + dt.timedelta(hours=1))

    assert (kept, Complaint.objects.count(), done.state, done.loaded) == (2, 3, "DONE", 3)


def test_a_row_refused_at_the_last_moment_takes_the_others_back(mall, monkeypatch):
    intake = brought(mall, "内容\n第一\n第二\n")
    loading.order(intake=intake, only_good=False, now=MONDAY)
    real = actions.register

    def refusing(**given):
        if given["text"] == "第二":
            raise actions.CannotOpen("不能登记")
        return real(**given)

    monkeypatch.setattr(actions, "register", refusing)

    stopped = loading.load(intake.pk, now=MONDAY)

    assert (stopped.state, stopped.loaded, Complaint.objects.count()) == ("STOPPED", 0, 0)
    assert "不能登记" in stopped.problem
    assert "3" in stopped.problem


def test_a_workbook_and_a_gb18030_file_give_the_same_complaints(mall):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(
            [["内容", "金额", "受理日期"], ["微波炉不加热", 1234.5, dt.date(2026, 3, 1)]]
        ):
            sheet.write_row(place, 0, row)
    plain = '内容,金额,受理日期\n微波炉不加热,"1,234.50",2026-03-01\n'.encode("gb18030")

    loaded(mall, out.getvalue(), name="工单.xlsx")
    loaded(mall, plain)

    assert (
        list(Complaint.objects.values_list("text", "value", "happened_on"))
        == [("微波炉不加热", Decimal("1234.50"), dt.date(2026, 3, 1))] * 2
    )


# ---- pages


@pytest.fixture
def staff(mall, client):
    client.force_login(mall.manager)
    return client


def upload(staff, mall, text, name="工单.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return staff.post(
        reverse("complaint_import:upload"), {"unit": mall.south.pk, "file": SimpleUploadedFile(name, data)}
    )


def test_a_file_goes_from_upload_to_the_register(staff, mall):
    page = upload(staff, mall, "文本,标签\n空调不冷要求维修,供冷\n酸奶过期,过期\n")
    shown = staff.get(page["Location"])
    staff.post(
        page["Location"],
        {"column_text": "文本", "column_category": "标签", "undated": "open", "remember": "热线"},
    )
    intake = Intake.objects.get()
    preview = staff.get(reverse("complaint_import:detail", args=[intake.pk]))
    assert intake.plan["categories"] == {"供冷": "", "过期": "EXPIRED"}

    done = staff.post(
        reverse("complaint_import:detail", args=[intake.pk]),
        {"do": "all", "category_0": "", "category_1": "EXPIRED"},
        follow=True,
    )

    assert (shown.status_code, preview.status_code, done.status_code) == (200, 200, 200)
    assert list(Complaint.objects.order_by("id").values_list("item", flat=True)) == ["", "EXPIRED"]
    assert Intake.objects.get().state == "DONE"
    remembered = ColumnPlan.objects.get().plan
    assert remembered["columns"] == {"text": "文本", "category": "标签"}
    assert remembered["categories"] == {"供冷": "", "过期": "EXPIRED"}


def test_bad_rows_are_listed_and_only_the_good_ones_are_offered(staff, mall):
    intake = brought(mall, "内容,金额\n坏了,36\n,36\n坏,1.234,50\n")
    url = reverse("complaint_import:detail", args=[intake.pk])

    preview = staff.get(url).content.decode()
    refused = staff.post(url, {"do": "all"}).content.decode()

    assert 'value="good"' in preview
    assert 'value="all"' not in preview
    assert "zk-alert is-late" in refused
    assert Complaint.objects.count() == 0


def test_a_remembered_reading_is_proposed_for_the_next_file(staff, mall):
    ColumnPlan.objects.create(
        by=mall.manager.party,
        kind=loading.KIND,
        name="热线",
        at=MONDAY,
        plan={"columns": {"text": "乙列"}, "undated": "closed"},
    )

    page = staff.get(upload(staff, mall, "甲列,乙列\n很长很长很长很长的内容,x\n")["Location"])

    assert '<option value="乙列" selected>' in page.content.decode()


@pytest.mark.parametrize("data", ["", "内容\n", b"%PDF-1.7", "\u4e2d".encode("utf-32")])
def test_a_file_that_is_no_table_is_refused_at_its_field(staff, mall, data):
    page = upload(staff, mall, data)

    assert page.status_code == 200
    assert "zk-error" in page.content.decode()
    assert Intake.objects.count() == 0


def test_one_column_for_two_things_is_refused(staff, mall):
    intake = brought(mall, "内容,类别\n坏了,品质\n")

    page = staff.post(
        reverse("complaint_import:columns", args=[intake.pk]),
        {"column_text": "内容", "column_title": "内容", "undated": "open"},
    )

    assert page.status_code == 200
    assert "zk-error" in page.content.decode()


def test_a_file_of_somebody_else_is_not_there(mall, client):
    intake = brought(mall, "内容\n坏了\n")
    client.force_login(mall.north_manager)

    assert client.get(reverse("complaint_import:detail", args=[intake.pk])).status_code == 404
    assert client.get(reverse("complaint_import:columns", args=[intake.pk])).status_code == 404


def test_without_the_power_the_import_is_closed(mall, client):
    client.force_login(mall.taker)

    assert client.get(reverse("complaint_import:upload")).status_code == 403


def test_a_shop_out_of_reach_cannot_be_chosen(staff, mall):
    page = staff.post(
        reverse("complaint_import:upload"),
        {"unit": mall.north.pk, "file": SimpleUploadedFile("a.csv", "内容\n坏\n".encode())},
    )

    assert page.status_code == 200
    assert Intake.objects.count() == 0


def test_a_file_given_up_is_gone(staff, mall):
    intake = brought(mall, "内容\n坏了\n")

    staff.post(reverse("complaint_import:detail", args=[intake.pk]), {"do": "drop"})

    assert staff.get(reverse("complaint_import:detail", args=[intake.pk])).status_code == 404
    assert Complaint.objects.count() == 0
