"""Cases in a temporary table, for tests of decision tables in SQL."""

from __future__ import annotations

from typing import Any

from django.db import connection, models

from zhike.kernel.policy import tags
from zhike.kernel.policy.questions import Bool, Date, Enum, Fact, Int, Money, Question, Tags, Until

KEY = "t"


class Sample(models.Model):
    money = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    whole = models.IntegerField(null=True)
    word = models.CharField(max_length=20, null=True)
    truth = models.BooleanField(null=True)
    until = models.DateField(null=True)
    day = models.DateField(null=True)
    at = models.DateTimeField(null=True)
    bits = models.BigIntegerField(null=True)
    long = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    ratio = models.FloatField(null=True)
    unit_id = models.IntegerField(default=1)

    class Meta:
        app_label = "sqltests"
        managed = False
        db_table = "sqltests_sample"


def make_table() -> None:
    """Gone at the end of the connection, or of the transaction that made it."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS sqltests_sample")
        sql, _params = connection.schema_editor().table_sql(Sample)
        cursor.execute(sql.replace("CREATE TABLE", "CREATE TEMPORARY TABLE"))


def asked(**columns: Any) -> Question:
    """A question with the facts of `random_tables`, whose columns may be exchanged by label."""
    facts = [
        ("钱", Money, "money"),
        ("数", Int, "whole"),
        ("词", Enum("词表"), "word"),
        ("真", Bool, "truth"),
        ("到", Until, "until"),
        ("日", Date, "day"),
        ("集", Tags("集表"), "bits"),
    ]
    return Question(
        "t",
        facts=[
            Fact(f"f{at}", kind, zh=label, optional=True, column=columns.get(label, models.F(column)))
            for at, (label, kind, column) in enumerate(facts)
        ],
    )


def give_places() -> dict[str, int]:
    """Places that are not those of the list: older words had them first."""
    tags.give_places(KEY, "集表", ["旧", "蓝", "旧二"])
    return tags.give_places(KEY, "集表", ["红", "黄", "蓝", "绿"])


def stored(case: dict[str, Any], places: dict[str, int], **more: Any) -> Sample:
    """A case of labels as a row."""
    return Sample(
        money=case.get("钱"),
        whole=case.get("数"),
        word=case.get("词"),
        truth=case.get("真"),
        until=case.get("到"),
        day=case.get("日"),
        bits=sum(1 << places[code] for code in case.get("集", ())),
        **more,
    )
