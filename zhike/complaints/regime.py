"""The manual that a complaint is worked by: vocabularies, stages, roles, offered to forms, pages and actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhike.customers.models import Customer
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import inforce, tags
from zhike.kernel.policy.check.segments import compared_with
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.procedures.stages import Procedure
from zhike.kernel.worktime import calendars, phrases

from . import questions
from .models import Complaint

SEVERAL = "多选"  # a field of 登记事项 that takes several words of its list
SEPARATOR = "、"  # between their codes, as between words in a cell of a manual
NUMBERS = "TS-{yyyy}{mm}-{seq:04}"


@dataclass(frozen=True)
class Regime:
    """One version of a complaint regulation with the values of one unit."""

    answer: inforce.Answer
    unit_id: int

    @cached_property
    def manual(self) -> model.Manual:
        return self.answer.manual

    def answering(self, question: str) -> inforce.Answer:
        """What the regulation answers to a question that it must answer. Raises NoManual."""
        answer = self.answer.to(question)
        if answer is None:
            raise inforce.NoManual(
                _("%(manual)s, under which the case began, does not answer “%(question)s”.")
                % {"manual": self.answer.version, "question": question}
            )
        return answer

    @property
    def number_rule(self) -> str:
        """How cases are numbered: front matter `numbers`, else the house rule."""
        return str(self.manual.meta.get("numbers") or NUMBERS)

    @property
    def number_key(self) -> str:
        """The series of the rule: each way of numbering counts for itself (R001-230)."""
        return "complaint" if self.number_rule == NUMBERS else f"complaint {self.number_rule}"[:60]

    def words(self, list_name: str) -> tuple[model.Word, ...]:
        table = self.manual.lists.get(list_name)
        return table.words if table else ()

    def choices(self, list_name: str) -> list[tuple[str, str]]:
        """Code and label in the reader's language, in the order of the manual."""
        return [(word.code, label_of(word)) for word in self.words(list_name)]

    def label(self, list_name: str, code: str) -> str:
        return next((label_of(word) for word in self.words(list_name) if word.code == code), code)

    def name_of(self, list_name: str, code: str) -> str:
        """The word of the manual itself, whatever the reader's language."""
        return next((word.name for word in self.words(list_name) if word.code == code), "")

    def labels(self, list_name: str, codes: Iterable[str]) -> list[str]:
        return [self.label(list_name, code) for code in codes]

    def group_of(self, item: str) -> str:
        """The class of an item: 过期 belongs to 商品."""
        items = self.manual.lists.get(questions.ITEMS)
        row = next((row for row in (items.rows if items else ()) if row.word.code == item), None)
        if row is None or "大类" not in row.cells:
            return ""
        name = row.cells["大类"].text
        return next((word.code for word in self.words(questions.GROUPS) if word.name == name), "")

    def bits(self, circumstances: Iterable[str]) -> int:
        """The mask of a set of circumstances, for rulings over many rows."""
        version = self.answer.version
        return tags.mask(version.key, questions.CIRCUMSTANCES, circumstances, version_id=version.pk)

    def post_of(self, handler: str) -> str | None:
        """The post that a code of the list 处理人 stands for."""
        word = next((word for word in self.words(questions.HANDLERS) if word.code == handler), None)
        return directory().post_code(word.name) if word else None

    def holder_of(self, handler: str, accused: int | None, now: dt.datetime) -> Party | None:
        """Who handles here, now: the deputy of who is away, and never the person complained of.

        Where nobody may, the next higher handler of the manual does, above them all the superior.
        """
        for code in self._upward(handler):
            post_code = self.post_of(code)
            for holder in directory().holders_of(post_code, self.unit_id, now) if post_code else ():
                person = directory().substitute_for(holder.pk, now) or holder
                if person.pk != accused:
                    return person
        superior = directory().superior_of(accused, self.unit_id, now)
        return superior if superior is not None and superior.pk != accused else None

    def _upward(self, handler: str) -> list[str]:
        """The handler and those above; the list of the manual has the highest first."""
        codes = [word.code for word in self.words(questions.HANDLERS)]
        return codes[codes.index(handler) :: -1] if handler in codes else []

    def procedure(self, complaint: Complaint, decisions: Mapping[str, bool] | None = None) -> Procedure:
        """The stages at work; `decisions` are what somebody decides in this step, by label."""
        return Procedure(
            answer=self.answer,
            prefix="complaint",
            roles=self.roles_of,
            customer_id=complaint.customer_id,
            barred=complaint.accused_id,
            facts={**self.branch_facts(complaint), **(decisions or {})},
        )

    def branch_facts(self, complaint: Complaint) -> dict[str, object]:
        """What the ways on may ask: 重大, the manual's own facts, and every word that holds of the case."""
        held = {
            questions.GROUPS: [complaint.group],
            questions.ITEMS: [complaint.item],
            questions.GRADES: [complaint.grade],
            questions.CIRCUMSTANCES: complaint.circumstances,
        }
        words = {
            word.name: True for name, codes in held.items() for word in self.words(name) if word.code in codes
        }
        return {**words, **self._chosen(complaint), questions.MAJOR.zh: complaint.major}

    def _chosen(self, complaint: Complaint) -> dict[str, object]:
        """Values of 登记事项 by label; a word that was chosen from a list holds by its own name too."""
        typed = questions.more(complaint, self.manual)
        words = {
            word.name: True
            for label, text in typed.items()
            for word in self._options(label)
            if word.code in chosen(text)
        }
        return {**typed, **words}

    def _options(self, label: str) -> tuple[model.Word, ...]:
        """The words among which a field of 登记事项 lets one choose; none for other fields."""
        return self.words(self.list_of(label))

    def list_of(self, label: str) -> str:
        """The list from which a field of 登记事项 lets one choose; "" for other fields."""
        row = next((row for row in self.fields if row.word.name == label), None)
        return kind_of(row)[1] if row is not None else ""

    def stage(self, name: str) -> model.Stage | None:
        table = self.answer.table
        return table.stage(name) if isinstance(table, model.StagesTable) else None

    def stage_label(self, name: str) -> str:
        """The stage in the reader's language."""
        stage = self.stage(name)
        english = stage.cells.get("英文") if stage is not None else None
        return english.text if english and english.text and reads_english() else name

    def decided_in(self, stage: model.Stage) -> str:
        """The label that somebody decides with yes or no in this stage, or "": a condition that no list answers."""
        known = {questions.MAJOR.zh}
        for name in (
            questions.GROUPS,
            questions.ITEMS,
            questions.GRADES,
            questions.CIRCUMSTANCES,
            questions.FIELDS,
        ):
            known |= {word.name for word in self.words(name)}
        for field in self.fields:
            known |= {word.name for word in self._options(field.word.name)}
        return next((branch.when for branch in stage.next if branch.when and branch.when not in known), "")

    @cached_property
    def decides_matters(self) -> bool:
        """Whether a stage of this manual decides a matter of approval (审批)."""
        table = self.answer.table
        return isinstance(table, model.StagesTable) and any(stage.matter for stage in table.stages)

    def matter_of(self, stage: str) -> str:
        """The code of the matter of approval that a stage decides; "" for other stages."""
        found = self.stage(stage)
        name = found.matter if found is not None else ""
        return next((word.code for word in self.words(questions.APPROVALS) if word.name == name), "")

    def field_to(self, matter: str) -> str:
        """The yes-no field of 登记事项 that leads to the stage where a matter is decided; "" without one."""
        table = self.answer.table
        ways = [way for stage in getattr(table, "stages", ()) for way in stage.next if way.stage]
        asked = {way.when for way in ways if self.matter_of(way.stage) == matter}
        asking = (row for row in self.fields if row.word.name in asked and kind_of(row)[0] == "是否")
        return next((row.word.code for row in asking), "")

    def values_cut(self) -> list[Decimal]:
        """The amounts at which the table of handlers passes a case on to another by its goods value."""
        answer = self.answer.to(questions.AUTHORITY.name)
        if answer is None or not isinstance(answer.table, model.DecisionTable):
            return []
        places = [n for n, one in enumerate(answer.table.inputs) if one.label == questions.VALUE.zh]
        tests = [row.tests[n].test for row in answer.table.rows for n in places]
        found = {one.value for test in tests if test is not None for one in compared_with(test)}
        return sorted(value for value in found if isinstance(value, Decimal))

    def brought_by(self, decisions: Mapping[str, bool]) -> set[str]:
        """Codes of circumstances that hold once this is decided: columns 是的情形 and 否的情形 of the list 决定."""
        table = self.manual.lists.get(questions.DECISIONS)
        names = {
            cell_of(row, questions.BRINGS[decisions[row.word.name]])
            for row in (table.rows if table else ())
            if row.word.name in decisions
        }
        return {word.code for word in self.words(questions.CIRCUMSTANCES) if word.name in names}

    @cached_property
    def fields(self) -> tuple[model.ListRow, ...]:
        """登记事项: what this regulation wants registered beside the usual, a row each."""
        table = self.manual.lists.get(questions.FIELDS)
        return table.rows if table else ()

    def figure(self, name: str) -> int | None:
        """A number that the manual gives as a parameter; None where it is silent."""
        param = self.manual.params.get(name)
        return int(param.value) if param is not None and isinstance(param.value, int | Decimal) else None

    @property
    def channels(self) -> list[tuple[str, str]]:
        """Code and label of the channels that this regulation names (清单 渠道), in its order, or of the usual ones."""
        codes = {zh: code for code, zh, _en in questions.CHANNELS}
        said = {code: str(label) for code, label in Complaint.Channel.choices}
        named = [codes[word.name] for word in self.words("渠道") if word.name in codes]
        return [(code, said[code]) for code in named or questions.USUAL_CHANNELS]

    @property
    def origins(self) -> list[tuple[str, str]]:
        """Who may complain where tenants are served (清单 投诉来源): code and label; empty elsewhere."""
        return [pair for pair in self.choices(questions.ORIGINS) if pair[0] in Complaint.Origin.values]

    def origin_of(self, given: str, customer: Customer | None) -> str:
        """Who complains: as given; a business on file is a tenant, of a person only whoever registers knows."""
        if given or not self.origins:
            return given
        is_business = customer is not None and customer.kind == Customer.Kind.ORGANISATION
        return Complaint.Origin.TENANT if is_business else ""

    def roles_of(self, complaint: Complaint) -> Mapping[str, Party | str | None]:
        """Who plays the roles that the manual's 负责 may name; the code of the handling post while nobody holds it.

        What came in by the portal was taken by nobody of the staff, and who is complained of has no part in it: the
        handler does the taker's part.
        """
        handler = complaint.handler or self.post_of(complaint.handler_code)
        found = {word: getattr(complaint, role) or handler for word, role in questions.ROLES.items()}
        return {
            word: handler if isinstance(player, Party) and _stands_aside(player, complaint) else player
            for word, player in found.items()
        }


def reads_english() -> bool:
    return (get_language() or "").startswith("en")


def limit_words(text: str) -> str:
    """A limit in the reader's language."""
    return phrases.explain_limit(calendars.parsed(text), "en" if reads_english() else "zh")


def label_of(word: model.Word) -> str:
    return word.en if word.en and reads_english() else word.name


def title_of(version: ManualVersion) -> str:
    """The title of a regulation in the reader's language."""
    return (version.title_en or version.title) if reads_english() else f"《{version.title}》"


def cell_of(row: model.ListRow, label: str) -> str:
    return row.cells[label].text.strip() if label in row.cells else ""


def kind_of(row: model.ListRow) -> tuple[str, str]:
    """类型 of a row of 登记事项 and, for 选项 and 多选, the name of its list."""
    kind, _colon, list_name = cell_of(row, "类型").replace("：", ":").partition(":")
    return kind.strip() or "文本", list_name.strip()


def chosen(text: Any) -> list[str]:
    """The codes of a field of 登记事项 that lets one choose: of 多选 several, in the order of its list."""
    return [code for code in str(text or "").split(SEPARATOR) if code]


def _stands_aside(party: Party, complaint: Complaint) -> bool:
    return party.kind == Party.Kind.SYSTEM or party.pk == complaint.accused_id


def regime_at(unit_id: int, now: dt.datetime) -> Regime:
    """The regulation in force at a unit now. Raises NoManual."""
    answer = inforce.answer(questions.STAGES.name, unit_id, calendars.local_day(now, unit_id))
    return Regime(answer, unit_id)


def regime_on(unit_id: int, day: dt.date) -> Regime | None:
    """The regulation in force at a unit on a day, if there is one."""
    answer = inforce.find(questions.STAGES.name, unit_id, day)
    return Regime(answer, unit_id) if answer is not None else None


def versions_among(keys: set[int], day: dt.date) -> dict[int, ManualVersion]:
    """These versions by key: those in force on a day, which a list asks for anyway, and older ones."""
    found = {one.pk: one for one in inforce.versions_in_force(day).values()}
    older = keys - found.keys()
    return found | ManualVersion.objects.defer("text").in_bulk(older) if older else found


def regime_of(complaint: Complaint) -> Regime:
    """The regulation under which the complaint began; an imported closed one is read by today's words."""
    if complaint.manual is None:
        raise inforce.NoManual
    began = calendars.local_day(complaint.opened_at, complaint.unit_id)
    answer = inforce.answer_of_version(questions.STAGES.name, complaint.manual, complaint.unit_id, began)
    if answer is None:
        raise inforce.NoManual
    return Regime(answer, complaint.unit_id)
