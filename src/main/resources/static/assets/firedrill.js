// Keeps an open page true: the server says that something moved, the page fetches itself and swaps the parts that changed.
(() => {
  "use strict";
  const RETRY_MILLIS = 3000, LIFE_MILLIS = 35000, TICK_MILLIS = 5000;
  const url = document.body.dataset.liveUrl;
  const banner = document.getElementById("connection");
  const fresh = document.getElementById("fresh");
  let source, watchdog, lost = null, busy = false, again = false;

  const clock = (date) => date.toISOString().slice(11, 19);

  function rough(seconds) {
    if (seconds < 60) return seconds + " s";
    if (seconds < 3600) return Math.floor(seconds / 60) + " min";
    return seconds < 172800 ? Math.floor(seconds / 3600) + " h" : Math.floor(seconds / 86400) + " d";
  }

  function tick() {
    document.querySelectorAll("time[data-ago]").forEach((time) => {
      const since = Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000);
      const text = Math.abs(since) < 3 ? "just now" : since < 0 ? "in " + rough(-since) : rough(since) + " ago";
      if (time.textContent !== text) time.textContent = text;
    });
  }

  function swap(next) {
    document.querySelectorAll("[data-live][id]").forEach((now) => {
      const then = next.getElementById(now.id);
      if (!then || then.isEqualNode(now)) return;
      const inside = now.contains(document.activeElement) ? document.activeElement : null;
      if (inside && inside.matches("input, textarea, select")) return;
      now.querySelectorAll("details[open][id]").forEach((open) => {
        const same = then.querySelector("#" + CSS.escape(open.id));
        if (same) same.open = true;
      });
      const focus = inside && (inside.id ? "#" + CSS.escape(inside.id) : inside.getAttribute("href")
        ? `[href="${CSS.escape(inside.getAttribute("href"))}"]` : null);
      now.replaceWith(document.adoptNode(then));
      const refocus = focus && document.querySelector(focus);
      if (refocus) refocus.focus({ preventScroll: true });
    });
    tick();
  }

  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Firedrill-Refresh": "1", Accept: "text/html" } });
      if (answer.redirected && new URL(answer.url).pathname.endsWith("/sign-in")) { location.reload(); return; }
      swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (fresh) fresh.textContent = "This page is as of " + clock(new Date()) + ".";
      document.dispatchEvent(new CustomEvent("firedrill:moved"));
    } catch (e) {
      trouble();
    } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  }

  function trouble() {
    if (!lost) lost = new Date();
    banner.textContent = "The server does not answer since " + clock(lost) + " UTC: what you see may be old. Trying again …";
    banner.hidden = false;
  }

  function well() {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => { trouble(); connect(); }, LIFE_MILLIS);
    if (lost) { lost = null; banner.hidden = true; refresh(); }
  }

  function connect() {
    if (source) source.close();
    source = new EventSource(url);
    source.addEventListener("hello", () => { well(); refresh(); });
    source.addEventListener("alive", well);
    source.addEventListener("changed", () => { well(); refresh(); });
    source.onerror = () => {
      trouble();
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MILLIS);
    };
  }

  // One click, one request: a second one would start it twice.
  document.addEventListener("submit", (event) => {
    if (event.target.method === "post") {
      if (event.target.dataset.sent) { event.preventDefault(); return; }
      setTimeout(() => { if (!event.defaultPrevented) event.target.dataset.sent = "1"; });
    }
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((f) => delete f.dataset.sent));

  // Drafts of forms are their person's alone.
  document.querySelectorAll("form.me").forEach((form) => form.addEventListener("submit", () =>
    Object.keys(sessionStorage).filter((key) => key.startsWith("firedrill-draft:")).forEach((key) => sessionStorage.removeItem(key))));

  setInterval(tick, TICK_MILLIS);
  if (url && "EventSource" in window) {
    connect();
    window.addEventListener("pagehide", () => { clearTimeout(watchdog); source.close(); });
  }
})();
