"""Types of facts that nobody declared, from what the cells of the manual say of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from . import values
from .cells import ALL_OF, ANY, EMPTY, INTERVAL, NEGATION, OPERATOR, PRESENT, UNKNOWN, Params
from .model import FactSpec, Kind, ListTable, Word
from .text import normal, quotes, split_items, unquoted

_WHOLE = ("次数", "人数", "件数", "天数", "个数", "户数", "台数", "条数", "年数", "月数", "级数")


@dataclass(slots=True)
class Mention:
    """Everything the manual says about one label: in cells of tests, in examples, in formulas (`figured`)."""

    words: list[str] = field(default_factory=list)
    compared: bool = False
    equals: set[str] = field(default_factory=set)
    present: bool = False
    unknown: bool = False
    negated: bool = False
    branch: bool = False
    figured: bool = False

    def test(self, text: str) -> None:
        """Take in one cell."""
        clean = quotes(normal(text))
        if clean in ANY:
            return
        if clean in PRESENT | EMPTY:
            self.present = True
            self.words.append(clean)
            return
        if match := NEGATION.fullmatch(clean):
            self.negated, clean = True, match[1]
        elif match := ALL_OF.fullmatch(clean):
            self.present, clean = True, match[1]
        for part in split_items(clean):
            self._item(part)

    def _item(self, part: str) -> None:
        if part in UNKNOWN:
            self.unknown = True
        elif match := INTERVAL.fullmatch(part):
            self.compared = True
            self.words += [match[2].strip(), match[3].strip()]
        elif match := OPERATOR.fullmatch(part):
            self.compared |= match[1] not in ("=", "!=")
            self.words.append(match[2])
        elif part:
            self.words.append(unquoted(part))
            self.equals.add(part)

    def example(self, text: str) -> None:
        """Take in the value of an example. A value of an example is never a threshold."""
        clean = quotes(normal(text))
        if clean in UNKNOWN:
            self.unknown = True
        elif clean in PRESENT | EMPTY:
            self.present = True
        elif clean not in ANY:
            self.words += [unquoted(part) for part in split_items(clean)]


def infer(label: str, said: Mention, lists: Mapping[str, ListTable], params: Params) -> FactSpec:
    """The most likely type. Words of lists beat figures, figures beat free words."""
    vocabulary = _vocabulary(label, said, lists)
    if vocabulary:
        kind = Kind.TAGS if is_set(said, vocabulary.words) else Kind.ENUM
        return shape(label, kind, said, vocabulary=vocabulary)
    return shape(label, _plain_kind(label, said, params), said)


def is_set(said: Mention, words: Iterable[Word]) -> bool:
    """Whether the cells ask for 有, 无 or 全有, and these are no words of the list itself."""
    return said.present and not (PRESENT | EMPTY) & {word.name for word in words} & set(said.words)


def shape(
    label: str, kind: Kind, said: Mention, *, vocabulary: ListTable | None = None, inferred: bool = True
) -> FactSpec:
    """A fact of this kind with what the cells tell about its values."""
    words = vocabulary.words if vocabulary else ()
    if kind in (Kind.ENUM, Kind.TAGS) and not vocabulary:
        names = list(dict.fromkeys(said.words))
        words = tuple(Word(name, name, "", rank) for rank, name in enumerate(names))
    return FactSpec(
        key=label,
        kind=kind,
        vocabulary=vocabulary.name if vocabulary else None,
        words=words,
        others=kind is Kind.ENUM and vocabulary is None and said.negated,
        minimum=_minimum(kind, said),
        optional=said.unknown and kind is not Kind.TAGS,
        inferred=inferred,
    )


def _vocabulary(label: str, said: Mention, lists: Mapping[str, ListTable]) -> ListTable | None:
    """The list of this name; else one whose name ends with the label and has a word of the cells; else the one
    that has all of them."""
    if label in lists:
        return lists[label]
    said_words = {word for word in said.words if word not in PRESENT | EMPTY}
    if not said_words or said.compared or said_words <= values.YES | values.NO:
        return None
    names = {name: {word.name for word in table.words} for name, table in lists.items()}
    alike = [name for name in lists if name.endswith(label) and said_words & names[name]]
    whole = [name for name in lists if said_words <= names[name]]
    most = [name for name in lists if len(said_words & names[name]) * 2 > len(said_words)]
    found = next(iter([*alike, *whole, *most]), None)
    return lists[found] if found else None


def _plain_kind(label: str, said: Mention, params: Params) -> Kind:
    texts = [params[word].text if word in params else word for word in said.words]
    if not texts:
        return Kind.NUMBER if said.figured else Kind.BOOL if said.branch else Kind.TEXT
    if {text.lower() for text in texts} <= values.YES | values.NO:
        return Kind.BOOL
    if said.compared and any(_is_period(text) for text in texts):
        return Kind.UNTIL
    if any(values.day(text) for text in texts):
        return Kind.DATE
    figures = [text for text in texts if values.figure(text) is not None]
    if len(figures) == len(texts) or (said.compared and figures):
        return _figure_kind(label, texts, said)
    return Kind.ENUM


def _is_period(text: str) -> bool:
    found = values.amount(text)
    return found is not None and found.unit in values.CALENDAR_UNITS


def _figure_kind(label: str, texts: Iterable[str], said: Mention) -> Kind:
    """Money where a unit of money stands; whole numbers where one is tested for being equal, or the label says so."""
    figures = [values.figure(text) for text in texts]
    if any(values.is_money(text) for text in texts):
        return Kind.MONEY
    whole = all(figure is None or figure == figure.to_integral_value() for figure in figures)
    percent = any("%" in text for text in texts)
    equal = any(values.figure(text) is not None for text in said.equals)
    return Kind.INT if whole and not percent and (equal or label.endswith(_WHOLE)) else Kind.NUMBER


def _minimum(kind: Kind, said: Mention) -> Decimal | None:
    """0, unless a negative figure is mentioned; 1 for counts that are tested for 1 and never for 0."""
    if not kind.is_figure:
        return None
    figures = {figure for word in said.words if (figure := values.figure(word)) is not None}
    if any(figure < 0 for figure in figures):
        return None
    starts_at_one = "1" in {word.rstrip("次") for word in said.equals} and Decimal(0) not in figures
    return Decimal(1) if kind is Kind.INT and starts_at_one else Decimal(0)
