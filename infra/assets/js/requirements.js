// The check of the reader's own device: everything is looked at here, and nothing leaves the page.
const needs = document.querySelector("[data-needs]");
const agent = navigator.userAgent;
const LATE = 1.5; // seconds that a page may have taken to come

const version = (pattern) => Number(agent.match(pattern)?.[1]);
const browser = () => {
  const found = [["firefox", /Firefox\/(\d+)/], ["chrome", /Chrom(?:e|ium)\/(\d+)/], ["safari", /Version\/(\d+).*Safari/]]
    .map(([name, pattern]) => [name, version(pattern)]).find(([, number]) => number);
  if (!found) return ["unknown", ""];
  const [name, number] = found;
  const least = Number(needs.querySelector("[data-need=browser]").dataset[name]);
  const able = "FormData" in window && "structuredClone" in window && CSS.supports("selector(:focus-visible)");
  return [number >= least && able ? "ok" : "bad", `${name} ${number}`];
};
const clock = (place) => {
  const seconds = (Date.now() - Date.parse(needs.dataset.now)) / 1000;
  const off = Math.max(0, Math.abs(seconds) - LATE);
  return [off <= Number(place.dataset.minutes) * 60 ? "ok" : "bad", `${Math.round(seconds)} s`];
};
const looks = {
  browser,
  cookies: () => [navigator.cookieEnabled ? "ok" : "bad", ""],
  script: () => ["ok", ""],
  screen: (place) => [window.screen.width >= Number(place.dataset.width) ? "ok" : "bad", `${window.screen.width} px`],
  clock,
  pdf: () => [navigator.pdfViewerEnabled === undefined ? "unknown" : navigator.pdfViewerEnabled ? "ok" : "bad", ""],
};
const COLOURS = { ok: "ok", bad: "stop", unknown: "warn" };

const lines = [];
for (const place of needs.querySelectorAll("[data-need]")) {
  const [verdict, seen] = looks[place.dataset.need](place);
  const chip = place.querySelector("[data-result]") || place.appendChild(document.createElement("span"));
  chip.className = `chip ${COLOURS[verdict]}`;
  chip.textContent = [needs.dataset[verdict], seen].filter(Boolean).join(" · ");
  chip.before(" ");
  lines.push(`${place.previousElementSibling.textContent}: ${chip.textContent}`);
}
lines.push(agent);
const result = document.getElementById("result");
result.value = lines.join("\n");
result.closest("[hidden]").hidden = false;
