"""Random decision tables over every kind of fact, and random cases for them."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from zhike.kernel.policy.manual.model import add_months

from .texts import words

TODAY = dt.date(2025, 1, 31)
FACTS = "facts:\n  钱: money?\n  数: int?\n  词: enum(词表)?\n  真: bool?\n  到: until?\n  日: date?\n  集: tags(集表)"
LISTS = (
    words("词表", "甲", "乙", "丙") + words("集表", "红", "黄", "蓝", "绿") + words("谁", "高", "中", "低")
)

_figures = st.sampled_from(["0", "499.99", "500元", "0.2万", "2000", "1999.99"])
_whole = st.sampled_from(["0", "1", "2", "3次"])
_dates = st.sampled_from(["2025-01-31", "2025-02-28", "2024-02-29"])
_periods = st.sampled_from(["0天", "1周", "1个月", "3个月", "半年", "1年"])
_word = st.sampled_from(["甲", "乙", "丙"])
_tag = st.sampled_from(["红", "黄", "蓝", "绿"])
_op = st.sampled_from([">=", "<=", ">", "<", "=", "!=", ""])

ORDER = {
    "money": ["0", "499.99", "500元", "1999.99", "0.2万", "2000"],
    "int": ["0", "1", "2", "3次"],
    "date": ["2024-02-29", "2025-01-31", "2025-02-28"],
    "until": ["0天", "1周", "1个月", "3个月", "半年", "1年"],
}


def _ordered(values, order):
    @st.composite
    def item(draw):
        if draw(st.booleans()):
            return draw(_op) + draw(values)
        low, high = sorted([draw(values), draw(values)], key=order.index)
        brackets = (
            ("[", "]")
            if low == high or {low, high} == {"0.2万", "2000"}
            else (draw(st.sampled_from("[(")), draw(st.sampled_from("])")))
        )
        return f"{brackets[0]}{low}..{high}{brackets[1]}"

    return item()


def _scalar(item):
    listed = st.lists(st.one_of(item, st.just("未知")), min_size=1, max_size=3).map("、".join)
    return st.one_of(st.just("-"), listed, listed.map(lambda text: f"not({text})"))


def _words():
    one = st.tuples(st.sampled_from(["", "=", "!="]), _word).map("".join)
    return _scalar(one)


def _sets():
    some = st.lists(_tag, min_size=1, max_size=3, unique=True).map("、".join)
    return st.one_of(
        st.sampled_from(["-", "有", "无"]),
        some,
        some.map(lambda text: f"not({text})"),
        some.map(lambda text: f"全有({text})"),
    )


CELLS = st.tuples(
    _scalar(_ordered(_figures, ORDER["money"])),
    _scalar(_ordered(_whole, ORDER["int"])),
    _words(),
    st.sampled_from(["-", "是", "否", "未知", "not(是)", "是、未知"]),
    _scalar(_ordered(_periods, ORDER["until"])),
    _scalar(_ordered(_dates, ORDER["date"])),
    _sets(),
    st.sampled_from(["高", "中", "低"]),
)
_near = [TODAY + dt.timedelta(days=n) for n in (-1, 0, 1, 6, 7, 8)]
_near += [add_months(TODAY, n) + dt.timedelta(days=d) for n in (1, 3, 6, 12) for d in (-1, 0, 1)]
CASES = st.fixed_dictionaries(
    {
        "钱": st.none()
        | st.sampled_from([Decimal(n) for n in ("0", "499.99", "500", "1999.99", "2000", "2000.01")]),
        "数": st.none() | st.integers(0, 4).map(Decimal),
        "词": st.none() | _word,
        "真": st.none() | st.booleans(),
        "到": st.none() | st.sampled_from(_near),
        "日": st.none() | st.sampled_from(_near) | st.just(dt.date(2024, 2, 29)),
        "集": st.sets(_tag),
    }
)


HEADER = "钱 | 数 | 词 | 真 | 到 | 日 | 集 | → 谁"
