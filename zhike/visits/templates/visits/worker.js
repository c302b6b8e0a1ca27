// Keeps the page on the phone so that it opens without a network. Data never passes through here: only files.
const ASSETS = {{ assets|safe }};
const PAGE = "{{ page|escapejs }}";
const NAME = "road-" + ASSETS.join().split("").reduce((sum, letter) => (Math.imul(31, sum) + letter.charCodeAt(0)) | 0, 7);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((kept) => kept.addAll(ASSETS).then(() => renew(kept))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("road-") && name !== NAME).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

// The page itself is fetched anew whenever there is a network, so that its language and its files are those of today.
async function renew(kept) {
  const answer = await fetch(PAGE, { credentials: "same-origin", redirect: "manual" });
  if (answer.ok) await kept.put(PAGE, answer.clone());
  return answer;
}

async function open(event) {
  const kept = await caches.open(NAME);
  const known = await kept.match(PAGE);
  const fresh = renew(kept);
  if (!known) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return known;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && path === PAGE) {
    event.respondWith(open(event));
  } else if (ASSETS.includes(path)) {
    event.respondWith(caches.open(NAME).then(async (kept) => (await kept.match(path)) || fetch(request)));
  }
});
