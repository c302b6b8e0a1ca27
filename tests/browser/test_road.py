"""A day on the road at phone size with the network cut: nothing is lost, nothing is twice, and closing needs its due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from zhike.kernel.policy import inforce
from zhike.kernel.records import attachments
from zhike.manuals.information import actions as information
from zhike.people.tests.rules import in_force
from zhike.visits import actions
from zhike.visits.models import SyncEntry, Visit
from zhike.visits.tests.conftest import a_house
from zhike.visits.tests.factories import a_shop

from .conftest import PASSWORD, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = {"latitude": 30.25, "longitude": 120.15, "accuracy": 12}
PHONE = 390


@pytest.fixture
def house(transactional_db: Any) -> Iterator[Any]:
    inforce.forget()
    found = a_house()
    found.specialist.set_password(PASSWORD)
    found.specialist.save(update_fields=["password"])
    yield found
    inforce.forget()


def a_plan(house: Any, names: list[str]) -> list[Visit]:
    now = dt.datetime.now(dt.UTC)
    today = now.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    by = house.specialist.party
    return [
        actions.add(manager=by, customer=a_shop(house, name), on=today, by=by, now=now, knowing=True)
        for name in names
    ]


@pytest.fixture
def phone(windows: Any, house: Any) -> Any:
    """Somebody on the road: signed in, a position, the page taken along."""

    def begin(language: str = "zh-CN") -> Person:
        person: Person = windows(width=PHONE, language=language)
        person.window.grant_permissions(["geolocation"])
        person.window.set_geolocation(HERE)
        person.sign_in(house.specialist.username)
        take_along(person)
        return person

    return begin


def take_along(person: Person) -> None:
    person.page.goto("/visits/road/")
    person.page.wait_for_selector(".road-stop")
    person.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    person.page.evaluate(
        """new Promise((done) => {
          const worker = navigator.serviceWorker;
          worker.addEventListener('controllerchange', () => done());
          if (worker.controller) done();
        })"""
    )


def waiting(page: Any) -> int:
    return page.evaluate(
        """() => new Promise((resolve) => {
          const asked = indexedDB.open("zhike-road");
          asked.onsuccess = () => {
            const rows = asked.result.transaction("entries").objectStore("entries").getAll();
            rows.onsuccess = () => resolve(rows.result.filter((row) => row.state === "waiting").length);
          };
        })"""
    )


def sent(page: Any) -> None:
    page.wait_for_selector(".zk-offline.is-sent", timeout=30_000)


def part(page: Any, key: str) -> Any:
    return page.locator(f'[data-demand="{key}"]')


def onward(page: Any) -> None:
    page.locator(".zk-fix .btn-primary").click()


def sign(page: Any) -> None:
    box = page.locator("canvas.road-pad")
    box.scroll_into_view_if_needed()
    edge = box.bounding_box()
    page.mouse.move(edge["x"] + 40, edge["y"] + 40)
    page.mouse.down()
    for at in range(1, 12):
        page.mouse.move(edge["x"] + 40 + at * 18, edge["y"] + 40 + (at % 3) * 30)
    page.mouse.up()


def walk(page: Any, picture: Path, *, but: str = "") -> None:
    """The eight steps of one visit, everything that the regulation asks for, except what is named."""
    for key in ("CHECKS:拜访工具", "CHECKS:进店准备"):
        part(page, key).get_by_role("button", name="全部").click()
    onward(page)
    part(page, "ARRIVED").locator(".btn-primary").click()
    page.wait_for_selector('[data-demand="ARRIVED"] .road-said')
    part(page, "CHECKS:打招呼").get_by_role("checkbox").click()
    if part(page, "CHECKS:初次见面").count():
        part(page, "CHECKS:初次见面").get_by_role("button", name="全部").click()
    for key in ("CHECKS:初次拜访检查",):
        if part(page, key).count():
            part(page, key).get_by_role("button", name="全部").click()
    if part(page, "HOST").count():
        part(page, "HOST").locator('[data-draft="host"]').fill("王老板")
        part(page, "HOST").locator('[data-draft="position"]').fill("店主")
        part(page, "HOST").locator(".btn-primary").click()
    onward(page)
    part(page, "FINDINGS:市场信息").locator('[data-draft="MARKET.PRICE"]').fill("中华涨价")
    for one in part(page, "FINDINGS:市场信息"), part(page, "FINDINGS:初访信息"):
        if one.count():
            one.locator("> .btn").click()
    onward(page)
    part(page, "PROBLEMS").locator("> .btn").click()
    onward(page)
    part(page, "GIVEN:宣传信息").locator(".zk-pick button").first.click()
    onward(page)
    part(page, "GUIDED:指导方面").locator("> .btn").click()
    onward(page)
    for key in ("FINDINGS:客户服务手册", "FINDINGS:拜访记录"):
        part(page, key).locator("> .btn").click()
    page.locator(".zk-photos input").first.set_input_files(str(picture))
    page.wait_for_selector(".zk-photos img")
    if but != "SIGNATURE":
        part(page, "SIGNATURE").locator('[data-draft="signer"]').fill("王老板")
        sign(page)
        part(page, "SIGNATURE").locator(".btn-primary").click()
        page.wait_for_selector('[data-demand="SIGNATURE"] .road-said')
    onward(page)
    part(page, "CHECKS:告别").get_by_role("checkbox").click()
    part(page, "NEXT").locator(".road-no").click()
    part(page, "NEXT").locator(".btn-primary").click()
    part(page, "LEFT").locator(".btn-primary").click()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "front.jpg"
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(path, quality=90)
    return path


def test_a_visit_without_a_network_survives_a_closed_browser_and_arrives_once(house, phone, picture):
    first, second = a_plan(house, ["城东便利店", "湖滨烟酒行"])
    person = phone()
    person.window.set_offline(True)
    page = person.page
    page.reload()
    page.locator(f'[data-visit="{first.uid}"]').click()
    walk(page, picture)
    page.get_by_role("button", name="结束拜访").click()
    page.wait_for_selector(f'[data-visit="{first.uid}"].is-over')
    made = waiting(page)
    page.locator(f'[data-visit="{second.uid}"]').click()
    part(page, "CHECKS:拜访工具").get_by_role("button", name="全部").click()

    # the battery is empty: the page is gone, and comes back without a network
    page.close()
    page = person.window.new_page()
    page.goto("/visits/road/")
    page.wait_for_selector(f'[data-visit="{first.uid}"].is-over')
    assert waiting(page) == made + 1
    assert SyncEntry.objects.count() == 0

    person.window.set_offline(False)
    sent(page)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.state == Visit.State.CLOSED
    assert first.signature is not None
    assert first.place_why == ""
    assert first.photos.get().attachment.size < 1_000_000
    assert first.findings.get(kind="PRICE").text == "中华涨价"
    assert second.checks["拜访工具"]
    assert set(SyncEntry.objects.values_list("outcome", flat=True)) == {"KEPT"}
    assert SyncEntry.objects.count() == made + 1
    page.reload()
    sent(page)
    assert SyncEntry.objects.count() == made + 1


def test_a_visit_that_lacks_something_says_what_and_cannot_be_closed(house, phone, picture):
    [visit] = a_plan(house, ["城东便利店"])
    page = phone().page
    page.locator(f'[data-visit="{visit.uid}"]').click()
    walk(page, picture, but="SIGNATURE")

    close = page.get_by_role("button", name="结束拜访")
    assert close.is_disabled()
    assert "签字" in page.inner_text(".zk-missing")
    page.locator(".zk-missing a").click()
    part(page, "SIGNATURE").get_by_role("button", name="原因").click()
    part(page, "SIGNATURE").locator('[data-draft="why.SIGNATURE"]').fill("店主手受伤")
    part(page, "SIGNATURE").locator(".btn-primary").last.click()
    onward(page)
    page.get_by_role("button", name="结束拜访").click()
    sent(page)
    visit.refresh_from_db()
    assert visit.state == Visit.State.CLOSED
    assert visit.excuses == {"SIGNATURE": "店主手受伤"}


def test_two_dots_are_no_signature_and_a_half_written_word_is_kept(house, phone):
    [visit] = a_plan(house, ["城东便利店"])
    person = phone()
    person.window.set_offline(True)
    page = person.page
    page.goto(f"/visits/road/#/visit/{visit.uid}/7")
    part(page, "SIGNATURE").locator('[data-draft="signer"]').fill("王老板")
    edge = page.locator("canvas.road-pad").bounding_box()
    for at in (40, 80):
        page.mouse.click(edge["x"] + at, edge["y"] + 40)
    part(page, "SIGNATURE").locator(".btn-primary").click()
    assert page.locator('[data-demand="SIGNATURE"] [role="alert"]').is_visible()

    page.reload()
    assert part(page, "SIGNATURE").locator('[data-draft="signer"]').input_value() == "王老板"
    assert waiting(page) == 0


def test_what_clashes_is_shown_and_settled_by_the_person(house, phone):
    [visit] = a_plan(house, ["城东便利店"])
    person = phone()
    person.window.set_offline(True)
    page = person.page
    page.goto(f"/visits/road/#/visit/{visit.uid}/8")
    part(page, "NEXT").locator(".road-no").click()
    part(page, "NEXT").locator(".btn-primary").click()
    # the same visit goes on at the desk meanwhile
    now = dt.datetime.now(dt.UTC)
    by = house.specialist.party
    actions.start(visit=visit, by=by, now=now)
    told = visit.planned_on + dt.timedelta(days=3)
    actions.set_next(visit=visit, on=told, by=by, now=now)

    person.window.set_offline(False)
    clash = page.locator("[data-clash]")
    page.goto("/visits/road/")
    clash.wait_for()
    assert told.isoformat() in clash.inner_text()
    clash.locator(".btn-primary").click()
    clash.wait_for(state="detached")
    visit.refresh_from_db()
    assert visit.next_on != told
    assert SyncEntry.objects.get().outcome == "KEPT"


def test_without_a_position_the_reason_is_asked_for(house, phone):
    [visit] = a_plan(house, ["城东便利店"])
    person = phone()
    person.window.clear_permissions()
    page = person.page
    page.goto(f"/visits/road/#/visit/{visit.uid}/2")
    part(page, "ARRIVED").locator(".btn-primary").click()
    part(page, "ARRIVED").locator('[data-draft="why"]').fill("地下商场没有信号")
    part(page, "ARRIVED").locator(".btn-primary").click()
    page.wait_for_selector('[data-demand="ARRIVED"] .road-said')
    sent(page)
    visit.refresh_from_db()
    assert visit.place_why == "地下商场没有信号"
    assert visit.latitude is None


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_the_page_is_quiet_and_fits_the_phone(house, phone, language):
    [visit] = a_plan(house, ["城东便利店"])
    person = phone(language)
    for step in range(1, 9):
        person.page.goto(f"/visits/road/#/visit/{visit.uid}/{step}")
        person.page.wait_for_selector(".zk-fix")
        assert person.page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert person.trouble == []


def test_a_photo_of_20_megabytes_is_small_before_the_phone_keeps_it(house, phone, tmp_path):
    [visit] = a_plan(house, ["城东便利店"])
    huge = tmp_path / "huge.jpg"
    Image.effect_noise((5600, 4200), 90).convert("RGB").save(huge, quality=96)
    assert huge.stat().st_size > 20_000_000
    person = phone()
    person.window.set_offline(True)
    page = person.page
    page.goto(f"/visits/road/#/visit/{visit.uid}/7")
    page.locator(".zk-photos input").first.set_input_files(str(huge))
    page.wait_for_selector(".zk-photos img", timeout=60_000)

    size, width, height = page.evaluate(
        """() => new Promise((resolve) => {
          indexedDB.open("zhike-road").onsuccess = ({ target }) => {
            const kept = target.result.transaction("files").objectStore("files").getAll();
            kept.onsuccess = async () => {
              const picture = await createImageBitmap(kept.result[0]);
              resolve([kept.result[0].size, picture.width, picture.height]);
            };
          };
        })"""
    )
    print(f"a photo of {huge.stat().st_size:,} bytes is kept as {size:,}")

    assert (width, height) == (1600, 1200)
    assert size < 1_500_000  # of noise, which no compression makes small


def test_the_policies_of_the_month_are_read_without_a_network(house, phone):
    in_force(house, "work-platform")
    now, by = dt.datetime.now(dt.UTC), house.general_manager.party
    item = information.draft(
        unit=house.mall, kind="MONTH_POLICY", title="本月政策", body="整箱让利两个点", by=by, now=now,
        valid_from=now.date() - dt.timedelta(days=2),
    )  # fmt: skip
    information.publish(item=item, by=by, now=now)
    [visit] = a_plan(house, ["城东便利店"])
    person = phone()
    person.window.set_offline(True)
    page = person.page
    page.goto(f"/visits/road/#/visit/{visit.uid}/1")
    page.locator(".road-policy summary").click()
    assert page.locator(".road-policy p").inner_text() == "整箱让利两个点"
    confirm = page.locator("section:has(.road-policy) > .btn-primary")
    assert confirm.is_disabled()
    page.locator("section:has(.road-policy) .road-tick").click()
    confirm.click()
    page.wait_for_selector("section:has(.road-policy) .road-said")
    assert not item.receipts.exists()

    person.window.set_offline(False)
    sent(page)
    assert item.receipts.get().party == house.specialist.party
    visit.refresh_from_db()
    assert visit.policy_read_at is not None


@pytest.mark.parametrize("width", [1440, PHONE])
def test_the_customer_signs_at_the_desk(house, chromium, live_server, width):
    by, now = house.specialist.party, dt.datetime.now(dt.UTC)
    visit = actions.start(customer=a_shop(house), by=by, now=now)
    person = Person(chromium, live_server.url, width=width, language="zh-CN")
    page = person.sign_in(house.specialist.username)
    page.goto(f"/visits/{visit.pk}/")
    page.locator(f'a[href="/visits/{visit.pk}/do/sign/"]').press("Enter")
    page.locator("dialog [name=signer]").fill("王老板")
    edge = page.locator("dialog canvas").bounding_box()
    for at in (40, 80):
        page.mouse.click(edge["x"] + at, edge["y"] + 40)
    page.locator("dialog [type=submit]").click()
    page.wait_for_selector("dialog .zk-errors, dialog [role=alert]")
    assert Visit.objects.get().signature is None

    page.locator("dialog [data-wipe]").click()
    edge = page.locator("dialog canvas").bounding_box()
    page.mouse.move(edge["x"] + 20, edge["y"] + 30)
    page.mouse.down()
    for at in range(1, 14):
        page.mouse.move(edge["x"] + 20 + at * 18, edge["y"] + 30 + (at % 3) * 30)
    page.mouse.up()
    page.locator("dialog [type=submit]").click()
    page.wait_for_selector("img.vs-sign")

    row = Visit.objects.get()
    assert row.signer == "王老板"
    picture = Image.open(attachments.path_of(row.signature.sha256))
    assert [round(side / 20) for side in picture.size] == [
        round(2 * edge[side] / 20) for side in ("width", "height")
    ]  # twice the box, within its border
    assert person.trouble == []
    person.window.close()
