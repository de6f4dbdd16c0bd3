/* Keeps the look and the offline page only. Pages about a person are never stored. */
"use strict";
const CACHE = "xn-shell-1";
const OFFLINE = "/offline/";

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    const page = await fetch(OFFLINE, { cache: "reload", credentials: "omit" });
    const links = [...(await page.clone().text()).matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)];
    await cache.put(OFFLINE, page);
    await cache.addAll([...new Set(links.map((link) => link[1]))]);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

async function shell(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  const fresh = fetch(request).then((answer) => {
    if (answer.ok) cache.put(request, answer.clone());
    return answer;
  });
  if (kept) fresh.catch(() => {});
  return kept || fresh;
}

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(OFFLINE)) || Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(shell(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});

/* A push holds one sentence that would do for everybody; the words themselves wait in the app. */
self.addEventListener("push", (event) => {
  const title = event.data ? event.data.text().slice(0, 60) : "有新消息";
  const told = { body: title, tag: "xn", icon: "/static/xn/icon-192.png" };
  event.waitUntil(self.registration.showNotification("星诺", told));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/notices/"));
});
