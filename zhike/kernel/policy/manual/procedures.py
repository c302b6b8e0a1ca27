"""Stages tables: who, by when, and where to go next."""

from zhike.kernel.policy.questions import Question

from .blocks import RawRow
from .cells import ANY, CellError
from .decisions import surroundings
from .desk import Desk, Header, Order, read_header
from .facts import resolve
from .infer import Mention
from .model import Branch, Cell, Due, FactSpec, Joint, Kind, Level, Stage, StagesTable
from .outcomes import Surroundings, read_due
from .plain import cell_at, required
from .text import nearest, normal, split_items, unquoted

END = {"结束", "end"}
JOINT = {"全部": Joint.ALL, "任一": Joint.ANY, "依次": Joint.IN_TURN}


def read_stages(desk: Desk, order: Order) -> StagesTable:
    """Branches must name stages of this table; whether all lead to the end is for the checker."""
    header = read_header(desk, order)
    question = desk.questions.get(order.question)
    sound = required(desk, order, header, ("stage", "阶段"), ("clause", "条款"))
    has_next = "next" in header.at
    if not sound:
        return StagesTable(order.name, order.line, order.question, (), has_next, broken=True)
    names = stage_names(order, header)
    around = surroundings(desk, order.raw.header.cells[0], order.name)
    stages: list[Stage] = []
    for number, raw in enumerate(order.raw.rows, 1):
        stage = _stage(desk, order, header, raw, number, names, question, around)
        if stage.name in [other.name for other in stages]:
            desk.wrong(raw.cells[header.at["stage"]], order.name, f"阶段“{stage.name}”重复")
        stages.append(stage)
    for event in sorted(around.undeclared):
        desk.report(Level.INFO, order.line, 0, order.name, f"起算事项“{event}”没有声明，按字面当作事项")
    calendar = order.options.get("calendar", "") or desk.front.calendar
    return StagesTable(order.name, order.line, order.question, tuple(stages), has_next, calendar)


def stage_names(order: Order, header: Header) -> list[str]:
    at = header.at.get("stage")
    if at is None:
        return []
    return [normal(unquoted(row.cells[at].text)) for row in order.raw.rows]


def _stage(
    desk: Desk,
    order: Order,
    header: Header,
    raw: RawRow,
    number: int,
    names: list[str],
    question: Question | None,
    around: Surroundings,
) -> Stage:
    name = names[number - 1]
    if not name:
        desk.wrong(raw.cells[header.at["stage"]], order.name, "阶段没有名称")
    before = desk.errors
    branches = _branches(desk, order, cell_at(raw, header, "next"), names, question)
    return Stage(
        number=number,
        line=raw.line,
        name=name,
        owners=_words(cell_at(raw, header, "owner")),
        joint=_joint(desk, order, cell_at(raw, header, "joint")),
        limit=_limit(desk, order, cell_at(raw, header, "limit"), around),
        form=_text(cell_at(raw, header, "form")),
        nature=_nature(desk, order, cell_at(raw, header, "nature"), question),
        next=branches,
        clause=desk.clause(cell_at(raw, header, "clause"), raw.line, order.name, due=raw.sound),
        cells=dict(zip(header.labels, raw.cells, strict=True)),
        broken=desk.errors > before or not raw.sound,
        informed=_words(cell_at(raw, header, "informed")),
        matter=normal(unquoted(_text(cell_at(raw, header, "matter")))),
    )


def _words(cell: Cell | None) -> tuple[str, ...]:
    text = _text(cell)
    return tuple(split_items(normal(text))) if text else ()


def _text(cell: Cell | None) -> str:
    """What stands in a cell; "" for a dash and where there is no such column."""
    return cell.text if cell is not None and normal(cell.text) not in ANY else ""


def _limit(desk: Desk, order: Order, cell: Cell | None, around: Surroundings) -> Due | None:
    if cell is None or normal(cell.text) in ANY:
        return None
    try:
        return read_due(cell.text, around)
    except CellError as problem:
        desk.wrong(cell, order.name, str(problem))
        return None


def _joint(desk: Desk, order: Order, cell: Cell | None) -> Joint | None:
    text = normal(cell.text).lower() if cell else ""
    if cell is None or text in ANY:
        return None
    found = JOINT.get(text) or next((joint for joint in Joint if joint.value == text), None)
    if found is None:
        desk.wrong(cell, order.name, f"会签“{cell.text}”不认识，只有：{'、'.join(JOINT)}")
    return found


def _nature(desk: Desk, order: Order, cell: Cell | None, question: Question | None) -> str:
    text = normal(cell.text) if cell else ""
    if cell is None or text in ANY:
        return ""
    if question and question.stage_kinds and text not in question.stage_kinds:
        near = nearest(text, question.stage_kinds) or "，只有：" + "、".join(question.stage_kinds)
        desk.wrong(cell, order.name, f"问题 {question.name} 没有性质“{text}”{near}")
    return text


# --- branches -------------------------------------------------------------------------------------------


def _branches(
    desk: Desk, order: Order, cell: Cell | None, names: list[str], question: Question | None
) -> tuple[Branch, ...]:
    if cell is None:
        return ()
    text = normal(cell.text)
    if text in ANY or text in END:
        return (Branch(None, None),)
    found = []
    for part in split_items(text):
        condition, mark, target = part.rpartition(":")
        when = _condition(desk, order, cell, condition.strip(), question) if mark else None
        found.append(Branch(when, _target(desk, order, cell, target.strip(), names)))
    return tuple(found)


def _target(desk: Desk, order: Order, cell: Cell, target: str, names: list[str]) -> str | None:
    target = unquoted(target)
    if target in END:
        return None
    if target not in names:
        desk.wrong(cell, order.name, f"下一步“{target}”不是本表的阶段{nearest(target, names)}")
    return target


def _condition(desk: Desk, order: Order, cell: Cell, label: str, question: Question | None) -> str:
    """A label that the case answers with yes or no: a fact or outcome of the question, or an earlier outcome."""
    if label in desk.earlier or label in desk.derived_specs or label in desk.facts:
        return label
    if question:
        field = question.outcome_field(label)
        if field:
            return normal(field.zh)
        spec = resolve(desk, label, question)
        if spec is None:
            known = [*(f.zh for f in question.facts), *(o.zh for o in question.outcome), *desk.earlier]
            near = nearest(label, known) or "，只有：" + "、".join(known)
            desk.wrong(cell, order.name, f"问题 {question.name} 没有事实或结论“{label}”{near}")
            return label
        return spec.key
    known = [*desk.front.facts, *desk.mentions]
    if label not in known and (near := nearest(label, known)):
        desk.wrong(cell, order.name, f"没有事实“{label}”{near}")
    if label in desk.front.facts or label in desk.mentions:
        resolve(desk, label, None)
    else:
        desk.mentions[label] = Mention(branch=True)
        desk.facts[label] = FactSpec(label, Kind.BOOL, optional=True, inferred=True)
        message = f"事实“{label}”没有声明，按分支当作 bool"
        desk.report(Level.INFO, cell.line, cell.column, order.name, message)
    return label
