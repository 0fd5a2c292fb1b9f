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

const keyOf = (form) => `relais:${form.action}`;
const valuesOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "revision");

const restore = (form, status) => {
  const kept = sessionStorage.getItem(keyOf(form));
  if (!kept) return;
  for (const [name, value] of JSON.parse(kept)) {
    for (const field of form.elements) {
      if (field.name !== name) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
      else if (field.type !== "hidden" && field.type !== "file") field.value = value;
    }
  }
  sessionStorage.removeItem(keyOf(form));
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

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = document.getElementById(form.dataset.autosave);
  restore(form, status);
  form.addEventListener("input", () => schedule(form, status, 1200));
  form.addEventListener("submit", () => clearTimeout(timers.get(form)));
}
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", () => navigator.clipboard.writeText(button.dataset.copy));
}
