"""One ruling: the compiled table against zen-engine, both in one run, on the same table and cases.

Budget (design.md, section 6): at least 10 times faster than zen-engine.
"""

import datetime as dt
import json
import random
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import zen

import zhike.kernel.policy
from zhike.kernel.policy.evaluate.deciding import book_of, decide
from zhike.kernel.policy.manual.reader import read

MANUAL = Path(zhike.kernel.policy.__file__).parent / "tests" / "manuals" / "mall-complaints.md"
CASES = 20_000
ROUNDS = 3
TODAY = dt.date(2025, 3, 10)
_TAGS = [
    "食物中毒",
    "变质过期食品",
    "安全",
    "建筑设施",
    "叉车擦伤",
    "下属未能解决",
    "坚持找店长",
    "退换争执",
    "服务投诉",
]


def _cases() -> list[dict[str, Any]]:
    chance = random.Random(7)
    found = []
    for _ in range(CASES):
        found.append(
            {
                "货值": Decimal(chance.randrange(0, 400_000)) / 100,
                "情形": chance.choice([(), (), (chance.choice(_TAGS),), tuple(chance.sample(_TAGS, 2))]),
                "被投诉人": chance.choice([None, None, "主管级以上", "主管级以下"]),
            }
        )
    return found


def _zen_table() -> str:
    """The rows of the manual, sorted by rank, as zen-engine writes them; `null` cases need their own guard."""
    rules = [
        ("value >= 2000", "", "", "店长"),
        (
            "",
            "some(circumstances, # in ['食物中毒','变质过期食品','安全','建筑设施','叉车擦伤'])",
            "",
            "店长",
        ),
        ("", "", "'主管级以上'", "店长"),
        ("", "some(circumstances, # in ['下属未能解决','坚持找店长'])", "", "店长"),
        ("value >= 500 and value < 2000", "", "", "客服经理"),
        ("", "some(circumstances, # in ['退换争执','服务投诉'])", "", "客服经理"),
        ("", "", "'主管级以下'", "客服经理"),
        ("", "", "", "客服主管"),
    ]
    inputs = [
        {"id": "i1", "name": "value"},
        {"id": "i2", "name": "tags"},
        {"id": "i3", "name": "accused", "field": "accused"},
    ]
    rows = [
        {"_id": f"r{n}", "i1": a, "i2": b, "i3": c, "o1": f"'{out}'", "o2": f"{n}"}
        for n, (a, b, c, out) in enumerate(rules, 1)
    ]
    outputs = [
        {"id": "o1", "name": "handler", "field": "handler"},
        {"id": "o2", "name": "row", "field": "row"},
    ]
    content = {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rows}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "t",
            "type": "decisionTableNode",
            "name": "t",
            "position": {"x": 0, "y": 0},
            "content": content,
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
    ]
    edges = [
        {"id": "e1", "sourceId": "in", "targetId": "t", "type": "edge"},
        {"id": "e2", "sourceId": "t", "targetId": "out", "type": "edge"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def _rate(work: Callable[[], Any]) -> float:
    """Rulings a second, best of some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        best = max(best, CASES / (time.perf_counter() - begin))
    return best


def run() -> list[dict[str, Any]]:
    """Rows for the report: name, value, unit, budget, ratio (against zen-engine in the same run)."""
    cases = _cases()
    manual = read(MANUAL.read_text(encoding="utf-8"), questions={})
    table = manual.decision("处理权限")
    assert table is not None
    book = book_of(manual)
    ruler = book.ruler(table, TODAY)
    getters = [case.get for case in cases]
    content = zen.ZenDecisionContent(_zen_table())
    engine = zen.ZenEngine({"loader": lambda key: content})
    plain = [
        {"value": float(c["货值"]), "circumstances": list(c["情形"]), "accused": c["被投诉人"]} for c in cases
    ]
    ours = [decide(manual, "处理权限", case, TODAY) for case in cases]
    theirs = [engine.evaluate("t", case)["result"]["handler"] for case in plain]
    assert [found.outcome["处理人"] for found in ours if found] == theirs

    zen_rate = _rate(lambda: [engine.evaluate("t", case) for case in plain])
    first = _rate(lambda: [ruler.first_of(get) for get in getters])
    every = _rate(lambda: [ruler.every_of(get) for get in getters])
    whole = _rate(lambda: [decide(manual, "处理权限", case, TODAY) for case in cases])
    return [
        _row("single ruling, row only", first, zen_rate, 10),
        _row("single ruling, every row", every, zen_rate, 10),
        _row("single ruling with clause and explanation", whole, zen_rate, None),
        _row("single ruling, zen-engine", zen_rate, zen_rate, None),
    ]


def _row(name: str, rate: float, zen_rate: float, budget: int | None) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(rate),
        "unit": "rulings/s",
        "budget": f"at least {budget} x zen-engine" if budget else "",
        "ratio": round(rate / zen_rate, 1),
    }


if __name__ == "__main__":
    for row in run():
        print(row)
