"""Tables without the reader, and the plainest possible reading of a test, as an oracle."""

import datetime as dt
import random
from decimal import Decimal

from zhike.kernel.policy.manual.model import (
    AnyTest,
    Chosen,
    Compare,
    DecisionRow,
    DecisionTable,
    FactSpec,
    HasAllTags,
    HasNoTags,
    HasTags,
    Hit,
    Input,
    Interval,
    Kind,
    Manual,
    Not,
    OneOf,
    Operand,
    OutcomeCell,
    OutcomeKind,
    Output,
    TagsEmpty,
    TagsPresent,
    TestCell,
    UnknownTest,
    Word,
)

COMPARISONS = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


def words(*names):
    return tuple(Word(name, name, "", rank) for rank, name in enumerate(names))


def operand(value, param=None):
    value = Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return Operand(value, str(value), param)


def eq(*values):
    return OneOf(tuple(UnknownTest() if value is None else Compare("=", operand(value)) for value in values))


def cmp(op, value):
    return OneOf((Compare(op, operand(value)),))


def between(low, high, low_closed=True, high_closed=False):
    return OneOf((Interval(operand(low), operand(high), low_closed, high_closed),))


def non(*values):
    return Not(tuple(UnknownTest() if value is None else Compare("=", operand(value)) for value in values))


ANY = AnyTest()


def holds(test, value):
    """Section 2.4 of the format, word for word. `value` None is unknown; sets are frozensets."""
    match test:
        case AnyTest():
            return True
        case HasTags(codes):
            return bool(value & set(codes))
        case HasAllTags(codes):
            return value >= set(codes)
        case HasNoTags(codes):
            return not value & set(codes)
        case TagsPresent():
            return bool(value)
        case TagsEmpty():
            return not value
        case Not(items):
            return value is not None and not any(item_holds(item, value) for item in items)
        case OneOf(items):
            return any(item_holds(item, value) for item in items)


def item_holds(item, value):
    if value is None:
        return isinstance(item, UnknownTest)
    match item:
        case UnknownTest():
            return False
        case Compare(op, operand):
            return COMPARISONS[op](value, operand.value)
        case Interval(low, high, low_closed, high_closed):
            above = value >= low.value if low_closed else value > low.value
            below = value <= high.value if high_closed else value < high.value
            return above and below


def table(facts, rows, hit=Hit.FIRST, outcomes=(), ranks=(), notes=(), name="表"):
    """`rows` are (tests..., outcome word)."""
    inputs = tuple(Input(fact.key, 1, 1, n, fact) for n, fact in enumerate(facts))
    names = outcomes or tuple(dict.fromkeys(row[-1] for row in rows))
    output = Output("结论", 1, 1, len(facts), OutcomeKind.CHOICE, None, words(*names))
    made = []
    for number, (*tests, outcome) in enumerate(rows, 1):
        cells = tuple(TestCell("", 10 + number, 1, test) for test in tests)
        value = OutcomeCell(outcome, 10 + number, 1, Chosen(outcome, outcome))
        broken = any(test is None for test in tests)
        otherwise = number in notes
        made.append(DecisionRow(number, 10 + number, cells, (value,), "一", "", otherwise, broken, ""))
    if hit is Hit.HIGHEST and not ranks:
        ranks = tuple(names.index(row[-1]) for row in rows)
    return DecisionTable(name, 8, "q", hit, inputs, (output,), tuple(made), ranks)


def manual(*tables, **more):
    given = {"name": "m", "title": "规定", "version": "1", "effective": None, "owner": "", "calendar": ""}
    return Manual(**{**given, "source": "", "clauses": (), **more}, tables=tables)


MONEY = FactSpec("货值", Kind.MONEY, minimum=Decimal(0), optional=True)
COUNT = FactSpec("次数", Kind.INT, minimum=Decimal(1))
RATIO = FactSpec("偏差", Kind.NUMBER)
DAY = FactSpec("日期", Kind.DATE, optional=True)
BOOL = FactSpec("重大", Kind.BOOL, optional=True)
ENUM = FactSpec("被投诉人", Kind.ENUM, words=words("甲", "乙", "丙"), optional=True)
OPEN = FactSpec("档次", Kind.ENUM, words=words("高", "低"), others=True)
TAGS = FactSpec("情形", Kind.TAGS, words=words("毒", "伤", "吵"))
FACTS = (MONEY, COUNT, RATIO, DAY, BOOL, ENUM, OPEN, TAGS)

START = dt.date(2025, 1, 1)
DAYS = tuple(START + dt.timedelta(days=n) for n in range(6))
SUBSETS = tuple(
    frozenset(word.code for n, word in enumerate(TAGS.words) if mask >> n & 1) for mask in range(8)
)

# Enough values that every segment which random tests can make holds at least one.
VALUES = {
    "货值": (None, *(Decimal(n) / 2 for n in range(13))),
    "次数": tuple(Decimal(n) for n in range(1, 8)),
    "偏差": tuple(Decimal(n) / 2 for n in range(-7, 14)),
    "日期": (None, *(START + dt.timedelta(days=n) for n in range(-2, 8))),
    "重大": (None, True, False),
    "被投诉人": (None, "甲", "乙", "丙"),
    "档次": ("高", "低", "别的"),
    "情形": SUBSETS,
}


def random_test(fact, rng: random.Random):
    if rng.random() < 0.3:
        return ANY
    if fact.kind is Kind.TAGS:
        codes = tuple(rng.sample([word.code for word in fact.words], rng.randint(1, 2)))
        makers = (HasTags, HasTags, HasAllTags, HasNoTags)
        return rng.choice([TagsPresent(), TagsEmpty(), *(make(codes) for make in makers)])
    items = tuple(random_item(fact, rng) for _ in range(rng.choice((1, 1, 2))))
    return Not(items) if rng.random() < 0.25 else OneOf(items)


def random_item(fact, rng: random.Random):
    if fact.optional and rng.random() < 0.2:
        return UnknownTest()
    if fact.kind is Kind.BOOL:
        return Compare("=", operand(rng.random() < 0.5))
    if fact.kind is Kind.ENUM:
        return Compare(rng.choice(("=", "=", "!=")), operand(rng.choice(fact.words).code))
    choices = DAYS if fact.kind is Kind.DATE else tuple(Decimal(n) for n in range(6))
    low, high = sorted(rng.choices(choices, k=2))
    if rng.random() < 0.4:
        return Interval(operand(low), operand(high), rng.random() < 0.5, rng.random() < 0.5)
    return Compare(rng.choice(tuple(COMPARISONS)), operand(low))


def random_rows(facts, count, rng: random.Random, outcomes="ABC"):
    return [(*(random_test(fact, rng) for fact in facts), rng.choice(outcomes)) for _ in range(count)]
