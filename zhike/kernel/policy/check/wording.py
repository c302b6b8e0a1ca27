"""Regions of a table in one line of Chinese: `货值 [0..500) 或 未知，且 情形不含“食物中毒、变质过期食品”等9项`."""

from collections.abc import Iterator, Sequence

from zhike.kernel.policy.manual.model import Scalar

from .columns import ABSENT, PRESENT, Ordered, Space, Tags, Words
from .sweep import Box

EVERYTHING = "任何情况"
UNKNOWN = "未知"
OTHERS = "其他"
NAMES_SHOWN = 3


def describe(space: Space, box: Box) -> str:
    """Only the columns that the box restricts (soft segments aside), sets last."""
    plain, sets = [], []
    for column, part in space.parts(box):
        if all(mask & hard == hard for mask, hard in zip(part, column.hard, strict=True)):
            continue
        if isinstance(column, Tags):
            sets.append(_tags(column, part))
        elif isinstance(column, Ordered):
            plain.append(f"{column.fact.key} {' 或 '.join(_ordered(column, part[0]))}")
        elif isinstance(column, Words):
            plain.append(f"{column.fact.key} {_words(column, part[0])}")
    return "，且 ".join(plain + sets) or EVERYTHING


def _words(column: Words, mask: int) -> str:
    chosen = [n for n in range(len(column.values)) if mask >> n & 1]
    missing = [n for n in range(len(column.values)) if not mask >> n & 1]
    names = [word_name(column, column.values[n]) for n in chosen]
    if len(chosen) > 2 * len(missing) + 3 and (mask & column.others_bit or not column.others):
        left_out = "、".join(word_name(column, column.values[n]) for n in missing)
        names = [f"“{left_out}”以外" if left_out else "已知"]
    elif mask & column.others_bit:
        names.append(OTHERS)
    if mask & column.unknown_bit:
        names.append(UNKNOWN)
    return "/".join(names)


def word_name(column: Words, value: Scalar) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return column.fact.name_of(str(value))


def _ordered(column: Ordered, mask: int) -> Iterator[str]:
    known = mask & ~column.unknown_bit
    if known == (1 << len(column.positions)) - 1:
        yield "已知"
    else:
        for low, high in runs(column, mask):
            yield _run(column, low, high)
    if mask & column.unknown_bit:
        yield UNKNOWN


def runs(column: Ordered, mask: int) -> Iterator[tuple[int, int]]:
    """Unbroken stretches of a mask as (lowest, highest) position."""
    start: int | None = None
    for n in range(len(column.positions) + 1):
        inside = n < len(column.positions) and mask >> n & 1
        if inside and start is None:
            start = n
        elif not inside and start is not None:
            yield column.positions[start], column.positions[n - 1]
            start = None


def ends(column: Ordered, low: int, high: int) -> tuple[int | None, bool, int | None, bool]:
    """(index of the lower point, is it included, index of the upper point, is it included); None: no end."""
    first = None if low == 0 else (low - 1) // 2
    last = None if high == 2 * len(column.points) else high // 2
    return first, bool(low % 2), last, bool(high % 2)


def _run(column: Ordered, low: int, high: int) -> str:
    first, low_in, last, high_in = ends(column, low, high)
    below = "" if first is None else column.texts[first]
    above = "" if last is None else column.texts[last]
    if first is None:
        return f"{'≤' if high_in else '<'}{above}"
    if last is None:
        return f"{'≥' if low_in else '>'}{below}"
    if first == last:
        return below
    return f"{'[' if low_in else '('}{below}..{above}{']' if high_in else ')'}"


def _tags(column: Tags, masks: Box) -> str:
    names = [column.fact.name_of(code) for code in column.codes] + [OTHERS] * column.others
    having = [name for name, mask in zip(names, masks, strict=True) if mask == PRESENT]
    lacking = [name for name, mask in zip(names, masks, strict=True) if mask == ABSENT]
    label = column.fact.key
    if len(having) > 1:
        having_text = [f"{label}同时含{shortened(having)}"]
    else:
        having_text = [f"{label}含{shortened(having)}"] if having else []
    return "，且 ".join(having_text + ([f"{label}不含{shortened(lacking)}"] if lacking else []))


def shortened(names: Sequence[str]) -> str:
    """Up to three names in full, else two and the count."""
    if len(names) <= NAMES_SHOWN:
        return f"“{'、'.join(names)}”"
    return f"“{'、'.join(names[:2])}”等{len(names)}项"
