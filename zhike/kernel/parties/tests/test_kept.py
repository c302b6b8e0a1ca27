"""What is kept between requests goes as soon as the database says that it changed, whoever changed it."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from zhike.kernel.parties import stamping, tree
from zhike.kernel.parties.held import holding
from zhike.kernel.parties.kept import _present, kept
from zhike.kernel.parties.models import Party, Stamp, Unit

pytestmark = pytest.mark.django_db


def number():
    return _present()


def names():
    with holding():
        return [row.name for row in tree.rows()]


def test_what_is_kept_is_not_read_again_while_nothing_changes():
    tree.plant(name="南店", code="south")
    names()

    with holding(), CaptureQueriesContext(connection) as asked:
        found = [tree.rows(), tree.tree(), tree.rows()]

    assert [row.name for row in found[0]] == ["南店"]
    assert len(asked) == 1  # the stamp


def test_a_change_that_no_code_makes_known_is_seen_by_the_next_block():
    unit = tree.plant(name="南店", code="south")
    before = names()

    Unit.objects.filter(pk=unit.pk).update(name="北店")

    assert (before, names()) == (["南店"], ["北店"])


def test_what_was_seen_in_a_transaction_rolled_back_is_seen_no_more():
    unit = tree.plant(name="南店", code="south")
    names()

    with transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(name="北店")
        inside = names()
        transaction.set_rollback(True)
    outside = names()
    Unit.objects.filter(pk=unit.pk).update(name="东店")

    assert (inside, outside, names()) == (["北店"], ["南店"], ["东店"])


def test_the_stamp_is_drawn_for_the_names_of_staff_and_not_for_those_of_customers():
    staff = Party.objects.create(kind=Party.Kind.STAFF, name="安")
    customer = Party.objects.create(kind=Party.Kind.PERSON, name="许可")
    first = number()

    Party.objects.filter(pk=customer.pk).update(name="许可可")
    second = number()
    Party.objects.filter(pk=staff.pk).update(name="安安")

    assert first == second != number()


def test_nothing_is_kept_where_no_stamp_says_that_it_changes():
    Stamp.objects.all().delete()
    answers = iter([1, 2])

    found = [kept("test", lambda: next(answers)) for _ in range(2)]

    assert found == [1, 2]


def test_a_trigger_that_is_missing_is_told_and_made_again():
    whole = stamping.verify()
    with connection.cursor() as cursor:
        name = next(iter(stamping.Watched(Unit).triggers(connection.vendor)))
        on = " ON parties_unit" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {name}{on}")
    missing, before = stamping.verify(), number()

    stamping.install(app_label="parties")

    assert (whole, len(missing), stamping.verify()) == ([], 1, [])  # one sentence
    assert number() != before


def test_many_changes_are_one_row_again_and_what_was_kept_is_read_anew():
    unit = tree.plant(name="南店", code="south")
    for name in ("北店", "东店"):
        Unit.objects.filter(pk=unit.pk).update(name=name)
    before, kept_names = number(), names()

    stamping.renew()

    assert (Stamp.objects.count(), names()) == (1, kept_names)
    assert number() != before
