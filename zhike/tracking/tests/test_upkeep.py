"""Four fixes, rest and silence, deals, observations, service plans, roles, introductions, churn, activities."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
import zlib
from decimal import Decimal

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from zhike.customers import actions as customers
from zhike.customers.contacts import actions as contacts
from zhike.customers.models import Customer, Link, Profile
from zhike.kernel.duties import watch
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING, Scope
from zhike.people.tests.factories import MONDAY
from zhike.tracking import actions, jobs, queries, sheets
from zhike.tracking.models import Activity, Moment, Observation, Plan, RoleEvidence
from zhike.tracking.views._work import upkeep
from zhike.tracking.wording import words_of

from .factories import DAY, a_customer, a_plan


@pytest.mark.rule("R000-11")
@pytest.mark.parametrize(
    ("less", "missing"),
    [({"owner": None}, "PERSON"), ({"place": ""}, "PLACE"), ({"region": ""}, "AREA")],
)
def test_a_customer_without_all_four_fixes_is_an_exception(cast, less, missing):
    plan = a_plan(cast, **less)

    customer = Customer.objects.get(pk=plan.pk)
    assert queries.missing_of(customer) == [missing]
    assert list(queries.gaps(EVERYTHING)) == [customer]


@pytest.mark.rule("R000-11")
def test_a_customer_with_all_four_is_none_and_one_without_a_plan_lacks_three(cast):
    plan = a_plan(cast)
    bare = a_customer(cast, name="新客", phone="13900003333")

    assert queries.missing_of(Customer.objects.get(pk=plan.pk)) == []
    assert queries.missing_of(bare) == ["PERSON", "PLACE", "TIME", "AREA"]
    assert [row.pk for row in queries.gaps(EVERYTHING)] == [bare.pk]


@pytest.mark.rule("R000-11")
def test_a_planned_contact_that_is_not_made_is_overdue_and_escalates(cast):
    plan = a_plan(cast, a_customer(cast, grade="B"))
    duty = Duty.objects.get(kind="tracking.week", subject_id=plan.pk)

    watch.run(now=duty.due_at + DAY)

    duty.refresh_from_db()
    assert duty.is_late(duty.due_at + DAY)
    assert duty.level >= 1
    assert list(queries.plans(EVERYTHING).filter(next_at__lt=duty.due_at + DAY)) == [plan]
    assert list(queries.plans(EVERYTHING).filter(next_at__lt=duty.due_at)) == []


def test_another_person_takes_over_what_is_owed(cast):
    plan = a_plan(cast)

    a_plan(cast, plan.customer, owner=cast.supervisor.party)

    owners = set(Duty.objects.open().filter(subject_id=plan.pk).values_list("owner", flat=True))
    assert owners == {cast.supervisor.party.pk}


def test_who_holds_no_post_looks_after_nobody(cast):
    customer = a_customer(cast)

    with pytest.raises(actions.CannotTrack, match="holds no post"):
        a_plan(cast, customer, owner=customer.party)

    assert Plan.objects.count() == 0


def test_a_plan_at_rest_owes_nothing_and_goes_on_where_it_stood(cast):
    plan = a_plan(cast, a_customer(cast, grade="B"))
    before = plan.next_at

    actions.rest(plan=plan, reason="装修", by=cast.specialist.party, now=MONDAY)
    assert plan.next_at is None
    assert not Duty.objects.get(kind="tracking.week").is_late(MONDAY + 30 * DAY)
    actions.wake(plan=plan, by=cast.specialist.party, now=MONDAY + 10 * DAY)

    assert plan.next_at > before


def test_a_file_that_was_put_away_is_owed_nothing(cast):
    plan, kept = a_plan(cast), a_plan(cast, a_customer(cast, name="留下", phone="13900001111"))
    for one in (plan, kept):
        actions.moment(customer=one.customer, kind="DEAL", occasion="首单", key="DEAL:1", now=MONDAY)
    owed = Duty.objects.open().filter(customer=kept.pk).count()
    customers.close(customer=plan.customer, reason="停业", by=cast.supervisor.party, now=MONDAY + DAY)

    assert jobs.daily(MONDAY + DAY)["let_go"] == 2
    assert jobs.daily(MONDAY + DAY)["let_go"] == 0

    assert not Duty.objects.open().filter(customer=plan.pk).exists()
    assert Duty.objects.open().filter(customer=kept.pk).count() == owed
    assert Moment.objects.get(customer=plan.pk).state == "LEFT_OUT"


@pytest.mark.rule("R002-102")
def test_customers_without_contact_are_listed_with_the_reason(cast):
    plan = a_plan(cast)
    since = MONDAY + DAY
    assert [row.pk for row in queries.silent(EVERYTHING, since=since)] == [plan.pk]

    actions.explain(customer=plan.customer, reason="店主出国", by=cast.specialist.party, now=MONDAY)
    plan.refresh_from_db()
    assert plan.silence == "店主出国"

    contacts.record(customer=plan.customer, way="PHONE", by=cast.specialist.party, now=since)
    assert list(queries.silent(EVERYTHING, since=since)) == []
    assert len(queries.silent(EVERYTHING, since=since + DAY / 1440)) == 1


@pytest.mark.rule("R000-32")
def test_a_closed_deal_opens_a_plan_with_a_dated_activity(cast):
    customer = a_customer(cast)

    plan = actions.after_deal(customer=customer, deal="二十台主轴", by=cast.specialist.party, now=MONDAY)

    moment = Moment.objects.get()
    assert plan.origin == "二十台主轴"
    assert (moment.kind, moment.customer) == ("DEAL", customer)
    assert moment.due_at > MONDAY
    assert Duty.objects.open().filter(kind="tracking.moment", customer=customer.pk).exists()


@pytest.mark.rule("R000-32")
def test_a_first_order_opens_the_plan_by_itself(cast):
    customer = a_customer(cast)
    Profile.objects.update_or_create(customer=customer, defaults={"first_order_on": dt.date(2026, 3, 8)})

    assert actions.after_deals(now=MONDAY) == 1
    assert actions.after_deals(now=MONDAY) == 0

    assert Plan.objects.get().pk == customer.pk


@pytest.mark.rule("R002-073", "R002-075")
def test_direct_and_indirect_existing_future_and_potential_customers_are_all_in_the_lists(cast):
    kinds = {}
    for n, (dealing, facts) in enumerate(
        [
            ("DIRECT", {"total_orders": 2}),
            ("INDIRECT", {"deal_expected_on": dt.date(2026, 6, 1)}),
            ("DIRECT", {}),
        ]
    ):
        customer = a_customer(cast, name=f"客户{n}", phone=f"1380000444{n}")
        Customer.objects.filter(pk=customer.pk).update(dealing=dealing)
        Profile.objects.update_or_create(customer=customer, defaults=facts)
        kinds[n] = customer.pk

    rows = queries.gaps(EVERYTHING)
    assert rows.filter(dealing="INDIRECT").count() == 1
    assert [
        rows.filter(queries.STAGES[stage]).get().pk for stage in ("EXISTING", "FUTURE", "POTENTIAL")
    ] == list(kinds.values())
    assert len(upkeep(Customer.objects.get(pk=kinds[1]), MONDAY)) == 2


@pytest.mark.rule("R002-074", "R002-098")
def test_changes_and_difficulties_are_recorded_with_help_and_result(cast):
    customer = a_customer(cast)
    row = actions.observe(
        customer=customer,
        kind="DIFFICULTY",
        text="门口修路",
        measure="介绍平台",
        by=cast.specialist.party,
        now=MONDAY,
    )

    with pytest.raises(actions.CannotNote, match="what came of it"):
        actions.close_observation(observation=row, result="", by=cast.specialist.party, now=MONDAY)
    actions.close_observation(
        observation=row, result="客人回来一半", by=cast.specialist.party, now=MONDAY + DAY
    )

    assert (row.state, row.measure, row.result) == ("CLOSED", "介绍平台", "客人回来一半")


@pytest.mark.rule("R002-086", "ST002-54")
def test_a_sign_of_leaving_needs_a_measure_and_raises_the_risk_at_once(cast):
    plan = a_plan(cast)

    def sign(measure, sign="COMPETITOR"):
        return actions.observe(
            customer=plan.customer, kind="CHURN", sign=sign, text="见到别家报价", measure=measure,
            by=cast.specialist.party, now=MONDAY,
        )  # fmt: skip

    with pytest.raises(actions.CannotNote, match="measure"):
        sign("")
    with pytest.raises(actions.CannotNote, match="sign"):
        sign("上门", sign="WEATHER")
    first = sign("本周上门")
    plan.refresh_from_db()
    assert plan.risk == "MIDDLE"
    sign("降价")
    plan.refresh_from_db()
    assert (plan.risk, plan.risk_clause) == ("HIGH", "八")
    for row in Observation.objects.filter(state="OPEN"):
        actions.close_observation(observation=row, result="留住了", by=cast.specialist.party, now=MONDAY)
    plan.refresh_from_db()
    assert plan.risk == ""
    assert first.kind == "CHURN"


@pytest.mark.rule("R002-086", "ST002-54")
@pytest.mark.parametrize(("days", "risk"), [(89, ""), (90, "MIDDLE"), (179, "MIDDLE"), (180, "HIGH")])
def test_days_without_purchase_raise_the_risk(cast, days, risk):
    plan = a_plan(cast)
    Profile.objects.update_or_create(
        customer=plan.customer,
        defaults={"last_order_on": dt.date(2026, 3, 9) - dt.timedelta(days=days), "last_contact_at": MONDAY},
    )

    actions.look_for_churn(now=MONDAY)

    plan.refresh_from_db()
    assert plan.risk == risk


@pytest.mark.rule("R002-079", "R002-099", "R002-103")
def test_a_service_plan_holds_measures_of_the_list(cast):
    customer = a_customer(cast)
    assert len(words_of("MEASURES", cast.south.pk, MONDAY)) == 15

    with pytest.raises(actions.CannotNote, match="list of the regulation"):
        actions.serve(
            customer=customer, strategy="驻点", measures=["MAGIC"], by=cast.specialist.party, now=MONDAY
        )
    actions.serve(
        customer=customer, strategy="驻点", measures=["SERVICE", "GIFT"], by=cast.specialist.party, now=MONDAY
    )

    assert customer.service_plan.measures == ["SERVICE", "GIFT"]


@pytest.mark.rule("R000-22", "R000-23", "T000-05")
def test_evidence_of_the_four_and_four_roles(cast):
    customer = a_customer(cast)
    for role in RoleEvidence.Role.values:
        actions.show_role(
            customer=customer,
            role=role,
            text="季度评分",
            on=dt.date(2026, 3, 1),
            by=cast.specialist.party,
            now=MONDAY,
        )

    rows = queries.roles(EVERYTHING)
    assert {row.role for row in rows if row.is_ours} == {"BACKUP", "SUPPORT", "GUIDE", "DRIVER"}
    assert {row.role for row in rows if not row.is_ours} == {"EXAMINER", "JUDGE", "PROMOTER", "PUBLICIST"}
    with pytest.raises(actions.CannotNote, match="eight roles"):
        actions.show_role(
            customer=customer,
            role="KING",
            text="x",
            on=dt.date(2026, 3, 1),
            by=cast.specialist.party,
            now=MONDAY,
        )


@pytest.mark.rule("R000-35", "R001-014")
def test_an_introduction_is_recorded_once_and_its_business_counted(cast):
    old, new = a_customer(cast), a_customer(cast, name="新客", phone="13900005555")
    given = {
        "customer": new,
        "introducer": old,
        "by": cast.specialist.party,
        "now": MONDAY,
        "since": dt.date(2026, 3, 1),
    }

    actions.introduce(**given)
    actions.introduce(**given, business="二十台", amount=Decimal(800))
    actions.introduce(**given, business="三十台", amount=Decimal(1200))

    profile = Profile.objects.get(customer=old)
    assert Link.objects.filter(kind="INTRODUCED").count() == 1
    assert (profile.referrals, profile.referred_spend) == (1, Decimal(1200))
    assert queries.introducers(queries.introductions(EVERYTHING))[0]["won"] == Decimal(1200)
    with pytest.raises(actions.CannotNote, match="already"):
        actions.introduce(**given | {"introducer": a_customer(cast, name="第三", phone="13900006666")})


def test_a_secret_customer_stays_out_of_every_list(cast):
    plan = a_plan(cast, owner=cast.supervisor.party)
    Customer.objects.filter(pk=plan.pk).update(secrecy=2)
    low = Scope(party=cast.stranger.party.pk, units=None, secrecy=1)

    assert not queries.plans(low).exists()
    assert not queries.gaps(low).exists()
    assert not queries.silent(low, since=MONDAY + 99 * DAY).exists()


# --- activities ---------------------------------------------------------------------------------------------


def planned(cast, **more) -> Activity:
    given = {
        "unit": cast.south, "title": "羽毛球友谊赛", "strategy": 1, "kind": "MATCH", "on": dt.date(2026, 3, 20),
        "budget": Decimal(6000), "by": cast.specialist.party, "now": MONDAY,
    } | more  # fmt: skip
    return actions.plan_activity(**given)


@pytest.mark.rule("T000-01")
def test_the_catalogue_has_eight_places_and_names_two(cast):
    words = words_of("STRATEGIES", cast.south.pk, MONDAY)

    assert [code for code, _label in words] == list("12345678")
    assert [label for _code, label in words][:2] == ["Joint activities", "Visits, travel, meetings"]


@pytest.mark.rule("F000-15")
@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"strategy": 9}, "eight strategies"),
        ({"kind": "PICNIC"}, "kind of activity"),
        ({"budget": Decimal(-1)}, "negative"),
        ({"on": dt.date(2026, 3, 8)}, "day to come"),
    ],
)
def test_a_plan_is_refused_and_changes_nothing(cast, more, why):
    with pytest.raises(actions.CannotPlan, match=why):
        planned(cast, **more)

    assert Activity.objects.count() == 0


@pytest.mark.rule("F000-15", "P000-07")
def test_an_activity_is_approved_by_somebody_else_and_ends_with_cost_and_effect(cast):
    row = planned(cast)

    with pytest.raises(actions.CannotPlan, match="Somebody else"):
        actions.decide(activity=row, approved=True, opinion="", by=cast.specialist.party, now=MONDAY)
    with pytest.raises(actions.CannotPlan, match="Say why"):
        actions.decide(activity=row, approved=False, opinion="", by=cast.supervisor.party, now=MONDAY)
    actions.decide(activity=row, approved=True, opinion="同意", by=cast.supervisor.party, now=MONDAY)
    with pytest.raises(actions.CannotPlan, match="not taken place"):
        actions.hold(activity=row, cost=Decimal(1), effect="好", by=cast.specialist.party, now=MONDAY)
    actions.hold(
        activity=row, cost=Decimal(5280), effect="两家谈了单子", by=cast.specialist.party, now=MONDAY + 12 * DAY,
        heads=22, introductions=1, business=Decimal(800),
    )  # fmt: skip

    assert (row.state, row.cost, row.heads, row.introductions) == ("HELD", Decimal(5280), 22, 1)
    assert not Duty.objects.open().filter(subject_label="tracking.Activity").exists()


def a_picture(name: str, colour: bytes) -> SimpleUploadedFile:
    """One PNG of two by two dots."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress((b"\0" + colour * 2) * 2)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return SimpleUploadedFile(f"{name}.png", b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


@pytest.mark.rule("F000-15")
def test_photos_stand_on_the_activity_and_print_with_the_form(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = planned(cast)
    given = {"activity": row, "by": cast.specialist.party, "now": MONDAY}
    with pytest.raises(actions.CannotPlan, match="when the activity is approved"):
        actions.add_photo(**given, file=a_picture("red", b"\xff\0\0"))
    actions.decide(activity=row, approved=True, opinion="", by=cast.supervisor.party, now=MONDAY)
    with pytest.raises(actions.CannotPlan, match="no picture"):
        actions.add_photo(**given, file=SimpleUploadedFile("a.txt", b"text"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.specialist)
    for name, colour in (("red", b"\xff\0\0"), ("blue", b"\0\0\xff")):
        client.post(reverse("tracking:add_photo", args=[row.pk]), {"file": a_picture(name, colour)})

    red, blue = sheets.photos_of(row)
    shown = client.get(reverse("tracking:activity", args=[row.pk])).content.decode()
    address = reverse("tracking:photo", args=[row.pk, red.pk])
    assert address in shown
    assert client.get(address)["Content-Type"] == "image/png"
    printed = client.get(reverse("tracking:print_activity", args=[row.pk, "html"])).content.decode()
    assert address in printed
    for kind, picture in (("docx", "word/media/image2.png"), ("xlsx", "xl/media/image2.png")):
        file = client.get(reverse("tracking:print_activity", args=[row.pk, kind])).content
        assert picture in zipfile.ZipFile(io.BytesIO(file)).namelist()
    pdf = client.get(reverse("tracking:print_activity", args=[row.pk, "pdf"])).content
    pages = list(pypdfium2.PdfDocument(pdf))
    assert "blue.png" in "".join(page.get_textpage().get_text_range() for page in pages)
    assert sum(one.type == 3 for page in pages for one in page.get_objects()) >= 2  # images

    client.post(reverse("tracking:remove_photo", args=[row.pk, red.pk]), {"reason": "拍糊了"})
    assert sheets.photos_of(row) == [blue]


def test_the_four_eyes_hold_whatever_code_runs(cast):
    row = planned(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=row.pk).update(decided_by=row.by)
