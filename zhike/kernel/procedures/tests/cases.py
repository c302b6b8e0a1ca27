"""A staged case of no trade, in a temporary table, and the manual it is worked by."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection

from zhike.kernel.duties.tests.house import MONDAY, House, a_version
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import Installation
from zhike.kernel.procedures.models import StagedCase
from zhike.kernel.procedures.stages import Procedure

HEAD = "| 阶段 | 性质 | 英文 | 负责 | 时限 | 下一步 | 条款 |\n|---|---|---|---|---|---|---|\n"
STAGES = [
    "| 登记 | intake | Take | 接待人 | 立即 | 查因 | 一 |",
    "| 查因 | cause | Cause | 接待人 | 2工作小时 | 体谅 | 一 |",
    "| 体谅 | empathy | Feel | 接待人 | 立即 | 方案 | 一 |",
    "| 方案 | solution | Solve | 处理人 | 方案期限 | 重大:核准、执行 | 一 |",
    "| 核准 | approval | Approve | 店长 | - | 执行 | 一 |",
    "| 执行 | execution | Do | 处理人 | 查因后3工作日 | 总结 | 一 |",
    "| 总结 | summary | Sum up | 经理 | 受理后5工作日 | 结束 | 一 |",
]


class Matter(StagedCase):
    manual = None

    class Meta:
        app_label = "staged"
        managed = False
        db_table = "staged_matter"


def make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged_matter")
        editor = connection.schema_editor()
        editor.deferred_sql = []
        sql, _params = editor.table_sql(Matter)
        # a temporary table cannot point to lasting ones
        sql = re.sub(r'REFERENCES "\w+" \("id"\)( DEFERRABLE INITIALLY DEFERRED)?', "", sql)
        cursor.execute(sql.replace("CREATE TABLE", "CREATE TEMPORARY TABLE"))


def stages_text(*rows: str, key: str = "steps") -> str:
    head = f"---\nmanual: {key}\ntitle: 步骤\nversion: 1\neffective: 2025-01-01\n---\n\n# 步骤\n\n## 一、步骤\n\n"
    limits = (
        "@参数 期限\n\n| 名称 | 值 | 单位可改 | 条款 |\n|---|---|---|---|\n"
        "| 方案期限 | 1工作日 | [1工作日..3工作日] | 一 |\n| 复核期限 | 未定 | - | 一 |\n\n"
    )
    return head + limits + "@阶段 步骤 回答=test.steps\n\n" + HEAD + "\n".join(rows or STAGES) + "\n"


def a_procedure(house: House, *rows: str, text: str = "", **more: Any) -> Procedure:
    """The steps above, or these, as the unit has adopted them."""
    version = a_version(text or stages_text(*rows), key="steps")
    Installation.objects.create(unit=house.unit, key="steps", installed_at=MONDAY)
    answer = inforce.answer_of_version("test.steps", version, house.unit.pk, MONDAY.date())
    assert answer is not None
    return Procedure(answer=answer, prefix="matter", roles=roles, **more)


def roles(case: Matter) -> dict[str, Party | None]:
    return {"接待人": case.taker, "处理人": case.handler}


def a_matter(house: House, **columns: Any) -> Matter:
    values = {
        "number": f"M-{Matter.objects.count() + 1}",
        "unit": house.unit,
        "title": "酸奶过期",
        "opened_at": MONDAY,
        "taker": house.an,
        "handler": house.jing,
    }
    return Matter.objects.create(**{**values, **columns})
