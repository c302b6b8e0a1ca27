"""A day on the road arrives: 20 visits with 40 photos as the phone sends them, then all of it once more.

Photos are taken as 300 KB each; the phone keeps at most 1600 pixels of them (`static/visits/js/pictures.js`).
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import random
import time
import uuid
from collections import Counter
from importlib import resources

from django.db import connection

from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.parties.models import Party
from zhike.manuals import actions as manuals
from zhike.visits import actions
from zhike.visits.models import Visit, VisitPhoto
from zhike.visits.tests import day

from .figures import Row
from .house import Place
from .pages import session_of
from .served import Client, free_port, gunicorn, serving

VISITS, PHOTOS = 20, 40
BYTES = 300_000
SEND = "/visits/road/send/"


def run(place: Place) -> list[Row]:
    """Seconds of all requests one after the other, each on a connection of its own. Raises where an entry is lost."""
    unit, user, now = place.house.units["south"], place.user("south", "P002-02"), clock.now()
    text = resources.files("zhike.manuals").joinpath("library/shop-visits.md").read_text("utf-8")
    manuals.publish_and_install(text=text, unit=unit, by=None, now=now)
    parties = Party.objects.bulk_create(
        Party(kind=Party.Kind.PERSON, name=f"测量店{n}", unit=unit) for n in range(VISITS)
    )
    shops = Customer.objects.bulk_create(
        Customer(party=one, name=one.name, unit=unit, owner=user.party, created_at=now, source="COUNTER")
        for one in parties
    )
    today = now.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    visits = [
        actions.add(manager=user.party, customer=shop, on=today, by=user.party, now=now, knowing=True)
        for shop in shops
    ]
    made = day.entries(visits, now - dt.timedelta(hours=8), _picture(), photos=PHOTOS // VISITS)
    pieces = [_body(piece) for piece in day.pieces(made)]
    connection.close()
    port = free_port()
    with serving(gunicorn(port), port):
        client = Client(port, session_of(user))
        _post(client, *_body([]))  # what is loaded at the first request is not the day's
        first, found = _sent(client, pieces)
        again, known = _sent(client, pieces)
    if (found, known) != ({"kept": len(made)}, {"known": len(made)}):
        raise RuntimeError(f"{len(made)} entries became {dict(found)} and {dict(known)}")
    closed = Visit.objects.filter(pk__in=[one.pk for one in visits], state=Visit.State.CLOSED).count()
    if (closed, VisitPhoto.objects.count()) != (VISITS, PHOTOS):
        raise RuntimeError(f"{closed} visits are closed, {VisitPhoto.objects.count()} photos are there")
    size = sum(len(body) for body, _kind in pieces)
    what = f"sync of a day: {VISITS} visits, {PHOTOS} photos, {len(made)} entries in {len(pieces)} requests"
    return [
        Row(what, first, "s"),
        Row("  bytes of these requests", size / 1e6, "MB"),
        Row("  entries taken over", len(made) / first, "entries/s"),
        Row("  the same day once more, everything known", again, "s"),
    ]


def _picture() -> object:
    """Two photos and a signature for each visit; noise, as compressed pictures are."""
    dice = random.Random(20)

    def picture(number: int) -> bytes:
        if number % 3 == 2:
            return b"\x89PNG\r\n\x1a\n" + dice.randbytes(8_000)
        return b"\xff\xd8\xff\xe0" + dice.randbytes(BYTES)

    return picture


def _body(piece: list[day.Entry]) -> tuple[bytes, str]:
    """A form of the page on the phone: `entries`, and a file under the uid of its entry."""
    mark = uuid.uuid4().hex
    told = json.dumps([{key: value for key, value in one.items() if key != "file"} for one in piece])
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="entries"\r\n\r\n{told}\r\n'.encode()]
    for one in piece:
        if "file" in one:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{one["uid"]}"; filename="p.jpg"\r\n'
            parts += [f"{head}Content-Type: image/jpeg\r\n\r\n".encode(), one["file"], b"\r\n"]
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def _sent(client: Client, pieces: list[tuple[bytes, str]]) -> tuple[float, Counter[str]]:
    begin, found = time.perf_counter(), Counter[str]()
    for body, kind in pieces:
        found += Counter(one["result"] for one in _post(client, body, kind))
    return time.perf_counter() - begin, found


def _post(client: Client, body: bytes, kind: str) -> list[dict[str, str]]:
    headers = {
        "Cookie": f"sessionid={client.session}; csrftoken={client.TOKEN}", "X-CSRFToken": client.TOKEN,
        "Content-Type": kind, "Connection": "close",
    }  # fmt: skip
    asked = http.client.HTTPConnection("127.0.0.1", client.port, timeout=120)
    asked.request("POST", SEND, body, headers)
    answer = asked.getresponse()
    text = answer.read()
    asked.close()
    if answer.status != 200:
        raise RuntimeError(f"{SEND} answered {answer.status}: {text[:300]!r}")
    return json.loads(text)["results"]  # type: ignore[no-any-return]
