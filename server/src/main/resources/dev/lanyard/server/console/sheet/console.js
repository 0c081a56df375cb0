// What pages do better with a script; they work without. No page holds a script of its own.
"use strict";

const policy = globalThis.trustedTypes?.createPolicy("lanyard", { createHTML: (text) => text });

const parsed = (text) => new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");

// Times are written in UTC; here they become the reader's, and say so.
function localize(root) {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) {
      time.title = time.dateTime;
      time.textContent = format.format(at);
    }
  }
}

// A part that says data-live is fetched again every so many seconds, while somebody looks.
function keepLive(part) {
  setInterval(async () => {
    if (document.hidden || part.contains(document.activeElement)) {
      return;
    }
    const answer = await fetch(location.href, { redirect: "error" }).catch(() => undefined);
    if (!answer?.ok) {
      part.dataset.stale = "true";
      return;
    }
    const text = await answer.text();
    const page = parsed(text);
    const fresh = page.getElementById(part.id);
    if (!fresh) {
      // The page is another one by now: what it waited for is there.
      location.reload();
      return;
    }
    part.replaceChildren(...fresh.childNodes);
    delete part.dataset.stale;
    localize(part);
  }, Number(part.dataset.live) * 1000);
}

// A form that says data-instant asks for its page while its controls are moved, and shows what follows from them in
// the parts that say data-fresh. The address of the page says the same.
function follow(form) {
  let asked = new AbortController();
  let timer;
  const ask = async (address) => {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    const answer = await fetch(address, { redirect: "error", signal }).catch(() => undefined);
    const text = await answer?.text().catch(() => undefined);
    if (signal.aborted) {
      return;
    }
    // What cannot be tried is answered by the same page, with the reason.
    const isPage = text !== undefined && (answer.ok || answer.status === 400);
    const page = isPage && parsed(text);
    for (const part of document.querySelectorAll("[data-fresh][id]")) {
      const fresh = page && page.getElementById(part.id);
      if (fresh) {
        part.replaceChildren(...fresh.childNodes);
        localize(part);
        delete part.dataset.stale;
      } else {
        part.dataset.stale = "true";
      }
    }
    history.replaceState(null, "", address);
  };
  form.addEventListener("input", ({ target }) => {
    const value = `${target.value} ${target.dataset.unit}`;
    target.setAttribute("aria-valuetext", value);
    target.parentElement.querySelector("b").textContent = value;
    clearTimeout(timer);
    timer = setTimeout(ask, 150, `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`);
  });
}

// A form that was sent is not sent again by a second click.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) {
    event.preventDefault();
  }
  event.target.dataset.sent = event.target.method === "post" ? "true" : "";
});
// Back from the cache of the browser, it can be.
addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
  }
});

localize(document);
document.querySelectorAll("[data-live][id]").forEach(keepLive);
document.querySelectorAll("form[data-instant]").forEach(follow);
