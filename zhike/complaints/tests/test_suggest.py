"""Proposals of a class and similar cases: learned from closed cases, never deciding, never beyond the scope."""

import datetime as dt
import re
import subprocess
import sys

import pytest
from django.urls import reverse

from zhike.complaints import access, actions
from zhike.complaints.models import Complaint, SuggestAnswer, SuggestModel, SuggestToken
from zhike.complaints.regime import regime_at
from zhike.complaints.suggest import cases, jobs, reads, similar, training
from zhike.kernel.audit.models import Entry
from zhike.kernel.search import index
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, browser, worked
from .test_suggest_files import GOODS

pytestmark = pytest.mark.django_db
KEY = "mall-complaints"
SAID = {
    "EXPIRED": ["已经过期两天", "保质期过了还在卖", "早就过期了", "临期没标,实际过期"],
    "ATTITUDE": ["营业员爱理不理", "导购说话难听", "店员态度恶劣", "服务员当众翻白眼"],
}
EXPIRED = "刚买的牛奶一看已经过期三天"


def a_history(people, each=24, *, unit=None, secrecy=0, said=SAID, closed=MONDAY, item=None):
    """Closed cases of the past, put in at once as an import does."""
    regime = regime_at(people.south.pk, MONDAY)
    unit = unit or people.south
    start = Complaint.objects.count()
    rows = [
        Complaint(
            number=f"H{start}-{code}-{number}",
            unit=unit,
            title=f"{texts[number % len(texts)]}",
            text=f"{GOODS[number % 10]}{texts[number % len(texts)]},第{'一二三四五六七八九十'[number * 7 % 10]}柜{GOODS[number * 3 % 10]}{'东西南北'[number // 10 % 4]}门",
            manual=regime.answer.version,
            opened_at=closed - dt.timedelta(days=3),
            closed_at=closed,
            item=code if item is None else item,
            channel="FILE",
            secrecy=secrecy,
            imported=True,
        )
        for code, texts in said.items()
        for number in range(each)
    ]
    Complaint.objects.bulk_create(rows)
    index.put_many(
        index.Item(
            "complaints.Complaint",
            row.pk,
            row.title,
            row.text,
            row.unit_id,
            secrecy,
            row.opened_at,
            row.number,
        )
        for row in rows
    )
    return rows


def trained(people, **given):
    a_history(people, **given)
    return training.train(key=KEY, by=None, now=MONDAY)


def proposed(people, text=EXPIRED):
    return reads.proposal(regime_at(people.south.pk, MONDAY), text)


# ---- learning


def test_closed_cases_become_a_model_with_its_figures(people):
    model = trained(people)

    assert (model.state, model.number, model.cases, model.classes) == ("IN_USE", 1, 48, 2)
    assert model.macro_f1 > 0.8
    assert {row["label"] for row in model.figures["per_class"]} == set(SAID)
    assert model.tokens.count() == model.figures["tokens"] > 20
    assert Entry.objects.get(code="complaints.suggestions_trained").after["cases"] == 48


def test_too_few_cases_are_said_and_nothing_is_proposed(people):
    least = cases.LEAST_CASES
    model = trained(people, each=least // 2 - 1)

    assert (model.state, model.cases, model.wanted, model.macro_f1) == ("TOO_LITTLE", least - 2, least, None)
    assert proposed(people) is None
    a_history(people, each=1)
    assert training.train(key=KEY, by=None, now=MONDAY).state == "IN_USE"
    assert not SuggestModel.objects.filter(state="TOO_LITTLE", number=2).exists()


def test_one_class_is_nothing_to_tell_apart(people):
    model = trained(people, each=60, said={"EXPIRED": SAID["EXPIRED"]})

    assert (model.state, model.figures["why"]) == ("TOO_LITTLE", "one_class")


def test_open_void_and_unclassified_cases_are_not_learned_from(people):
    a_history(people, each=2)
    a_history(people, each=2, item="")
    void = a_history(people, each=1)[0]
    Complaint.objects.filter(pk=void.pk).update(voided_at=MONDAY, void_reason="重复")
    a_complaint(people, item="EXPIRED")

    assert cases.classified(KEY).count() == 5


def test_without_new_cases_nothing_is_learned_again_unless_asked(people):
    trained(people)

    assert training.train(key=KEY, by=None, now=MONDAY) is None
    again = training.train(key=KEY, by=people.manager.party, now=MONDAY, again=True)
    assert (again.number, again.by) == (2, people.manager.party)
    assert list(SuggestModel.objects.values_list("number", "state")) in ([(2, "IN_USE"), (1, "REPLACED")],)
    assert set(SuggestToken.objects.values_list("model", flat=True)) == {again.pk}


def test_a_clearly_worse_model_is_kept_back_until_somebody_takes_it(people):
    first = trained(people)
    # the same texts under classes by turns: nothing can be learned
    for code, other in (("EXPIRED", "ATTITUDE"), ("ATTITUDE", "EXPIRED")):
        a_history(people, each=40, said={other: SAID[code]})
    second = training.train(key=KEY, by=None, now=MONDAY)
    first.refresh_from_db()

    assert second.macro_f1 < first.macro_f1 - max(first.macro_f1_std, second.macro_f1_std)
    assert (second.state, first.state) == ("WORSE", "IN_USE")
    assert second.figures["instead_of"]["number"] == 1
    assert not second.tokens.exists()
    third = training.train(key=KEY, by=None, now=MONDAY, take=True, again=True)
    first.refresh_from_db()
    assert (third.state, first.state) == ("IN_USE", "REPLACED")


@pytest.mark.parametrize(("new", "worse"), [(0.70, True), (0.75, False), (0.80, False)])
def test_clearly_is_more_than_the_spread(new, worse):
    old = SuggestModel(macro_f1=0.80, macro_f1_std=0.05)

    assert training.clearly_worse(SuggestModel(macro_f1=new, macro_f1_std=0.02), old) is worse


def test_every_regulation_is_asked_once_a_night(people, monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "async_task", lambda task, **_given: asked.append(task))
    nightly = jobs.Nightly()
    night = MONDAY.replace(hour=3)

    assert [nightly.ask(at) for at in (MONDAY, night, night + dt.timedelta(minutes=1))] == [
        False,
        True,
        False,
    ]
    assert nightly.ask(night + dt.timedelta(days=1))
    assert asked == [jobs.TASK, jobs.TASK]


def test_the_job_trains_all_regulations(people):
    a_history(people)

    assert [row.key for row in jobs.train_all()] == [KEY]
    assert jobs.train_all() == []


# ---- proposing


def test_a_proposal_says_how_sure_it_is_and_why(people):
    trained(people)
    found = proposed(people)

    assert (found.code, found.sure) == ("EXPIRED", True)
    assert 50 < found.per_cent <= 99
    assert any("过期" in word for word in found.words)
    assert all(word in EXPIRED for word in found.words)


def test_it_is_silent_below_its_threshold(people):
    model = trained(people)
    SuggestModel.objects.update(threshold=1.01)

    assert not proposed(people).sure
    SuggestModel.objects.filter(pk=model.pk).update(threshold=0)
    assert proposed(people).sure
    assert not proposed(people, "zzzz qqqq").sure
    assert proposed(people, " 过 ") is None


def test_a_word_that_the_regulation_no_longer_has_is_not_proposed(people):
    model = trained(people)
    SuggestModel.objects.filter(pk=model.pk).update(labels=["ATTITUDE", "GONE"])

    assert not proposed(people).sure


def test_the_web_loads_no_numerical_library():
    code = (
        "import django, sys; django.setup();"
        "import zhike.config.urls, zhike.complaints.suggest.views;"
        "print([name for name in ('numpy', 'scipy', 'sklearn', 'rjieba') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"


def test_a_proposal_costs_two_statements_however_long_the_text(people, django_assert_num_queries):
    trained(people)
    regime = regime_at(people.south.pk, MONDAY)
    regime.choices("投诉项目")
    for text in (EXPIRED, "".join(chr(0x4E00 + number) for number in range(3000))):
        with django_assert_num_queries(2):
            reads.proposal(regime, text)


# ---- similar cases


def test_similar_cases_come_with_how_they_ended(people):
    ended = worked(a_complaint(people, item="EXPIRED"), compensation=36)
    a_history(people, each=3)
    found = similar.similar(access.scope(people.manager), "买到过期酸奶,要找店长", key=KEY)

    assert (found[0].complaint, found[0].outcome, found[0].days) == (ended, "退一赔十", 1)
    assert found[0].alike > 60


def test_open_void_and_own_cases_are_not_similar_ones(people):
    own = worked(a_complaint(people, item="EXPIRED"))
    a_complaint(people, item="EXPIRED")

    assert similar.similar(access.scope(people.manager), own.text, key=KEY, besides=own.pk) == []


def test_similar_cases_keep_to_the_scope(people):
    """A case of another store, or a secret one, is neither shown nor counted, whoever asks."""
    a_history(people, each=2, unit=people.south)
    north = {row.pk for row in a_history(people, each=2, unit=people.north)}
    secret = {row.pk for row in a_history(people, each=2, unit=people.south, secrecy=3)}

    def seen(user):
        return {row.complaint.pk for row in similar.similar(access.scope(user), EXPIRED, key=KEY, limit=50)}

    assert seen(people.specialist)
    assert not seen(people.specialist) & (north | secret)
    assert seen(people.stranger) <= north
    assert not seen(people.employee)


def test_who_is_complained_of_does_not_find_the_case(people):
    row = a_history(people, each=1)[0]
    Complaint.objects.filter(pk=row.pk).update(accused=people.specialist.party)

    assert row.pk not in {
        one.complaint.pk for one in similar.similar(access.scope(people.specialist), row.text, key=KEY)
    }


@pytest.mark.parametrize("each", [1, 12])
def test_similar_cases_cost_the_same_however_many(people, each, django_assert_num_queries):
    a_history(people, each=each)
    scope = access.scope(people.manager)
    with django_assert_num_queries(4):
        assert similar.similar(scope, EXPIRED, key=KEY)


@pytest.mark.parametrize(
    "text", ["", "啊", "12 34 56", "' OR 1=1 --", "\0\0", "%s%s", '" AND (', "😀😀😀", "*" * 5000]
)
def test_any_text_may_be_asked(people, text):
    trained(people)

    assert isinstance(similar.similar(access.scope(people.manager), text, key=KEY), list)
    reads.proposal(regime_at(people.south.pk, MONDAY), text)


# ---- the pages


def typed(people, **more):
    return {"unit": people.south.pk, "channel": "COUNTER", "token": "t", "text": EXPIRED, **more}


def test_the_form_shows_a_button_and_fills_in_nothing(people):
    trained(people)
    page = browser(people.taker).post(reverse("complaints:suggest"), typed(people)).content.decode()

    assert 'data-value="EXPIRED"' in page
    assert 'name="suggested" value="EXPIRED"' in page
    assert not re.search(r'name="item"', page)
    assert "selected" not in page


def test_a_case_registered_without_touching_the_proposal_has_no_class(people):
    trained(people)
    browser(people.taker).post(reverse("complaints:new"), typed(people, item="", suggested="EXPIRED"))
    found = Complaint.objects.get(imported=False)

    assert (found.item, found.group) == ("", "")
    assert not SuggestAnswer.objects.exists()


@pytest.mark.parametrize(("item", "taken"), [("EXPIRED", True), ("QUALITY", False)])
def test_whether_it_was_taken_is_kept(people, item, taken):
    model = trained(people)
    browser(people.taker).post(reverse("complaints:new"), typed(people, item=item, suggested="EXPIRED"))
    found = SuggestAnswer.objects.get()

    assert (found.label, found.chosen, found.taken, found.by) == ("EXPIRED", item, taken, people.taker.party)
    assert found.model == model


def test_what_was_never_proposed_is_not_kept(people):
    trained(people)
    browser(people.taker).post(reverse("complaints:new"), typed(people, item="EXPIRED", suggested="<script>"))

    assert Complaint.objects.get(imported=False).item == "EXPIRED"
    assert not SuggestAnswer.objects.exists()


def test_another_units_form_says_nothing(people):
    trained(people)
    page = browser(people.stranger).post(reverse("complaints:suggest"), typed(people)).content.decode()

    assert "EXPIRED" not in page
    assert "H0" not in page


def test_the_case_page_proposes_for_unclassified_ones_and_leads_to_the_form(people):
    trained(people)
    case = a_complaint(people, text=EXPIRED)
    client = browser(people.specialist)
    page = client.get(reverse("complaints:beside", args=[case.pk])).content.decode()
    link = reverse("complaints:change_facts", args=[case.pk]) + "?item=EXPIRED"

    assert link in page
    form = client.get(link).context["form"]
    assert (form["item"].value(), form["suggested"].value()) == ("EXPIRED", "EXPIRED")
    case.refresh_from_db()
    assert case.item == ""

    actions.change_facts(
        complaint=case,
        by=people.specialist.party,
        now=MONDAY,
        reason="归类",
        item="EXPIRED",
        suggested="EXPIRED",
    )
    assert SuggestAnswer.objects.get().taken
    assert link not in client.get(reverse("complaints:beside", args=[case.pk])).content.decode()


def test_the_panel_is_of_those_who_see_the_case(people):
    case = a_complaint(people, text=EXPIRED)
    address = reverse("complaints:beside", args=[case.pk])

    assert browser(people.stranger).get(address).status_code == 404
    assert browser(people.employee).get(address).status_code == 403


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_shows_figures_history_and_how_often_it_was_taken(people, language):
    model = trained(people)
    browser(people.taker).post(reverse("complaints:new"), typed(people, item="EXPIRED", suggested="EXPIRED"))
    page = browser(people.manager, language).get(reverse("complaints:suggestions")).content.decode()

    assert f"{model.macro_f1:.3f}" in page
    assert "1/1" in page


def test_the_page_says_why_there_is_no_model(people):
    trained(people, each=3)
    page = browser(people.manager, "en").get(reverse("complaints:suggestions")).content.decode()

    assert "There are 6 usable cases of 2 classes; at least 40" in page


def test_training_is_asked_of_the_worker(people, monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "async_task", lambda task, **given: asked.append((task, given)))
    client = browser(people.manager)
    page = client.post(reverse("complaints:train_suggestions"), {"key": KEY})

    assert page.status_code == 302
    assert asked == [(jobs.TASK, {"key": KEY, "by": people.manager.pk, "take": False, "again": True})]
    client.post(reverse("complaints:train_suggestions"), {"key": "other"})
    assert len(asked) == 1
