// Keeps the files of this version and the page without a network. Before this text stands
// BUILD = {version, files, static}. Nothing else is ever kept: no page, no answer, no file of a
// customer; what is not named below goes to the network as if this worker did not exist.

const CACHE = `vinculo-${BUILD.version}`;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const language = new URL(self.location.href).searchParams.get("language") ?? "";
const OFFLINE = `/offline?language=${encodeURIComponent(language)}`;

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

async function install() {
  const cache = await caches.open(CACHE);
  // without cookies: the page without a network is the same for everybody
  const page = await fetch(OFFLINE, { credentials: "omit", cache: "reload" });
  if (page.ok) await cache.put(OFFLINE, page);
  await Promise.allSettled(BUILD.files.map((file) => cache.add(file)));
  await self.skipWaiting();
}

self.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("vinculo-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith(BUILD.static) && HASHED.test(url.pathname)) event.respondWith(file(request));
});

/** A page comes from the network or not at all. */
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(OFFLINE);
    if (kept) return kept;
    throw error;
  }
}

/** A file whose name carries its hash: the kept one is the right one. */
async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200 && answer.type === "basic") {
    const cache = await caches.open(CACHE);
    await cache.put(request, answer.clone());
  }
  return answer;
}
