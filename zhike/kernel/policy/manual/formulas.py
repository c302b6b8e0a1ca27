"""Formulas as text to their closed tree: a recursive descent over + - × ÷, brackets, comparison, six functions."""

import re
from collections.abc import Mapping
from decimal import Decimal

from . import values
from .cells import CellError
from .formula import Binary, Call, Neg, Node, Num, Ref
from .text import nearest, normal

FUNCTIONS = {
    "min": "min",
    "max": "max",
    "round": "round",
    "floor": "floor",
    "abs": "abs",
    "count": "count",
    "最小": "min",
    "最大": "max",
    "四舍五入": "round",
    "取整": "floor",
    "绝对值": "abs",
    "个数": "count",
}
_ARITY = {"min": (1, 20), "max": (1, 20), "round": (1, 2), "floor": (1, 1), "abs": (1, 1), "count": (1, 1)}
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?\s*(?:%|万元|亿元|元|万|亿|分|次|人|公里)?")
_OPERATOR = re.compile(r">=|<=|!=|[-+*/×÷()<>=,]")
_WORD = re.compile(r"[^\s+\-*/×÷()<>=!,]+")
_MOST_CHARACTERS = 600
_MOST_DEPTH = 40

# How a name in a formula is to be read: normalised name -> Ref.
Names = Mapping[str, Ref]


def read_formula(text: str, names: Names) -> Node:
    """The tree of a formula, with or without a leading `=`. Raises CellError.

    A comparison is allowed once, outermost: then the formula gives a yes or no.
    """
    clean = normal(text).removeprefix("=").strip()
    if not clean:
        raise CellError("算式是空的")
    if len(clean) > _MOST_CHARACTERS:
        raise CellError(f"算式太长(超过 {_MOST_CHARACTERS} 字)")
    return _Reader(clean, names).whole()


def free_names(text: str, names: Names) -> list[str]:
    """Words of a formula that are neither known names nor functions, in reading order."""
    tokens = _Reader(normal(text).removeprefix("="), names, strict=False).tokens
    return list(dict.fromkeys(token[1] for token in tokens if token[0] == "free"))


class _Reader:
    def __init__(self, text: str, names: Names, *, strict: bool = True) -> None:
        self.text, self.names, self.strict = text, names, strict
        self.by_length = sorted(filter(None, names), key=len, reverse=True)
        self.tokens = self._tokens()
        self.at, self.depth = 0, 0

    # tokens are (kind, text): num, name, func, free, op

    def _tokens(self) -> list[tuple[str, str]]:
        found, at = [], 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            kind, token = self._token_at(at)
            found.append((kind, token))
            at += len(token)
        return found

    def _token_at(self, at: int) -> tuple[str, str]:
        for name in self.by_length:
            if self.text.startswith(name, at) and self._ends(at + len(name)):
                return "name", name
        if match := _NUMBER.match(self.text, at):
            return "num", match[0]
        if match := _OPERATOR.match(self.text, at):
            return "op", match[0]
        match = _WORD.match(self.text, at)
        word = match[0] if match else self.text[at]
        if word.lower() in FUNCTIONS:
            return "func", word
        if self.strict:
            known = [*self.names, *FUNCTIONS]
            raise CellError(f"算式里的“{word}”不是事实、推算或参数{nearest(word, known)}")
        return "free", word

    def _ends(self, at: int) -> bool:
        return at >= len(self.text) or not _WORD.match(self.text[at])

    def whole(self) -> Node:
        node = self._sum()
        if self._peek() in (">", ">=", "<", "<=", "=", "!="):
            op = self._take()
            node = Binary(op, node, self._sum())
        if self.at < len(self.tokens):
            raise CellError(f"算式在“{self.tokens[self.at][1]}”处看不懂")
        return node

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _expect(self, sign: str) -> None:
        if self._peek() != sign:
            raise CellError(f"算式里缺“{sign}”")
        self.at += 1

    def _sum(self) -> Node:
        node = self._term()
        while self._peek() in ("+", "-"):
            node = Binary(self._take(), node, self._term())
        return node

    def _term(self) -> Node:
        node = self._unary()
        while self._peek() in ("*", "/", "×", "÷"):
            op = {"×": "*", "÷": "/"}.get(sign := self._take(), sign)
            node = Binary(op, node, self._unary())
        return node

    def _unary(self) -> Node:
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            raise CellError("算式括号太深")
        try:
            if self._peek() in ("-", "+"):
                return Neg(self._unary()) if self._take() == "-" else self._unary()
            return self._atom()
        finally:
            self.depth -= 1

    def _atom(self) -> Node:
        if self.at >= len(self.tokens):
            raise CellError("算式没有写完")
        kind, token = self.tokens[self.at]
        self.at += 1
        if kind == "num":
            return Num(values.figure(token) or Decimal(0))
        if kind == "name":
            return self.names[token]
        if kind == "func":
            return self._call(FUNCTIONS[token.lower()])
        if token == "(":
            node = self._sum()
            self._expect(")")
            return node
        raise CellError(f"算式在“{token}”处看不懂")

    def _call(self, function: str) -> Node:
        self._expect("(")
        args = [self._sum()]
        while self._peek() == ",":
            self.at += 1
            args.append(self._sum())
        self._expect(")")
        low, high = _ARITY[function]
        if not low <= len(args) <= high:
            raise CellError(f"{function} 不能有 {len(args)} 个值")
        if function == "count" and not isinstance(args[0], Ref):
            raise CellError("count 里只能写一个集合")
        return Call(function, tuple(args))
