import datetime as dt

import pytest
from django.apps import apps
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from zhike.kernel.audit import immutable, trail
from zhike.kernel.audit.models import Entry, Seal
from zhike.kernel.parties.models import Party

MONDAY = dt.datetime(2026, 11, 16, 9, 30, tzinfo=dt.UTC)


def of_audit() -> list[str]:
    return [text for text in immutable.verify() if "audit_" in text]


@pytest.mark.django_db
def test_after_migration_nothing_is_missing():
    assert immutable.verify() == []


@pytest.mark.django_db
def test_lifted_triggers_are_named_and_come_back(lift_triggers):
    lost = of_audit()

    made = immutable.install(app_label="audit.")

    assert [text.split(":")[0] for text in lost] == [
        "Rows of audit_entry can be changed",
        "Rows of audit_seal can be changed",
    ]
    assert (made, of_audit()) == (6, [])


@pytest.mark.django_db
def test_the_system_check_warns_of_a_lost_trigger(lift_triggers):
    found = [each.id for each in run_checks(tags=[Tags.database], databases=["default"])]

    assert found.count("audit.W001") >= 2


@pytest.mark.django_db
def test_installing_twice_changes_nothing():
    assert immutable.install() == 0


@pytest.mark.django_db
def test_a_trigger_with_another_text_is_replaced(lift_triggers):
    immutable.install()
    name = next(each for each in immutable._standing(connection)["audit_entry"] if "_update_" in each)
    with connection.cursor() as cursor:
        connection.check_constraints()
        immutable._drop(connection, "audit_entry", {name})
        old = immutable._expected(connection)["audit.Entry"][0].sql.replace(name, name[:-8] + "00000000")
        cursor.execute(old)

    assert len(of_audit()) == 1
    assert immutable.install() == 1
    assert of_audit() == []
    assert len(immutable._standing(connection)["audit_entry"]) == 3


@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.django_db
def test_a_trigger_that_was_switched_off_counts_as_missing():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")

    assert len(of_audit()) == 1


@pytest.mark.django_db(transaction=True)
def test_migrating_makes_triggers_again_and_flushing_works():
    person = Party.objects.create(kind=Party.Kind.STAFF, name="王敏")
    trail.record("people.renamed", subject=person, by=person, at=MONDAY)
    immutable.lift()

    call_command("migrate", verbosity=0)

    assert immutable.verify() == []
    with pytest.raises(IntegrityError):
        Entry.objects.update(code="x")


@pytest.fixture
def paper():
    """A model of the test alone: a paper whose text is fixed once it is published."""

    class Paper(models.Model):
        text = models.TextField()
        note = models.TextField(default="")
        state = models.CharField(max_length=10)

        class Meta:
            app_label = "audit"
            db_table = "audit_test_paper"

    with (
        connection.schema_editor(atomic=True)
        if connection.vendor == "postgresql"
        else connection.schema_editor() as editor
    ):
        editor.create_model(Paper)
    immutable.protect(Paper, only_columns=("text",), free_while={"state": "DRAFT"})
    immutable.install()
    yield Paper
    immutable.lift()
    immutable._protected.pop(Paper._meta.label)
    with connection.schema_editor() as editor:
        editor.delete_model(Paper)
    immutable.install()
    del apps.all_models["audit"]["paper"]
    apps.clear_cache()


@pytest.mark.django_db(transaction=True)
def test_a_draft_is_free_and_a_published_paper_keeps_its_text(paper):
    draft = paper.objects.create(text="甲", state="DRAFT")
    paper.objects.filter(pk=draft.pk).update(text="乙", state="PUBLISHED")

    paper.objects.filter(pk=draft.pk).update(note="旁注")
    paper.objects.filter(pk=draft.pk).update(text="乙")  # the same text again is no change
    for change in ({"text": "丙"}, {"state": "DRAFT"}):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            paper.objects.filter(pk=draft.pk).update(**change)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        paper.objects.filter(pk=draft.pk).delete()

    paper.objects.filter(pk=draft.pk).update(state="WITHDRAWN")

    assert list(paper.objects.values_list("text", "note", "state")) == [("乙", "旁注", "WITHDRAWN")]


@pytest.mark.django_db(transaction=True)
def test_a_draft_can_be_deleted(paper):
    paper.objects.create(text="甲", state="DRAFT")

    paper.objects.all().delete()

    assert paper.objects.count() == 0


@pytest.mark.django_db
def test_seals_cannot_be_changed():
    Seal.objects.create(position=1, entry_id=1, digest="0" * 64, key_id="0" * 8, sealed_at=MONDAY)

    with pytest.raises(IntegrityError, match="audit_seal is append-only"), transaction.atomic():
        Seal.objects.update(digest="1" * 64)

    assert Seal.objects.get().digest == "0" * 64
