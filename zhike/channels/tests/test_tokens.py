"""Keys of the API: made once, shown once, stored nowhere, gone when revoked."""

import datetime as dt

import pytest
from django.urls import reverse

from zhike.channels import actions
from zhike.channels.models import ApiToken, Attempts, KeptAnswer
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.people.tests.factories import MONDAY, cast

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def staff():
    return cast()


def make(staff, **more):
    given = {
        "party": staff.manager.party,
        "name": "网店",
        "scopes": ["complaints:read"],
        "by": staff.administrator.party,
        "now": MONDAY,
        **more,
    }
    return actions.make_token(**given)


def test_the_secret_is_stored_nowhere_and_opens_its_key(staff):
    token, secret = make(staff)

    assert secret not in str(list(ApiToken.objects.values()))
    assert secret.startswith(f"zk_{token.prefix}_")
    assert actions.find_token(secret, MONDAY) == token
    assert Entry.objects.get(code="channels.token_made").after["party"] == staff.manager.pk


@pytest.mark.parametrize(
    "spoil", [lambda s: s[:-1], lambda s: s + "x", lambda s: "", lambda s: "zk__", lambda s: s.upper()]
)
def test_anything_but_the_secret_opens_nothing(staff, spoil):
    _token, secret = make(staff)

    assert actions.find_token(spoil(secret), MONDAY) is None


def test_a_key_ends_at_its_end_exactly(staff):
    _token, secret = make(staff, expires_at=MONDAY + DAY)

    assert actions.find_token(secret, MONDAY + DAY - dt.timedelta(microseconds=1)) is not None
    assert actions.find_token(secret, MONDAY + DAY) is None


def test_a_revoked_key_opens_nothing_and_is_revoked_once(staff):
    token, secret = make(staff)
    actions.revoke_token(token=token, by=staff.administrator.party, now=MONDAY)

    with pytest.raises(actions.CannotRevokeToken):
        actions.revoke_token(token=token, by=staff.administrator.party, now=MONDAY)

    assert actions.find_token(secret, MONDAY) is None


def test_a_key_of_somebody_who_left_opens_nothing(staff):
    _token, secret = make(staff)
    staff.manager.is_active = False
    staff.manager.save()

    assert actions.find_token(secret, MONDAY) is None


def test_last_use_is_written_once_a_minute(staff):
    token, secret = make(staff)
    for seconds in (0, 30, 60, 61):
        actions.find_token(secret, MONDAY + dt.timedelta(seconds=seconds))

    token.refresh_from_db()
    assert token.last_used_at == MONDAY + dt.timedelta(seconds=61)


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"scopes": []}, {"scopes": ["everything"]}, {"expires_at": MONDAY}],
)
def test_a_key_that_makes_no_sense_is_refused(staff, wrong):
    with pytest.raises(actions.CannotMakeToken):
        make(staff, **wrong)

    assert ApiToken.objects.count() == 0


def test_nobody_makes_a_key_for_a_party_that_cannot_sign_in(staff):
    from zhike.kernel.parties.system import system_party

    with pytest.raises(actions.CannotMakeToken):
        make(staff, party=system_party("portal"))


def test_sweeping_forgets_old_answers_and_counters_and_keeps_the_young(staff):
    token, _secret = make(staff)
    for age in (0, 8):
        KeptAnswer.objects.create(token=token, key=f"k{age}", digest="d", at=MONDAY - age * DAY)
        Attempts.objects.create(key="a", window=age, count=1, ends_at=MONDAY + DAY - age * DAY)

    assert actions.sweep(MONDAY) == 2
    assert (KeptAnswer.objects.get().key, Attempts.objects.get().window) == ("k0", 0)


# ---- pages


def test_the_administrator_makes_a_key_and_sees_its_secret_once(staff, client):
    client.force_login(staff.administrator)

    page = client.post(
        reverse("channels:token_new"),
        {
            "name": "网店",
            "person": staff.manager.pk,
            "scopes": ["complaints:read"],
            "expires_on": "2026-03-09",
        },
    )

    token = ApiToken.objects.get()
    assert f"zk_{token.prefix}_" in page.content.decode()
    assert token.expires_at == MONDAY.replace(hour=0) + DAY
    listed = client.get(reverse("channels:tokens")).content.decode()
    assert "2026-03-09" in listed
    assert f"zk_{token.prefix}_…" in listed
    assert listed.count(token.prefix) == 1


def test_a_last_day_in_the_past_is_refused_at_its_field(staff, client):
    client.force_login(staff.administrator)

    page = client.post(
        reverse("channels:token_new"),
        {
            "name": "网店",
            "person": staff.manager.pk,
            "scopes": ["complaints:read"],
            "expires_on": "2026-03-08",
        },
    )

    assert page.status_code == 200
    assert "zk-error" in page.content.decode()
    assert ApiToken.objects.count() == 0


def test_revoking_from_the_page(staff, client):
    token, secret = make(staff)
    client.force_login(staff.administrator)

    for _ in range(2):
        answer = client.post(reverse("channels:token_revoke", args=[token.pk]))

    assert answer.status_code == 302
    assert actions.find_token(secret, MONDAY) is None


@pytest.mark.parametrize("name", ["manager", "taker"])
def test_without_the_power_the_keys_are_closed(staff, client, name):
    token, _secret = make(staff)
    client.force_login(staff.users[name])

    codes = [
        client.get(reverse("channels:tokens")).status_code,
        client.get(reverse("channels:token_new")).status_code,
        client.post(reverse("channels:token_revoke", args=[token.pk])).status_code,
    ]

    assert codes == [403, 403, 403]
    assert ApiToken.objects.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_proposed_last_day_is_written_as_the_browser_reads_it(staff, client, language):
    client.force_login(staff.administrator)

    page = client.get(reverse("channels:token_new"), headers={"accept-language": language})

    assert 'value="2027-03-09"' in page.content.decode()
