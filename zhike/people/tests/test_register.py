"""The posts and powers of the register, one by one: what a fresh installation holds of each."""

from __future__ import annotations

import pytest

from zhike.people import access
from zhike.people.models import Post, PostPower, Power
from zhike.people.populate import populate

from .factories import MONDAY, cast

# id of the register, name, line manager, number of its duties
POSTS = [
    ("P002-01", "客户服务总监", "GENERAL_MANAGER", 3),
    ("P002-02", "客户服务部经理", "P002-01", 10),
    ("P002-03", "客户服务部经理助理", "P002-02", 2),
    ("P002-04", "客户服务部主管", "P002-02", 9),
    ("P002-05", "客户调查主管", "P002-02", 10),
    ("P002-06", "客户开发主管", "P002-02", 11),
    ("P002-07", "客户调查专员", "P002-05", 8),
    ("P002-08", "客户开发专员", "P002-06", 10),
    ("P002-09", "客户关系主管", "P002-02", 8),
    ("P002-10", "客户关系专员", "P002-09", 6),
    ("P002-11", "客户接待专员", "P002-09", 2),
    ("P002-12", "客户提案管理专员", "P002-09", 2),
    ("P002-13", "大客户主管", "P002-02", 7),
    ("P002-14", "大客户专员", "P002-13", 7),
    ("P002-15", "大客户服务小组", "P002-09", 2),
    ("P002-16", "售后服务主管", "P002-02", 6),
    ("P002-17", "售后服务专员", "P002-16", 6),
    ("P002-18", "售后服务调研专员", "P002-16", 2),
    ("P002-19", "客户投诉主管", "P002-02", 7),
    ("P002-20", "客户投诉专员", "P002-19", 7),
    ("P002-21", "客户投诉接待专员", "P002-16", 2),
    ("P002-22", "客户信息主管", "P002-02", 7),
    ("P002-23", "客户信息专员", "P002-22", 6),
    ("P002-24", "呼叫中心主管", "P002-02", 6),
    ("P002-25", "呼叫中心组长", "P002-24", 5),
    ("P002-26", "呼叫中心座席员", "P002-25", 6),
    ("P002-27", "呼叫中心质检员", "P002-24", 6),
    ("P002-28", "技术服务主管", "P002-02", 2),
    ("P002-29", "工程师", "P002-28", 1),
]
# id of the register, its permissions, and the kind of power in the words of the source
POWERS = [
    ("PW002-01", {"regulation.supervise", "work.inspect"}, "监督管理权"),
    ("PW002-02", {"department.configure"}, "自主权"),
    ("PW002-04", {"marketing_plan.comment"}, "参与权、建议权"),
    ("PW002-05", {"expense.review"}, "审核权"),
    ("PW002-06", {"personnel.propose"}, "建议权"),
    ("PW002-07", {"marketing_policy.comment"}, "参与权、建议权"),
    ("PW002-08", {"sales_appraisal.score"}, "参与权"),
    ("PW002-09", {"cooperation.request"}, "要求配合权"),
]


@pytest.mark.django_db
@pytest.mark.rule("P002-01..29", "S002-04")
@pytest.mark.parametrize(("code", "name", "superior", "duties"), POSTS)
def test_the_register_of_posts_holds_each_with_its_line_and_all_its_duties(code, name, superior, duties):
    populate()

    post = Post.objects.select_related("reports_to").get(code=code)

    assert (post.name, post.reports_to.code) == (name, superior)
    assert list(post.duties.values_list("number", flat=True)) == list(range(1, duties + 1))
    assert all(text and english for text, english in post.duties.values_list("text", "text_en"))
    assert post.name_en


@pytest.mark.django_db
@pytest.mark.rule("PW002-01..02", "PW002-04..09", "S002-03")
@pytest.mark.parametrize(("ident", "codes", "kind"), POWERS)
def test_each_power_of_the_department_is_a_permission_of_its_manager_and_of_no_plain_employee(
    ident, codes, kind
):
    people = cast()

    powers = Power.objects.filter(register=ident)

    assert set(powers.values_list("code", flat=True)) == codes
    assert {power.kind for power in powers} == {kind}
    for code in codes:
        assert access.may(people.manager, code, people.south, now=MONDAY)
        assert not access.may(people.employee, code, now=MONDAY)
        assert not access.may(people.manager, code, people.north, now=MONDAY)


@pytest.mark.django_db
@pytest.mark.rule("PW002-03")
def test_penalties_decisions_and_recommendations_are_three_permissions():
    populate()

    codes = set(Power.objects.filter(register="PW002-03").values_list("code", flat=True))

    assert codes == {"penalty.issue", "complaint.decide", "complaint.recommend"}
    recommends = PostPower.objects.filter(power__code="complaint.recommend", post__code="P002-20")
    decides = PostPower.objects.filter(power__code="complaint.decide", post__code="P002-20")
    assert recommends.exists()
    assert not decides.exists()
