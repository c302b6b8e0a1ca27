"""The reports on complaints, each as the register describes it (P000-05, P001-18, -19, -21, -26, -28, ST002-62)."""

from __future__ import annotations

from decimal import Decimal

from zhike.complaints import queries, questions
from zhike.complaints.models import Complaint, Grant
from zhike.kernel.tallies.figures import Ratio

from . import cuts, tables
from .reading import Kept, Part, Reading
from .tables import NAME, SUMMARY, Cell, Column, Report, Row, Section, breakdown, figure, kept_section, number

LISTED = 200  # cases that a list inside a report names; the number above it opens them all


def is_flag(name: str) -> str:
    return cuts.cut("is", name)


def _counted(reading: Reading, zh: str, en: str, flag: str) -> Row:
    now, before = int(reading.totals[flag]), int(reading.totals_before[flag])
    return figure(zh, en, number(reading, now, is_flag(flag)), now, before)


def _totals(reading: Reading) -> list[Row]:
    now, before = reading.total, int(reading.totals_before["total"])
    return [
        figure("投诉件数", "Complaints", number(reading, now), now, before),
        _counted(reading, "已结案", "Closed", "closed"),
        _counted(reading, "处理中", "Under way", "open"),
    ]


def _open(reading: Reading) -> list[Row]:
    return [
        *_totals(reading),
        _counted(reading, "重大投诉", "Major", "major"),
        _counted(reading, "未答复", "Unanswered", "unanswered"),
    ]


def trend_rows(reading: Reading) -> list[Row]:
    return [
        {"name": Cell(str(period)), "count": Cell(f"{cases:,}", cases), "paid": tables.money(paid)}
        for period, cases, paid in reading.trend()
    ]


TREND = Section(
    "trend", "十二期走势", "Trend of twelve periods",
    (Column("name", "周期", "Period", 4, numeric=False), Column("count", "件数", "Cases", 2),
     Column("paid", "赔偿(元)", "Compensation (yuan)", 3)),
    trend_rows, "trend",
)  # fmt: skip
BY_CLAUSE = kept_section("by_clause", "各条款按时情况", "On time, by clause")


def _repeated(reading: Reading) -> list[Row]:
    """Repeated complaints; a manual that gives no window has none."""
    if not reading.windows:
        return []
    days = " / ".join(str(days) for days in sorted(set(reading.windows.values())))
    cell = number(reading, reading.repeated, cuts.cut("repeated"))
    return [
        figure(
            f"重复投诉(同一客户同一项目，{days}天内)",
            f"Repeated (same customer and item within {days} days)",
            cell,
        )
    ]


def _cost(reading: Reading) -> list[Row]:
    paid, before = reading.totals["paid"] or Decimal(0), reading.totals_before["paid"] or Decimal(0)
    return [
        _counted(reading, "已批准赔偿的案件", "Cases with approved compensation", "compensated"),
        figure("赔偿金额(元)", "Compensation (yuan)", tables.money(paid)) | {"before": tables.money(before)},
    ]


# ---- P000-05


def _replies(reading: Reading) -> list[Row]:
    totals = reading.totals
    return [
        _counted(reading, "已回应", "Responded to", "responded"),
        figure("平均首次回应时间", "Mean time to the first response", tables.length(totals["response"])),
        _counted(reading, "已答复", "Answered", "answered"),
        figure("平均答复时间", "Mean time to the answer", tables.length(totals["answer"])),
        _counted(reading, "未答复", "Unanswered", "unanswered"),
    ]


THEIRS = "客户的客户"
ORIGINS = {"租户": "Tenant", THEIRS: "Customer's customer", "": "The enterprise's own customer"}


def _origins(reading: Reading) -> list[Part]:
    """Who complains; a regulation that tells no origins apart has customers of its own only."""
    return [
        Part(tables.said(name or "本企业客户", ORIGINS.get(name, name)), part.count, part.before, part.cut)
        for part in reading.by_origin()
        for name in [part.label]
    ]


def _improvements(reading: Reading) -> list[Row]:
    lines = [
        ("planned", "已拟定改进措施", "Improvement planned"),
        ("carried_out", "措施已执行", "Measures carried out"),
        ("proved", "效果已确认", "Effect confirmed"),
    ]
    return [
        figure(zh + said, en + said_en, number(reading, reading.count(cut), cut))
        # what the customer's customers complain of is told apart: it says what to improve (R000-25)
        for origin, said, said_en in (("", "", ""), (THEIRS, "：客户的客户", ": customer's customers"))
        for what, zh, en in lines
        for cut in [cuts.both(cuts.cut("improved", what), *([cuts.cut("origin", origin)] if origin else []))]
    ]


BY_CLASS = breakdown("by_class", "按类别", "By class", lambda r: r.by_word("group", questions.GROUPS))
BY_ITEM = breakdown("by_item", "按项目", "By item", lambda r: r.by_word("item", questions.ITEMS), "pareto")
BY_DEPARTMENT = breakdown("by_department", "按部门", "By department", Reading.by_department)
BY_UNIT = breakdown("by_unit", "按单位", "By unit", Reading.by_unit)
BY_GRADE = breakdown("by_grade", "按级别", "By level", lambda r: r.by_word("grade", questions.GRADES))
FIELDS = (NAME, Column("figure", "数值", "Figure", 3))

COMPLAINTS = Report(
    "P000-05", "投诉分析", "Complaints", (
        Section("totals", "总计", "Totals", SUMMARY, _open),
        BY_CLASS, BY_ITEM,
        Section("replies", "答复时间", "Time to reply", SUMMARY, _replies),
        breakdown("by_origin", "投诉来源", "Origin", _origins),
        Section("improvements", "改进措施", "Improvement actions", FIELDS, _improvements),
        BY_CLAUSE, TREND,
    ), of_regime=False,
)  # fmt: skip

# ---- P001-18, fruit market


def department_rows(reading: Reading) -> list[Row]:
    """Each department: cases, answered, unanswered, major, closed; one statement for each of the four."""
    whole = reading.by_department()
    marked = {name: _marked(reading, name) for name in ("answered", "unanswered", "major", "closed")}
    return [
        {
            "name": tables.label(part.label),
            "count": number(reading, part.count, part.cut),
            **{
                name: number(reading, found.get(part.cut, 0), cuts.both(part.cut, is_flag(name)))
                for name, found in marked.items()
            },
        }
        for part in whole
        if part.count
    ]


def _marked(reading: Reading, flag: str) -> dict[str, int]:
    """How many of each department are answered, major and so on."""
    inner = Reading(reading.asked)
    inner.rows, inner.rows_before = reading.rows.filter(cuts.FLAGS[flag]), reading.rows.none()
    return {part.cut: part.count for part in inner.by_department()}


DEPARTMENTS = (
    Column("name", "部门", "Department", 4, numeric=False),
    Column("count", "件数", "Cases", 2),
    Column("answered", "已答复", "Answered", 2),
    Column("unanswered", "未答复", "Unanswered", 2),
    Column("major", "重大", "Major", 2),
    Column("closed", "已结案", "Closed", 2),
)
CASES = (
    Column("number", "编号", "No.", 3, numeric=False),
    Column("name", "案件", "Case", 6, numeric=False),
    Column("department", "部门", "Department", 3, numeric=False),
    Column("state", "处理情况", "Handling", 6, numeric=False),
    Column("answer", "答复", "Answer", 5, numeric=False),
)


def case_rows(reading: Reading, *flags: str) -> list[Row]:
    """The cases themselves, oldest first: what it is, how far it is, what was answered. Three statements."""
    rows = reading.rows
    for flag in flags:
        rows = rows.filter(cuts.FLAGS[flag])
    found = list(rows.annotate(said=cuts.field(cuts.DEPARTMENT)).order_by("opened_at", "pk")[:LISTED])
    handled, answers = queries.last_words([case.pk for case in found])
    lines = []
    for case in found:
        known = case.manual_id in reading.manuals
        name = (
            reading.departments(case.manual_id).name(case.item, case.handler_code, case.said) if known else ""
        )
        lines.append(
            {
                "number": Cell(case.number),
                "name": Cell(case.matter),  # a summary goes to people who may not see the case
                "department": Cell(reading.department_label(case.manual_id, name)),
                "state": Cell(handled.get(case.pk, "") or _stage(reading, case)),
                "answer": Cell(answers.get(case.pk, "") or tables.NONE),
            }
        )
    return lines


def _stage(reading: Reading, case: Complaint) -> str:
    return case.stage or tables.said("已结案", "Closed")


FRUIT = Report(
    "P001-18", "果品市场投诉周报", "Fruit market weekly report", (
        Section("totals", "总计", "Totals", SUMMARY, _open),
        Section("by_department", "按部门汇总", "By department", DEPARTMENTS, department_rows),
        BY_ITEM,
        Section("unanswered", "未答复案件", "Unanswered cases", CASES, lambda r: case_rows(r, "unanswered")),
        Section("major", "重大投诉", "Major cases", CASES, lambda r: case_rows(r, "major")),
        BY_CLAUSE, TREND,
    ), usual="WEEK",
)  # fmt: skip

# ---- P001-19, cars


def _car(reading: Reading) -> list[Row]:
    grades = {part.cut: part for part in reading.by_word("grade", questions.GRADES)}
    lines = [
        figure(part.label, part.label, number(reading, part.count, part.cut), part.count, part.before)
        for part in grades.values()
        if part.count or part.before
    ]
    return [*_totals(reading), _counted(reading, "重大投诉", "Major", "major"), *lines]


def _dealers(reading: Reading) -> list[Row]:
    """Valid complaints of each dealer or station (R001-159), and all of them beside."""
    valid = queries.valid_by_dealer(
        reading.asked.scope,
        reading.asked.period.begins_at,
        reading.asked.period.ends_at,
        among=reading.rows,
    )
    total = sum(valid.values())
    return [
        {
            "name": tables.label(dealer),
            "count": number(reading, count, cuts.both(cuts.cut("more", "dealer", dealer), is_flag("valid"))),
            "share": tables.percent(Ratio(count, total).percent),
        }
        for dealer, count in valid.items()
    ]


def _grants(reading: Reading) -> list[Row]:
    return [
        {
            "name": Cell(str(Grant.Kind(kind).label)),
            "state": Cell(str(Grant.State(state).label)),
            "count": number(reading, cases, cuts.cut("grant", kind, state)),
            "asked": tables.money(asked),
            "granted": tables.money(granted) if state == Grant.State.GRANTED else Cell(tables.NONE),
        }
        for kind, state, cases, asked, granted in reading.grants()
    ]


CAR = Report(
    "P001-19", "汽车投诉统计", "Car complaints", (
        Section("totals", "总计和级别", "Totals and grades", SUMMARY, _car),
        breakdown("by_condition", "按情形", "By condition", Reading.by_circumstance),
        Section("dealers", "各经销商和服务站的有效投诉", "Valid complaints by dealer or station",
                (Column("name", "经销商或服务站", "Dealer or station", 5, numeric=False), tables.COUNT, tables.SHARE),
                _dealers),
        breakdown("causes", "责任原因", "Causes", lambda r: r.by_field("fault_cause"), "pareto"),
        Section("grants", "特案保修和特别理赔", "Special-case warranty and goodwill",
                (Column("name", "申请", "Application", 4, numeric=False), Column("state", "状态", "State", 2, numeric=False),
                 tables.COUNT, Column("asked", "申请金额(元)", "Asked (yuan)", 3),
                 Column("granted", "批准金额(元)", "Granted (yuan)", 3)), _grants),
        BY_CLAUSE, TREND,
    ),
)  # fmt: skip

# ---- P001-21, factory

ISSUE = "complaint.issue"


def _is_clock(kept: Kept) -> bool:
    """The clocks of the procedure: the issue of the sheet, and the limits that begin with the sign-off (5.3.1)."""
    return kept.kind == ISSUE or kept.kind in {"complaint.containment", "complaint.reply"}


def _back(reading: Reading) -> list[Row]:
    cases, rounds = reading.sent_back()
    return [
        figure(
            "评审或核准中退回的案件",
            "Cases sent back in review or approval",
            number(reading, cases, cuts.cut("sent-back")),
        ),
        figure("退回次数", "Times sent back", tables.plain(rounds)),
    ]


FACTORY = Report(
    "P001-21", "制造企业投诉统计", "Manufacturing complaints", (
        Section("totals", "总计", "Totals", SUMMARY, _open),
        kept_section("clocks", "发单和答复时限", "Issue of the sheet and reply", _is_clock),
        Section("sent_back", "评审退回", "Returns in review", FIELDS, _back),
        breakdown("causes", "原因类别", "Causes", lambda r: r.by_field("cause_class"), "pareto"),
        BY_ITEM, BY_CLAUSE, TREND,
    ),
)  # fmt: skip

# ---- P001-26, enterprise


def _overdue(reading: Reading) -> list[Row]:
    cut = cuts.cut("overdue")
    return [
        figure("有环节逾期的案件", "Cases with something overdue", number(reading, reading.count(cut), cut)),
        *_back(reading),
    ]


def _overdue_by_department(reading: Reading) -> list[Row]:
    inner = Reading(reading.asked)
    late = cuts.apply(reading.rows, cuts.cut("overdue"), reading.asked.now)
    assert late is not None
    inner.rows, inner.rows_before = late, reading.rows.none()
    whole = {part.cut: part.count for part in reading.by_department()}
    return [
        {
            "name": tables.label(part.label),
            "count": number(reading, part.count, cuts.both(part.cut, cuts.cut("overdue"))),
            "share": tables.percent(Ratio(part.count, whole[part.cut]).percent),
        }
        for part in inner.by_department()
    ]


ENTERPRISE = Report(
    "P001-26", "企业投诉统计", "Enterprise complaints", (
        Section("totals", "总计", "Totals", SUMMARY, _open),
        BY_CLASS, BY_ITEM, BY_DEPARTMENT,
        Section("overdue", "逾期和退回", "Overdue and sent back", FIELDS, _overdue),
        Section("overdue_by_department", "各部门逾期", "Overdue, by department",
                (Column("name", "部门", "Department", 5, numeric=False), Column("count", "逾期件数", "Late", 2),
                 Column("share", "占本部门", "Of its cases", 2)), _overdue_by_department),
        breakdown("approval_level", "核决层级", "Approval level", Reading.by_approvers),
        BY_CLAUSE, TREND,
    ),
)  # fmt: skip

# ---- P001-28, pharma


def _validity(reading: Reading) -> list[Row]:
    return [
        _counted(reading, "有效", "Valid", "valid"),
        _counted(reading, "无效", "Invalid", "invalid"),
        _counted(reading, "尚未判断", "Not judged yet", "unjudged"),
    ]


PHARMA = Report(
    "P001-28", "医药投诉统计", "Pharma complaints", (
        Section("totals", "总计", "Totals", SUMMARY, _open),
        breakdown("by_object", "按对象", "By object", lambda r: r.by_word("group", questions.GROUPS)),
        BY_ITEM,
        Section("validity", "是否有效", "Validity", SUMMARY, _validity),
        breakdown("by_route", "到达途径", "Route", lambda r: r.by_field("route")),
        kept_section("opinions", "处理意见按时率", "Opinions on time", lambda kept: kept.kind == "complaint.opinion"),
        breakdown("by_batch", "按批号", "By batch", lambda r: r.by_field("batch")),
        BY_CLAUSE, TREND,
    ),
)  # fmt: skip

# ---- ST002-62, FM002-22: the analysis


def _quality(reading: Reading) -> list[Row]:
    """Justified, timely, how long, what it cost, how many came again."""
    totals, before = reading.totals, reading.totals_before
    valid, judged = int(totals["valid"]), int(totals["judged"])
    return [
        _counted(reading, "有效投诉", "Justified complaints", "valid"),
        figure("有效率(占已判断)", "Justified share (of those judged)", tables.ratio(Ratio(valid, judged)))
        | {"before": tables.ratio(Ratio(int(before["valid"]), int(before["judged"])))},
        figure(
            "平均处理时间(自受理至结案，自然时间)",
            "Mean handling time (receipt to closing, elapsed)",
            tables.length(totals["handling"]),
        )
        | {"before": tables.length(before["handling"])},
        figure(
            "按时办理的案件",
            "Cases kept in time",
            number(reading, reading.punctual.part, cuts.cut("punctual")),
        ),
        figure("及时率", "Timely rate", tables.ratio(reading.punctual)),
        *_cost(reading),
        *_repeated(reading),
        *_satisfaction(reading),
    ]


def _satisfaction(reading: Reading) -> list[Row]:
    """What customers said afterwards; the latest answer of each case counts."""
    mean = reading.satisfaction
    return [
        figure(
            "回访后已评价",
            "Rated afterwards",
            number(reading, reading.count("answered"), cuts.cut("answered")),
        ),
        figure(
            "平均满意度(1至5)",
            "Mean satisfaction (1 to 5)",
            tables.Cell(f"{mean:.1f}" if mean is not None else tables.NONE),
        ),
        figure(
            "不满意",
            "Not satisfied",
            number(reading, reading.count("dissatisfied"), cuts.cut("dissatisfied")),
        ),
    ]


PRODUCT = ("product", "product_class", "goods", "model", "material_no")
CAUSE = ("fault_cause", "cause_class")
BY_PRODUCT = breakdown("by_product", "按产品", "By product", lambda r: r.by_field(*PRODUCT))
BY_CAUSE = breakdown("by_cause", "按原因", "By cause", lambda r: r.by_field(*CAUSE), "pareto")
ANALYSIS = Report(
    "ST002-62", "客户投诉分析", "Complaint analysis", (
        Section("totals", "总计", "Totals", SUMMARY, _open),
        Section("quality", "处理质量", "How they were handled", SUMMARY, _quality),
        BY_CLASS, BY_ITEM, BY_PRODUCT, BY_UNIT, BY_CAUSE, BY_DEPARTMENT, BY_GRADE,
        BY_CLAUSE, TREND,
    ), of_regime=False,
)  # fmt: skip

REPORTS: dict[str, Report] = {
    report.code: report for report in (COMPLAINTS, FRUIT, CAR, FACTORY, ENTERPRISE, PHARMA, ANALYSIS)
}


def filled(report: Report, reading: Reading) -> list[tables.Filled]:
    """Every table of a report; those of breakdowns that the regulation does not know are left out."""
    found = [tables.Filled(section, section.make(reading)) for section in report.sections]
    return [one for one in found if one.rows]
