"""Archives: numbers, contents within the limit, lending, the yearly check, destruction with two signatures."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from zhike.customers.archives import actions, queries
from zhike.customers.models import Archive, Destruction, Loan
from zhike.customers.privacy import actions as privacy
from zhike.kernel.duties import watch
from zhike.kernel.duties.models import Duty, Escalation
from zhike.kernel.parties.scope import Scope
from zhike.people.access import scope_of
from zhike.people.tests.factories import MONDAY

from .care import regulations, survey_supervisor
from .factories import a_customer

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(name="people")
def _people(cast):
    regulations(cast, "customer-archives")
    cast.users["keeper"] = survey_supervisor(cast)
    return cast


@pytest.fixture(name="customer")
def _customer(people):
    return a_customer(people.south_service, people.manager, "恒信贸易")


def a_file(people, customer, kind="BASIC", **more):
    given = {"title": "基本资料卷", "place": "档案室3柜2层", "by": people.keeper.party, "now": MONDAY} | more
    return actions.open_archive(customer=customer, kind=kind, **given)


def an_old_file(people, customer, **more):
    """One whose time of keeping ended yesterday."""
    archive = actions.close_archive(
        archive=a_file(people, customer, **more), by=people.keeper.party, now=MONDAY
    )
    Archive.objects.filter(pk=archive.pk).update(keep_until=dt.date(2026, 3, 8))
    archive.refresh_from_db()
    return archive


@pytest.mark.rule("S002-46", "R002-P07")
def test_a_file_has_a_number_of_the_series_a_place_and_a_time_of_keeping_by_its_class(people, customer):
    files = [
        a_file(people, customer),
        a_file(people, customer, "CREDIT"),
        a_file(people, customer, "CONTRACT"),
    ]

    assert [one.number for one in files] == ["DA-2026-00001", "DA-2026-00002", "DA-2026-00003"]
    assert [(one.keep, one.clause) for one in files] == [
        ("3年内", "二(二)"),
        ("5年内", "二(二)"),
        ("10年内", "二(二)"),
    ]
    closed = actions.close_archive(archive=files[0], by=people.keeper.party, now=MONDAY)
    assert (closed.closed_on, closed.keep_until) == (dt.date(2026, 3, 9), dt.date(2029, 3, 9))


@pytest.mark.rule("R002-P07")
def test_a_document_is_filed_within_five_working_days_of_its_making(people, customer):
    archive = a_file(people, customer)
    item = actions.announce_item(
        archive=archive,
        title="营业执照复印件",
        arose_on=dt.date(2026, 3, 6),
        by=people.taker.party,
        now=MONDAY,
    )

    duty = Duty.objects.open().get(kind="archive.file")
    assert (duty.owner, duty.clause) == (people.keeper.party, "二(二)")
    assert duty.due_at.astimezone(MONDAY.tzinfo).date() == dt.date(2026, 3, 13)
    with pytest.raises(actions.CannotArchive, match="wait to be filed"):
        actions.close_archive(archive=archive, by=people.keeper.party, now=MONDAY)
    actions.file_item(item=item, by=people.keeper.party, now=MONDAY)
    assert not Duty.objects.open().filter(kind="archive.file").exists()
    assert (item.place, item.filed_by) == (1, people.keeper.party)


@pytest.mark.rule("R002-P07")
def test_lending_needs_another_persons_approval_and_a_day_of_return(people, customer):
    archive = a_file(people, customer)
    loan = actions.ask_loan(archive=archive, purpose="对账", by=people.manager.party, now=MONDAY)
    with pytest.raises(actions.CannotArchive, match="own loan"):
        actions.decide_loan(loan=loan, approve=True, by=people.manager.party, now=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(decided_by=people.manager.party)

    loan = actions.decide_loan(loan=loan, approve=True, by=people.store_manager.party, now=MONDAY)

    duty = Duty.objects.open().get(kind="archive.return")
    assert (duty.owner, duty.due_at) == (people.manager.party, loan.due_at)
    second = actions.ask_loan(archive=archive, purpose="复核", by=people.taker.party, now=MONDAY)
    with pytest.raises(actions.CannotArchive, match="lent to somebody else"):
        actions.decide_loan(loan=second, approve=True, by=people.store_manager.party, now=MONDAY)
    actions.take_back(loan=loan, by=people.keeper.party, now=MONDAY + DAY, condition="完好")
    assert not Duty.objects.open().filter(kind="archive.return").exists()


@pytest.mark.rule("R002-P07", "R002-P08")
def test_a_highly_confidential_file_is_lent_for_two_days_by_the_director(people, customer):
    plain = actions.ask_loan(
        archive=a_file(people, customer), purpose="核对", by=people.taker.party, now=MONDAY
    )
    secret = a_file(people, customer, secrecy=2)
    other = actions.ask_loan(archive=secret, purpose="核对", by=people.taker.party, now=MONDAY)

    assert (plain.approver_post, plain.days) == ("客户服务部经理", "10个工作日内")
    assert (other.approver_post, other.days) == ("客户服务总监", "2个工作日内")


def test_who_borrowed_a_file_opens_it_until_it_is_back(people, customer):
    secret = a_file(people, customer, secrecy=2)
    seen = Scope(party=people.taker.party.pk, units=frozenset({people.south.pk}), secrecy=0)
    loan = actions.ask_loan(archive=secret, purpose="核对", by=people.taker.party, now=MONDAY)
    assert secret not in queries.archives(seen)

    loan = actions.decide_loan(loan=loan, approve=True, by=people.store_manager.party, now=MONDAY)
    assert secret in queries.archives(seen)
    actions.take_back(loan=loan, by=people.keeper.party, now=MONDAY + DAY, condition="完好")
    assert secret not in queries.archives(seen)


@pytest.mark.rule("R002-P07")
def test_what_is_not_given_back_goes_up_the_line(people, customer):
    loan = actions.ask_loan(
        archive=a_file(people, customer), purpose="核对", by=people.taker.party, now=MONDAY
    )
    loan = actions.decide_loan(loan=loan, approve=True, by=people.manager.party, now=MONDAY)

    watch.run(now=loan.due_at + 10 * DAY)

    duty = Duty.objects.get(kind="archive.return")
    told = [(one.level, one.target.name) for one in Escalation.objects.filter(duty=duty)]
    assert [level for level, _name in told] == [0, 1, 2]
    assert told[0][1] == "陆小满"
    assert told[2][1] == "周启明"


@pytest.mark.rule("R002-P07")
def test_the_yearly_check_looks_for_every_file_and_owes_the_next_one(people, customer):
    there, gone = a_file(people, customer), a_file(people, customer)
    check = actions.begin_check(unit=people.south_service, by=people.keeper.party, now=MONDAY)
    lines = {line.archive_id: line.pk for line in check.lines.all()}
    actions.note_check(
        check=check, results={lines[there.pk]: ("THERE", "")}, by=people.keeper.party, now=MONDAY
    )
    with pytest.raises(actions.CannotArchive, match="not looked for"):
        actions.end_check(check=check, by=people.keeper.party, now=MONDAY)

    actions.note_check(
        check=check, results={lines[gone.pk]: ("MISSING", "已追查")}, by=people.keeper.party, now=MONDAY
    )
    actions.end_check(check=check, by=people.keeper.party, now=MONDAY)

    assert [Archive.objects.get(pk=one.pk).state for one in (there, gone)] == ["OPEN", "MISSING"]
    duty = Duty.objects.open().get(kind="archive.check")
    assert duty.due_at.astimezone(MONDAY.tzinfo).date() == dt.date(2027, 3, 9)
    gone.refresh_from_db()
    with pytest.raises(actions.CannotArchive, match="not there to be lent"):
        actions.ask_loan(archive=gone, purpose="核对", by=people.taker.party, now=MONDAY)


@pytest.mark.rule("R002-P07")
def test_destruction_takes_two_persons_besides_who_proposed_it(people, customer):
    archive = an_old_file(people, customer)
    row = actions.propose_destruction(
        archives=[archive], reason="期满", way="粉碎", by=people.keeper.party, now=MONDAY
    )

    with pytest.raises(actions.CannotArchive, match="proposed the list"):
        actions.sign_destruction(row=row, by=people.keeper.party, now=MONDAY)
    actions.sign_destruction(row=row, by=people.manager.party, now=MONDAY)
    with pytest.raises(actions.CannotArchive, match="another person's"):
        actions.sign_destruction(row=row, by=people.manager.party, now=MONDAY)
    archive.refresh_from_db()
    assert archive.state == "CLOSED"
    for wrong in ({"second_by": people.manager.party}, {"first_by": people.keeper.party}, {"state": "DONE"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Destruction.objects.filter(pk=row.pk).update(**wrong)

    actions.sign_destruction(row=row, by=people.store_manager.party, now=MONDAY)

    archive.refresh_from_db()
    assert (archive.state, archive.destroyed_at) == ("DESTROYED", MONDAY)
    assert (row.first_by.name, row.second_by.name, row.state) == ("周启明", "何景行", "DONE")


@pytest.mark.rule("R002-P07")
def test_nothing_is_destroyed_before_its_time_while_lent_or_while_a_request_is_open(people, customer):
    early = actions.close_archive(archive=a_file(people, customer), by=people.keeper.party, now=MONDAY)
    Archive.objects.filter(pk=early.pk).update(keep_until=dt.date(2026, 3, 9))
    early.refresh_from_db()
    propose = {"reason": "期满", "way": "粉碎", "by": people.keeper.party, "now": MONDAY}
    with pytest.raises(actions.CannotArchive, match="is not over"):
        actions.propose_destruction(archives=[early], **propose)

    old = an_old_file(people, customer)
    loan = actions.ask_loan(archive=old, purpose="核对", by=people.taker.party, now=MONDAY)
    loan = actions.decide_loan(loan=loan, approve=True, by=people.manager.party, now=MONDAY)
    with pytest.raises(actions.CannotArchive, match="is lent"):
        actions.propose_destruction(archives=[old], **propose)
    actions.take_back(loan=loan, by=people.keeper.party, now=MONDAY)
    request = privacy.receive(
        customer=customer, kind="COPY", identity="身份证", by=people.manager.party, now=MONDAY
    )
    with pytest.raises(actions.CannotArchive, match="is open"):
        actions.propose_destruction(archives=[old], **propose)
    privacy.answer(row=request, text="已交付", by=people.manager.party, now=MONDAY)

    assert actions.propose_destruction(archives=[old], **propose).state == "PROPOSED"


@pytest.mark.rule("R002-P07", "R002-143")
def test_files_follow_the_secrecy_of_their_customer_in_lists(people, customer):
    archive = a_file(people, customer)
    seen = scope_of(people.taker, "customer.see")
    assert list(queries.archives(seen)) == [archive]
    customer.secrecy = 1
    with pytest.raises(actions.CannotArchive, match="less secret"):
        a_file(people, customer, secrecy=0)

    customer.refresh_from_db()
    privacy.set_secrecy(
        customer=customer, level=2, reason="重大项目", by=people.keeper.party, now=MONDAY, cleared=2
    )

    assert list(queries.archives(seen)) == []
    assert list(queries.archives(Scope(None, seen.units, 2))) == [archive]
