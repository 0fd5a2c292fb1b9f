// The console: a preview that follows the form, a suggestion that is taken over, a warning before entries are lost.
const isAside = (event) => Boolean(event.submitter?.formTarget);

const follow = (trial) => {
  const form = trial.closest("form");
  const button = trial.querySelector("button[formtarget]");
  let count = 0;
  let timer;
  // A new frame each time: what is shown in an old one would stand in the way of the browser's "back".
  const show = () => {
    const old = trial.querySelector("iframe");
    const fresh = old.cloneNode();
    fresh.name = `trial-${(count += 1)}`;
    fresh.classList.add("coming");
    old.after(fresh);
    fresh.addEventListener("load", () => { old.remove(); fresh.classList.remove("coming"); }, { once: true });
    button.formTarget = fresh.name;
    form.requestSubmit(button);
  };
  form.addEventListener("input", (event) => {
    if (event.target.id === "preview-phone") return;
    clearTimeout(timer);
    timer = setTimeout(show, 600);
  });
  show();
};

const guard = (form) => {
  let unsaved = form.dataset.guard === "unsaved";
  form.addEventListener("input", (event) => { unsaved ||= !event.target.closest("[data-trial]"); });
  form.addEventListener("submit", (event) => { if (!isAside(event)) unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-set]");
  if (!button) return;
  const field = document.getElementById(button.dataset.set);
  field.value = button.dataset.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
for (const form of document.querySelectorAll("form[data-guard]")) guard(form);
for (const trial of document.querySelectorAll("[data-trial]")) follow(trial);
