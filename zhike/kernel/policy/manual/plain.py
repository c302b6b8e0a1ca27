"""Lists, parameters and derived facts."""

from decimal import Decimal

from zhike.kernel.worktime.phrases import PhraseError, parse_amount

from .blocks import RawRow
from .cells import ANY, CellError, read_test
from .desk import Desk, Header, Order, read_header
from .facts import formula_names, kind_in_formula
from .formula import is_comparison, references
from .formulas import read_formula
from .model import (
    Amount,
    Cell,
    Derived,
    DeriveTable,
    FactSpec,
    Kind,
    ListRow,
    ListTable,
    Origin,
    Param,
    ParamTable,
    Scalar,
    Test,
    Word,
)
from .text import normal, unquoted
from .values import scalar, separator_in
from .within import Incomparable, within

UNDECIDED = {"未定", "undecided"}


def cell_at(row: RawRow, header: Header, role: str) -> Cell | None:
    index = header.at.get(role)
    return row.cells[index] if index is not None else None


def required(desk: Desk, order: Order, header: Header, *roles: tuple[str, str]) -> bool:
    """Whether all these columns are there; each missing one is an error."""
    missing = [label for role, label in roles if role not in header.at]
    for label in missing:
        desk.error(order.raw.header.line, 1, order.name, f"缺少“{label}”列")
    return not missing


# --- lists ----------------------------------------------------------------------------------------------


def read_list(desk: Desk, order: Order) -> ListTable:
    header = read_header(desk, order)
    name_at = header.at.get("name", 0)
    rows: list[ListRow] = []
    names: set[str] = set()
    codes: set[str] = set()
    for raw in order.raw.rows:
        name_cell = raw.cells[name_at]
        name = normal(unquoted(name_cell.text))
        code_cell, en_cell = cell_at(raw, header, "code"), cell_at(raw, header, "english")
        code = (normal(code_cell.text) if code_cell else "") or name
        if not name:
            desk.wrong(name_cell, order.name, f"清单“{order.name}”有一行没有名称")
            continue
        if name in names:
            desk.wrong(name_cell, order.name, f"清单“{order.name}”里“{name}”重复")
        elif code in codes:
            desk.wrong(code_cell or name_cell, order.name, f"清单“{order.name}”里代码“{code}”重复")
        names.add(name)
        codes.add(code)
        word = Word(name, code, en_cell.text if en_cell else "", len(rows))
        clause = desk.clause(cell_at(raw, header, "clause"), raw.line, order.name, due=False)
        cells = dict(zip(header.labels, raw.cells, strict=True))
        rows.append(ListRow(raw.line, word, cells, clause))
    purpose = normal(order.options.get("purpose", ""))
    return ListTable(order.name, order.line, tuple(header.labels), tuple(rows), purpose)


# --- parameters -----------------------------------------------------------------------------------------


def read_params(desk: Desk, order: Order) -> ParamTable:
    header = read_header(desk, order)
    if not required(desk, order, header, ("name", "名称"), ("value", "值"), ("clause", "条款")):
        return ParamTable(order.name, order.line, ())
    rows = []
    for raw in order.raw.rows:
        param = _param(desk, order, header, raw)
        if param is None:
            continue
        if param.name in desk.params:
            desk.error(param.line, param.column, order.name, f"参数“{param.name}”重复")
        desk.params[param.name] = param
        rows.append(param)
    return ParamTable(order.name, order.line, tuple(rows))


def _param(desk: Desk, order: Order, header: Header, raw: RawRow) -> Param | None:
    name_cell, value_cell = raw.cells[header.at["name"]], raw.cells[header.at["value"]]
    range_cell, note = cell_at(raw, header, "range"), cell_at(raw, header, "note")
    english = cell_at(raw, header, "english")
    clause = desk.clause(cell_at(raw, header, "clause"), raw.line, order.name, due=raw.sound)
    name = normal(unquoted(name_cell.text))
    if not name:
        desk.wrong(name_cell, order.name, "参数没有名称")
        return None
    default = _value(desk, order, value_cell, name)
    if isinstance(default, str) and range_cell and ".." in range_cell.text:
        desk.wrong(value_cell, order.name, _no_figure(name, value_cell.text))
        range_cell = None
    bound = _bound(desk, order, range_cell, name, default)
    text = desk.overrides.get(name, value_cell.text)
    value = default if name not in desk.overrides else param_value(text)
    param = Param(
        name=name,
        line=value_cell.line,
        column=value_cell.column,
        text=normal(text),
        value=value,
        default=default,
        bound=bound,
        bound_text=range_cell.text if range_cell and bound else "",
        clause=clause,
        note=note.text if note else "",
        table=order.name,
        en=english.text if english else "",
    )
    if default is not None and (why := outside(param, default, value_cell.text, "自己的")):
        desk.wrong(value_cell, order.name, why)
    return param


def _no_figure(name: str, text: str) -> str:
    """Why a value with a range cannot be read, and what to write where that can be told (48h: 48小时)."""
    try:
        parse_amount(text)
    except PhraseError as refusal:
        hint = str(refusal).rpartition("”，")[2] if "请写成“" in str(refusal) else ""
        return f"参数“{name}”的值“{text}”不是数值，也不是期限" + (f"，{hint}" if hint else "")
    return f"参数“{name}”的值“{text}”不是数值，也不是期限"


def param_value(text: str) -> Scalar | None:
    """The value as written by a manager; None for 未定."""
    return None if normal(text) in UNDECIDED else scalar(unquoted(text))


def _value(desk: Desk, order: Order, cell: Cell, name: str) -> Scalar | None:
    if normal(cell.text) in ANY:
        desk.wrong(cell, order.name, f"参数“{name}”没有值(还没有定的写“未定”)")
        return None
    if found := separator_in(cell.text):
        desk.wrong(cell, order.name, f"数值里不能有千位分隔符：“{found}”")
        return None
    return param_value(cell.text)


def _bound(desk: Desk, order: Order, cell: Cell | None, name: str, default: Scalar | None) -> Test | None:
    if cell is None or normal(cell.text) in ANY:
        return None
    try:
        return read_bound(cell.text, name, default)
    except CellError as problem:
        desk.wrong(cell, order.name, str(problem))
        return None


def read_bound(text: str, name: str, default: Scalar | None) -> Test:
    """What a unit may set: a test over values like the parameter's own. Raises CellError."""
    kinds = [Kind.NUMBER, Kind.AMOUNT] if default is None else [_kind_of(default)]
    for kind in kinds[:-1]:
        try:
            return read_test(text, FactSpec(name, kind), {})
        except CellError:
            continue
    return read_test(text, FactSpec(name, kinds[-1]), {})


def _kind_of(value: Scalar) -> Kind:
    match value:
        case bool():
            return Kind.BOOL
        case Amount():
            return Kind.AMOUNT
        case Decimal():
            return Kind.NUMBER
        case str():
            return Kind.TEXT
        case _:
            return Kind.DATE


def outside(param: Param, value: Scalar, text: str, whose: str = "") -> str:
    """Why a value may not stand: it lies outside what the manual lets units set. "" if it may."""
    if param.bound is None:
        return ""
    try:
        inside = within(param.bound, value)
    except Incomparable:
        return f"参数“{param.name}”的值“{text}”不能与{whose}范围 {param.bound_text} 比较"
    return "" if inside else f"参数“{param.name}”的值 {text} 不在{whose}范围 {param.bound_text} 内"


# --- derived facts --------------------------------------------------------------------------------------


def read_derive(desk: Desk, order: Order) -> DeriveTable:
    """Derived facts may use facts, parameters and derived facts above them; so no cycle can be written."""
    header = read_header(desk, order)
    if not required(desk, order, header, ("name", "名称"), ("formula", "算式"), ("clause", "条款")):
        return DeriveTable(order.name, order.line, ())
    rows = []
    for raw in order.raw.rows:
        row = _derived(desk, order, header, raw)
        if row.name in desk.derived:
            desk.error(row.line, row.column, order.name, f"推算“{row.name}”重复")
        desk.derived[row.name] = row
        refs = [ref.name for ref in references(row.formula)] if row.formula else []
        known = [desk.facts.get(name) or desk.derived_specs.get(name) for name in refs]
        optional = any(spec is not None and spec.optional for spec in known)
        desk.derived_specs[row.name] = FactSpec(row.name, row.kind, optional=optional, origin=Origin.DERIVED)
        rows.append(row)
    return DeriveTable(order.name, order.line, tuple(rows))


def _derived(desk: Desk, order: Order, header: Header, raw: RawRow) -> Derived:
    name_cell, cell = raw.cells[header.at["name"]], raw.cells[header.at["formula"]]
    clause = desk.clause(cell_at(raw, header, "clause"), raw.line, order.name, due=raw.sound)
    name = normal(name_cell.text)
    if not name:
        desk.wrong(name_cell, order.name, "推算没有名称")
    formula = None
    try:
        formula = read_formula(cell.text, formula_names(desk, cell, order.name))
        kind_in_formula(desk, formula)
    except CellError as problem:
        desk.wrong(cell, order.name, str(problem))
        formula = None
    kind = Kind.BOOL if formula and is_comparison(formula) else Kind.NUMBER
    return Derived(name, name_cell.line, name_cell.column, cell.text, formula, kind, clause)
