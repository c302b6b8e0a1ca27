"""Publishing as a gate, installing, versions and their days, parameters of units, the reader."""

from importlib import resources

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhike.complaints import questions
from zhike.complaints.regime import regime_at, regime_of
from zhike.complaints.tests.factories import a_complaint, at, browser, set_values, worked
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.policy.models import Installation, ManualVersion, UnitValues
from zhike.manuals import actions
from zhike.manuals.models import Revision
from zhike.people.tests.factories import MONDAY

pytestmark = pytest.mark.django_db
MALL = resources.files("zhike.manuals").joinpath("library/mall-complaints.md").read_text("utf-8")
ROLES = {"接待人", "处理人"}


def changed(*pairs, number=2, effective="2025-01-01", text=MALL):
    """The regulation of the mall with other words, as another version."""
    for old, new in [
        ("version: 1", f"version: {number}"),
        ("effective: 2025-01-01", f"effective: {effective}"),
        *pairs,
    ]:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    return text


def publish(people, text, **more):
    return actions.publish(
        **{"text": text, "by": people.administrator.party, "now": MONDAY, "roles": ROLES, **more}
    )


def refused(people, text, **more):
    """What a publication that is refused leaves: the findings; no version, no row of the trail."""
    before = ManualVersion.objects.count(), Entry.objects.count()
    with pytest.raises(actions.CannotPublish) as refusal:
        publish(people, text, **more)
    assert (ManualVersion.objects.count(), Entry.objects.count()) == before
    return refusal.value


# ---- the gate


def test_the_shipped_manual_has_no_error_and_no_gap(people):
    reading = actions.examine(MALL, roles=ROLES)

    assert (reading.errors, reading.gaps) == ([], [])


def test_a_version_that_passes_is_kept_with_its_day_and_recorded(people):
    version = publish(people, changed(effective="2026-04-01"))

    assert (version.key, version.number, version.state) == ("mall-complaints", 2, "PUBLISHED")
    assert (version.effective_on.isoformat(), version.published_at) == ("2026-04-01", MONDAY)
    row = Entry.objects.get(code="manuals.published")
    assert (row.by, row.after["number"], row.after["digest"]) == (
        people.administrator.party,
        2,
        version.digest,
    )


def test_an_error_blocks_and_is_named_with_its_line(people):
    text = changed(("| 1999.99 | 无 | 未知 | 客服经理 |", "| 1999.99 | 无 | 未知 | 店长 |"))

    refusal = refused(people, text)

    line = text.splitlines().index("| 1999.99 | 无 | 未知 | 店长 |") + 1
    assert [finding.line for finding in refusal.findings] == [line]


def test_an_unknown_word_is_named_with_the_nearest_known_one(people):
    refusal = refused(
        people, changed(("| 过期 | 变质过期食品 | 一(一) | |", "| 过期 | 变质食品 | 一(一) | |"))
    )

    assert any("变质食品" in finding.message for finding in refusal.findings)


GAP = ("| - | - | - | 客服主管 | 三(五)3 | 其余 |\n", "")


def test_a_gap_blocks_until_it_is_accepted_with_a_reason(people):
    text = changed(GAP, ("| 499.99 | 无 | 未知 | 客服主管 |\n", ""))

    refusal = refused(people, text)
    blank = refused(people, text, accept="  ")
    version = publish(people, text, accept="五百元以下由门店口头约定")

    assert len(refusal.findings) == len(blank.findings) > 0
    assert {row["reason"] for row in version.accepted} == {"五百元以下由门店口头约定"}
    assert len(version.accepted) == len(refusal.findings)


def test_the_same_text_twice_is_one_version_and_another_text_under_its_number_is_refused(people):
    first = publish(people, changed())

    assert publish(people, changed()) == first
    refused(people, changed(("得失", "总结得失")))


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("| 提出方案 | solution | Propose a solution | 处理人 |", "| 提出方案 | solution | Propose a solution | 处理官 |", "处理官"),
        ("| 全部 | 2 | 1工作日 | 店长 |", "| 全部 | 2 | 1工作日 | 大店长 |", "大店长"),
    ],
)  # fmt: skip
def test_a_word_that_names_nobody_blocks(people, old, new, word):
    refusal = refused(people, changed((old, new)))

    assert [word in finding.message for finding in refusal.findings] == [True]


def test_a_version_that_is_no_number_is_refused(people):
    refused(people, MALL.replace("version: 1", "version: draft"))


@pytest.mark.parametrize("text", ["", "# nothing", "---\nmanual: x\n", "\x00\x01", "| a |\n"])
def test_what_is_no_manual_is_refused_with_a_sentence(people, text):
    assert str(refused(people, text))


# ---- in force where and when


def test_a_manual_holds_at_the_unit_and_below_and_nowhere_else(people):
    for unit in (people.mall, people.south, people.north_service):
        assert regime_at(unit.pk, MONDAY).answer.version.key == "mall-complaints"
    for unit in (people.group, people.fruit):
        with pytest.raises(NoManual):
            regime_at(unit.pk, MONDAY)


def test_the_nearest_installation_goes_before_one_above(people):
    own = publish(people, MALL.replace("manual: mall-complaints", "manual: south-complaints"))
    actions.install(key=own.key, unit=people.south, by=people.administrator.party, now=MONDAY)

    assert regime_at(people.south_service.pk, MONDAY).answer.version == own
    assert regime_at(people.north.pk, MONDAY).answer.version.key == "mall-complaints"


def test_a_manual_is_installed_once_and_only_if_it_was_published(people):
    for _ in range(2):
        actions.install(key="mall-complaints", unit=people.group, by=people.administrator.party, now=MONDAY)
    with pytest.raises(actions.CannotInstall):
        actions.install(key="nonsense", unit=people.group, by=people.administrator.party, now=MONDAY)

    assert Installation.objects.filter(unit=people.group).count() == 1
    assert Entry.objects.filter(code="manuals.installed").count() == 1


def test_a_version_is_used_from_its_day_on_and_not_before(people):
    new = publish(people, changed(effective="2026-03-10"))

    def in_force(moment):
        return regime_at(people.south.pk, moment).answer.version.number

    assert (in_force(at(9, 23, 59)), in_force(at(10, 0))) == (1, new.number)


def test_a_case_keeps_the_version_under_which_it_began(people):
    before = a_complaint(people, value=1600)
    lower = [
        ("| 店长起点 | 2000元 |", "| 店长起点 | 1600元 |"),
        ("| 1999.99 | 无 | 未知 |", "| 1599.99 | 无 | 未知 |"),
        ("| 2000 | 无 | 未知 |", "| 1600 | 无 | 未知 |"),
    ]
    publish(people, changed(*lower, effective="2026-03-10"))

    after = a_complaint(people, value=1600, now=at(10, 10))

    assert (before.handler_code, after.handler_code) == ("SERVICE_MANAGER", "STORE_MANAGER")
    before.refresh_from_db()
    assert (before.manual.number, after.manual.number) == (1, 2)
    assert regime_of(before).manual.params["店长起点"].text == "2000元"
    worked(before, now=at(11, 10))
    assert before.ruling.version.number == 1


def test_a_repealed_version_leaves_the_one_before_in_force(people):
    new = publish(people, changed())
    assert regime_at(people.south.pk, MONDAY).answer.version == new

    ManualVersion.objects.filter(pk=new.pk).update(state="WITHDRAWN")

    assert regime_at(people.south.pk, MONDAY).answer.version.number == 1


# ---- parameters


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("1500元", True),
        ("1499.99元", False),
        ("2500", True),
        ("2500.01元", False),
        ("abc", False),
        ("-1元", False),
    ],
)
def test_a_value_stays_inside_the_range_that_the_manual_allows(people, value, taken):
    set_values(people, people.south, 店长起点="1800元")

    if taken:
        set_values(people, people.south, 店长起点=value)
    else:
        with pytest.raises(actions.CannotSetParameter, match="店长起点"):
            set_values(people, people.south, 店长起点=value)

    assert UnitValues.objects.get(installation__unit=people.south).parameters == {
        "店长起点": value if taken else "1800元"
    }


@pytest.mark.parametrize("name", ["被投诉计数月数", "没有这个"])
def test_what_the_manual_does_not_let_a_unit_move_is_refused(people, name):
    with pytest.raises(actions.CannotSetParameter):
        set_values(people, people.south, **{name: "2"})

    assert not Installation.objects.filter(unit=people.south).exists()


def test_values_are_inherited_and_the_nearer_one_wins(people):
    set_values(people, people.mall, 店长起点="1800元", 经理起点="400元")
    set_values(people, people.south, 店长起点="1600元")

    def values(unit):
        params = regime_at(unit.pk, MONDAY).manual.params
        return params["店长起点"].text, params["经理起点"].text

    assert values(people.south) == ("1600元", "400元")
    assert values(people.north) == ("1800元", "400元")


def test_an_empty_value_goes_back_to_the_manual_and_both_are_recorded(people):
    set_values(people, people.south, 店长起点="1600元")
    set_values(people, people.south, 店长起点=" ")

    assert regime_at(people.south.pk, MONDAY).manual.params["店长起点"].text == "2000元"
    assert [row.after for row in Entry.objects.filter(code="manuals.parameters_set").order_by("id")] == [
        {"parameters": {"店长起点": "1600元"}},
        {"parameters": {}},
    ]


def test_values_that_leave_a_band_without_any_amount_are_refused(people):
    with pytest.raises(actions.CannotSetParameter, match="区间是空的"):
        set_values(people, people.south, 自行赔偿上限="500元", 经理赔偿上限="500元")
    set_values(people, people.south, 自行赔偿上限="499.99元", 经理赔偿上限="500元")

    assert regime_at(people.south.pk, MONDAY).manual.params["自行赔偿上限"].text == "499.99元"


def test_the_page_of_values_begins_a_change_and_tells_what_is_out_of_range(people):
    client = browser(people.administrator)
    address = reverse("manuals:parameters", args=["mall-complaints", people.south.pk])
    form = client.get(address).context["form"]
    field = next(name for name, one in form.fields.items() if one.label == "店长起点")

    wrong = client.post(address, {field: "9999元"})
    right = client.post(address, {field: "1600元"})

    assert "店长起点" in wrong.context["form"].errors[field][0]
    assert "9999元" in wrong.content.decode()
    assert right.status_code == 302
    assert Revision.objects.get(unit=people.south).values == {"店长起点": "1600元"}
    assert not UnitValues.objects.exists()


# ---- pages


def version_of(people):
    return ManualVersion.objects.get(key="mall-complaints", number=1)


def test_the_reader_shows_the_book_with_an_anchor_for_each_clause(people):
    complaint = a_complaint(people)
    with clock.at(at(9, 12)):
        page = browser(people.manager).get(reverse("manuals:reader", args=[version_of(people).pk]))

    html = page.content.decode()
    for clause in ("总则", "三(二)", "三(五)1", "三(五)2", "三(五)3", "三(六)"):
        assert f'id="c-{clause}"' in html
    assert "货值两千元及以上" in html
    figures = {
        one.section.number: (one.live.rulings, one.live.open) for one in page.context["pages"] if one.live
    }
    assert figures["三(五)3"] == (1, 0)
    assert figures["二"] == (0, 1)
    assert complaint.clause == "三(五)3"


def test_the_figures_of_the_reader_are_those_of_the_readers_own_house(people):
    a_complaint(people)

    page = browser(people.stranger).get(reverse("manuals:reader", args=[version_of(people).pk]))

    assert {(one.live.rulings, one.live.open) for one in page.context["pages"] if one.live} <= {(0, 0)}
    assert page.context["pages"]


def test_a_reader_of_english_gets_the_gists(people):
    client, pk = browser(people.manager, "en"), publish(people, changed()).pk

    page = client.get(reverse("manuals:reader", args=[pk]))
    card = client.get(reverse("manuals:clause", args=[pk, "三(五)1"]), headers={"HX-Request": "true"})

    assert "Nobody quarrels with a customer" in page.content.decode()
    assert "scratched by a forklift" in card.content.decode()
    assert "Handling of customers&#x27; complaints in the mall" in page.content.decode()


def test_a_clause_opens_as_a_card_and_one_that_is_not_there_does_not(people):
    client, pk = browser(people.employee), version_of(people).pk

    card = client.get(reverse("manuals:clause", args=[pk, "三(五)1"]), headers={"HX-Request": "true"})
    none = client.get(reverse("manuals:clause", args=[pk, "九"]))

    assert "货值两千元及以上" in card.content.decode()
    assert "<html" not in card.content.decode()
    assert none.status_code == 404


def test_a_draft_is_not_read_by_everybody(people):
    draft = ManualVersion.objects.create(
        key="draft", title="草稿", number=1, text=MALL, digest="x", effective_on="2026-01-01"
    )

    assert browser(people.manager).get(reverse("manuals:reader", args=[draft.pk])).status_code == 404


def install(user, unit, **typed):
    return browser(user).post(reverse("manuals:install"), {"unit": unit.pk, **typed})


def test_a_manual_is_installed_from_a_file_or_from_text(people):
    pasted = install(people.administrator, people.fruit, text=changed())
    uploaded = install(
        people.administrator,
        people.fruit,
        file=SimpleUploadedFile("m.md", b"\xef\xbb\xbf" + changed(number=3).encode()),
    )

    assert (pasted.status_code, uploaded.status_code) == (302, 302)
    assert set(ManualVersion.objects.values_list("number", flat=True)) == {1, 2, 3}
    assert regime_at(people.fruit.pk, MONDAY).words(questions.HANDLERS)[0].name == "店长"


def test_the_page_lists_what_is_wrong_with_line_and_column_and_keeps_the_text(people):
    text = changed(("| 1999.99 | 无 | 未知 | 客服经理 |", "| 1999.99 | 无 | 未知 | 店长 |"))

    page = install(people.administrator, people.fruit, text=text)

    assert page.status_code == 200
    found = page.context["findings"][0]
    html = page.content.decode()
    assert f"{found.line}:{found.column}" in html
    assert "| 1999.99 | 无 | 未知 | 店长 |" in html
    assert not Installation.objects.filter(unit=people.fruit).exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [({}, "text"), ({"file": SimpleUploadedFile("m.md", "制度".encode("gb18030"))}, "file")],
    ids=["nothing", "another encoding"],
)
def test_no_file_or_one_that_cannot_be_read_is_told_at_its_field(people, typed, field):
    page = install(people.administrator, people.fruit, **typed)

    assert field in page.context["form"].errors
    assert ManualVersion.objects.count() == 1


def test_who_may_not_install_is_kept_out(people):
    assert install(people.taker, people.south, text=changed()).status_code == 403
    assert list(install(people.manager, people.fruit, text=changed()).context["form"].errors) == ["unit"]

    assert ManualVersion.objects.count() == 1
