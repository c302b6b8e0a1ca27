import datetime as dt

import pytest

from zhike.kernel.parties.tree import plant
from zhike.kernel.policy import inforce
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.policy.models import ManualVersion

from .stored import NOW, adopt, publish, units

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 9)


def start_of(unit, day=DAY):
    answer = inforce.answer("t.authority", unit.pk, day)
    return answer.version.number, answer.manual.params["起点"].text


def test_the_manual_of_the_unit_above_holds():
    top, store = units()
    publish()
    adopt(top)

    assert start_of(store) == (1, "2000元")


def test_values_of_a_nearer_unit_go_before_those_of_one_above():
    top, store = units()
    publish()
    adopt(top, 起点="3000元", 期限="1工作日")
    adopt(store, 起点="500元")

    answer = inforce.answer("t.authority", store.pk, DAY)

    assert start_of(store) == (1, "500元")
    assert answer.parameters == {"起点": "500元", "期限": "1工作日"}
    assert start_of(top) == (1, "3000元")


def test_a_version_holds_from_its_day_on():
    top, _store = units()
    publish()
    publish(number=2, effective="2026-03-09", start=100)
    adopt(top)

    assert start_of(top, DAY - dt.timedelta(days=1)) == (1, "2000元")
    assert start_of(top, DAY) == (2, "100元")


def test_of_two_versions_of_one_day_the_higher_number_holds():
    top, _store = units()
    publish(number=3, start=300)
    publish(number=2, start=200)
    adopt(top)

    assert start_of(top) == (3, "300元")


@pytest.mark.parametrize("state", ["DRAFT", "WITHDRAWN"])
def test_drafts_and_withdrawn_versions_do_not_hold(state):
    top, _store = units()
    publish()
    publish(number=2, start=100, state=state, published_at=None if state == "DRAFT" else NOW)
    adopt(top)

    assert start_of(top) == (1, "2000元")


def test_no_manual_is_an_error_that_names_the_question_and_the_day():
    top, store = units()
    publish(effective="2026-03-10")
    adopt(top)

    with pytest.raises(NoManual) as refusal:
        inforce.answer("t.authority", store.pk, DAY)
    assert "t.authority" in str(refusal.value)
    assert "2026-03-09" in str(refusal.value)
    assert inforce.find("t.authority", store.pk, DAY) is None


def test_a_manual_that_is_not_adopted_does_not_hold():
    top, _store = units()
    publish()
    other = plant(name="别家", code="other")
    adopt(other)

    with pytest.raises(NoManual):
        inforce.answer("t.authority", top.pk, DAY)


def test_the_nearest_manual_that_answers_is_asked():
    top, store = units()
    publish()
    adopt(top)
    text = ManualVersion.objects.get().text.replace("manual: t", "manual: own").replace("2000元", "700元")
    publish(key="own", text=text)
    own = adopt(store)
    type(own).objects.filter(pk=own.pk).update(key="own")

    assert start_of(store)[1] == "700元"
    assert start_of(top)[1] == "2000元"


def test_a_question_that_the_nearest_manual_leaves_out_is_answered_by_one_above():
    top, store = units()
    publish()
    adopt(top)
    publish(key="small", text="---\nmanual: small\ntitle: s\nversion: 1\n---\n\n# s\n")
    own = adopt(store)
    type(own).objects.filter(pk=own.pk).update(key="small")

    assert start_of(store) == (1, "2000元")


def test_a_manual_is_read_once_for_each_set_of_values(django_assert_num_queries):
    version = publish()
    first = inforce.manual_of(version.pk, {"起点": "500元"})

    with django_assert_num_queries(0):
        again = inforce.manual_of(version.pk, {"起点": "500元"})
    assert again is first
    assert inforce.manual_of(version.pk) is not first


def test_a_draft_that_is_saved_is_read_anew():
    draft = publish(state=ManualVersion.State.DRAFT, published_at=None)
    assert inforce.manual_of(draft.pk).params["起点"].text == "2000元"

    draft.text = draft.text.replace("2000元", "900元")
    draft.save()

    assert inforce.manual_of(draft.pk).params["起点"].text == "900元"


def test_the_manual_at_a_unit_has_the_values_of_its_line():
    top, store = units()
    version = publish()
    adopt(top, 起点="3000元")

    assert inforce.manual_at(version.pk, store.pk, DAY).params["起点"].text == "3000元"


def test_finding_the_manual_costs_three_small_questions(django_assert_num_queries):
    top, store = units()
    publish()
    adopt(top)
    inforce.answer("t.authority", store.pk, DAY)

    with django_assert_num_queries(3):  # versions without their texts, tree, installations
        inforce.answer("t.authority", store.pk, DAY)


# --- values by day


def test_values_hold_from_their_day_on_and_cases_that_began_before_keep_theirs():
    top, store = units()
    version = publish()
    adopted = adopt(top, 起点="3000元")
    adopted.values.create(effective_on=DAY, parameters={"起点": "1500元"}, set_at=NOW)
    day_before = DAY - dt.timedelta(days=1)

    def start(day):
        answer = inforce.answer_of_version("t.authority", version, store.pk, day)
        return answer.manual.params["起点"].text

    assert (start(day_before), start(DAY), start(DAY + dt.timedelta(days=400))) == (
        "3000元",
        "1500元",
        "1500元",
    )


def test_an_answer_goes_on_to_other_questions_of_the_same_version_and_values():
    top, store = units()
    publish()
    adopt(top, 起点="3000元")
    answer = inforce.answer("t.authority", store.pk, DAY)

    assert answer.to("t.collect").manual is answer.manual
    assert answer.to("t.other") is None


def test_a_repealed_manual_rules_nothing_from_its_last_day_on():
    _top, store = units()
    version = publish()
    adopt(store)
    ManualVersion.objects.filter(pk=version.pk).update(ends_on=DAY)

    assert inforce.find("t.authority", store.pk, DAY - dt.timedelta(days=1)) is not None
    assert inforce.find("t.authority", store.pk, DAY) is None
