// Menus that close as one expects, forms that save themselves, and values that survive a sign-in that ended.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
};
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});

// What was typed outlives an answer that never came: it is kept when a form is sent, and let go of once the next page says
// that it arrived. Pages marked data-unsaved (errors, the sign-in) say that it did not. Secrets are never kept.
const SENT = "relais:sent";
const TYPED = "textarea, select, input:not([type=hidden]):not([type=file]):not([type=checkbox]):not([type=radio])";
const isKept = (form) => form.querySelector(TYPED) && !form.querySelector("[type=password], [autocomplete=one-time-code]");
const keyOf = (form) => `relais:${form.action}`;
const valuesOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "revision");

const settle = () => {
  const sent = JSON.parse(sessionStorage.getItem(SENT));
  sessionStorage.removeItem(SENT);
  const followed = sent && document.referrer && new URL(document.referrer).pathname === sent.from;
  if (followed && !document.querySelector("[data-unsaved]")) sessionStorage.removeItem(sent.key);
};

const fill = (form) => {
  const kept = sessionStorage.getItem(keyOf(form));
  if (!kept) return false;
  const typed = JSON.parse(kept);
  for (const field of form.elements) {
    const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
    else if (values.length && !["hidden", "file", "submit"].includes(field.type)) field.value = values[0];
  }
  sessionStorage.removeItem(keyOf(form));
  form.closest("details")?.setAttribute("open", "");
  return true;
};

const restore = (form, status) => {
  if (!fill(form)) return;
  status.textContent = form.dataset.restored;
  schedule(form, status, 200);
};

const timers = new WeakMap();
const schedule = (form, status, wait) => {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form, status), wait));
};

const keep = (form) => sessionStorage.setItem(keyOf(form), JSON.stringify(valuesOf(form)));

const save = async (form, status) => {
  status.textContent = form.dataset.saving;
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Relais-Autosave": "1" } });
  } catch {
    keep(form);
    status.textContent = form.dataset.offline;
    schedule(form, status, 5000);
    return;
  }
  if (answer.status === 401) {
    keep(form);
    const link = document.createElement("a");
    link.href = answer.headers.get("X-Relais-Sign-In");
    link.textContent = form.dataset.signin;
    status.replaceChildren(link);
    return;
  }
  if (answer.status >= 500) {
    keep(form);
    status.textContent = form.dataset.offline;
    schedule(form, status, 5000);
    return;
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) {
    form.elements.revision.value = said.revision;
    sessionStorage.removeItem(keyOf(form));
    status.textContent = `${said.status} · ${new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })}`;
  } else {
    keep(form);
    status.textContent = said.status || form.dataset.offline;
  }
};

settle();
for (const form of document.querySelectorAll("main form[method=post]")) {
  if (!isKept(form)) continue;
  if (!form.dataset.autosave) fill(form);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget) return; // shown in a frame of this page, which stays
    keep(form);
    sessionStorage.setItem(SENT, JSON.stringify({ key: keyOf(form), from: location.pathname }));
  });
}
for (const form of document.querySelectorAll("form[data-sign-out]")) {
  form.addEventListener("submit", () => sessionStorage.clear());
}
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = document.getElementById(form.dataset.autosave);
  restore(form, status);
  form.addEventListener("input", () => schedule(form, status, 1200));
  form.addEventListener("submit", () => clearTimeout(timers.get(form)));
}
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", () => navigator.clipboard.writeText(button.dataset.copy));
}
