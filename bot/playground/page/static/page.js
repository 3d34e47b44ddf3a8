// The page: sends what a person does, and shows what the server says has changed.
"use strict";

const body = document.body;
const $ = (selector, within = document) => within.querySelector(selector);
const modal = $("#modal");

async function send(act, data) {
  const answer = await fetch(`/do/${act}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ as: body.dataset.as, ...data }),
  }).catch(() => null);
  if (!answer) return toast("The playground has ended.");
  const said = await answer.json();
  if (said.toast) toast(said.toast);
  return said;
}

let fading;
function toast(text) {
  const place = $("#toast");
  place.textContent = text;
  place.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => (place.hidden = true), 6000);
}

// What has changed

function show(regions) {
  for (const [name, { order, items }] of Object.entries(regions)) {
    const region = $(`[data-region="${name}"]`);
    if (!region) continue;
    const atEnd = region.scrollHeight - region.scrollTop - region.clientHeight < 80;
    morphRegion(region, order, items);
    if (atEnd && ["messages", "thread"].includes(name)) region.scrollTop = region.scrollHeight;
  }
  numberLines();
  showModal();
}

function showModal() {
  const view = $("form.view", modal);
  if (view && !modal.open) modal.showModal();
  if (!view && modal.open) modal.close();
  if (view && modal.dataset.shown !== view.dataset.view) {
    modal.dataset.shown = view.dataset.view;
    const first = $(".control, .boxes input", view);
    if (first) first.focus();
  }
}

function listen() {
  const feed = new EventSource(`/events${body.dataset.look.slice(1)}&unread=${body.dataset.unread}`);
  feed.onmessage = (event) => show(JSON.parse(event.data));
  feed.onopen = () => body.classList.remove("offline");
  feed.onerror = () => body.classList.add("offline");
}

// What a person does: buttons and links

document.addEventListener("click", async (event) => {
  const target = event.target.closest("[data-do]");
  if (!target || target.matches("form, input, select, textarea, .boxes")) return;
  const { do: act, value, action, side, state } = target.dataset;
  if (act === "menu") {
    target.setAttribute("aria-expanded", String(body.classList.toggle("menu-open")));
    return;
  }
  if (act === "close") return send("close", {});
  if (target.dataset.confirm && !(await confirmed(JSON.parse(target.dataset.confirm)))) return;
  target.setAttribute("aria-busy", "true");
  target.closest("details.menu-of")?.removeAttribute("open");
  await send(act, { value, action, side, state, where: whereOf(target) });
  target.removeAttribute("aria-busy");
});

const whereOf = (element) => element.closest("[data-where]")?.dataset.where || "";
const blockOf = (element) => element.closest("[data-block]")?.dataset.block || "";

function confirmed(words) {
  const dialog = $("#confirm");
  $("h2", dialog).textContent = words.title;
  $("p", dialog).textContent = words.text;
  const [deny, confirm] = dialog.querySelectorAll("button");
  deny.textContent = words.deny;
  confirm.textContent = words.confirm;
  confirm.className = `button ${words.style || "primary"}`;
  dialog.returnValue = "deny";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "confirm"), { once: true }));
}

// Forms

function valueOf(control) {
  if (control.matches(".boxes")) {
    const chosen = [...control.querySelectorAll("input:checked")].map((box) => box.value);
    return $("input[type=radio]", control) ? chosen[0] || "" : chosen;
  }
  return "chosen" in control.dataset ? control.dataset.chosen : control.value;
}

document.addEventListener("change", async (event) => {
  const control = event.target.closest(".boxes") || event.target;
  const act = control.dataset.do;
  if (!["change", "choose"].includes(act) || control.getAttribute("role") === "combobox") return;
  if (control.dataset.confirm && event.target.checked !== false) {
    if (!(await confirmed(JSON.parse(control.dataset.confirm)))) {
      event.target.checked = false;
      return;
    }
  }
  const { action } = control.dataset;
  const value = valueOf(control);
  if (control.matches(".overflow")) control.value = ""; // a menu keeps no choice
  send(act, { where: whereOf(control), block: blockOf(control), action, value });
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  event.preventDefault();
  if (form.matches(".view")) return submitView(form);
  if (form.matches("[data-compose]")) return compose(form);
  const fields = Object.fromEntries(new FormData(form));
  const button = $("button.button:not([type=button])", form);
  button.setAttribute("aria-busy", "true");
  if (form.dataset.do === "code") await send("fault", { side: "cloud", value: fields.code });
  else await send(form.dataset.do, fields);
  button.removeAttribute("aria-busy");
});

async function submitView(form) {
  const values = {};
  for (const control of form.querySelectorAll("[data-do=change]")) values[blockOf(control)] = valueOf(control);
  const button = $("button[type=submit]", form);
  button.setAttribute("aria-busy", "true");
  const said = await send("submit", { view: form.dataset.view, values });
  button.removeAttribute("aria-busy");
  if (said?.errors?.length) setTimeout(() => $(".wrong .control, .wrong input", modal)?.focus(), 100);
}

modal.addEventListener("cancel", (event) => {
  event.preventDefault();
  send("close", {});
});
modal.addEventListener("close", () => {
  if ($("form.view", modal)) send("close", {}); // a browser need not ask before Escape closes
});

// The composer

async function compose(form) {
  const box = $("textarea", form);
  const text = box.value;
  if (!text.trim()) return;
  box.value = "";
  complete();
  await send("type", { channel: form.dataset.channel, thread: form.dataset.thread, text });
}

let commands = [];
fetch("/commands").then((answer) => answer.json()).then((known) => {
  commands = known;
  complete();
}, () => {});
const composer = $("#compose");
let marked = 0;

// Slack's own way: a list of commands until one is written, then its usage.
function choices() {
  const text = composer?.value || "";
  if (!text.startsWith("/")) return [];
  const [command, rest] = [text.split(" ")[0], text.includes(" ") ? text.slice(text.indexOf(" ") + 1) : null];
  if (rest === null) {
    return commands.filter((c) => c.command.startsWith(command))
      .map((c) => ({ text: `${c.command} `, title: c.command, about: c.description }));
  }
  const known = commands.find((c) => c.command === command);
  if (!known || rest.includes(" ")) return [];
  return known.usage.split("|").map((usage) => usage.trim())
    .filter((usage) => usage.startsWith(rest) && usage !== rest)
    .map((usage) => ({ text: `${command} ${usage.split(" ")[0]} `, title: `${command} ${usage}`, about: "" }));
}

function complete() {
  if (!composer) return;
  const list = $("#completion");
  const found = choices();
  marked = Math.min(marked, Math.max(found.length - 1, 0));
  list.replaceChildren(...found.map((choice, index) => {
    const option = document.createElement("li");
    option.id = `completion-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(index === marked));
    option.dataset.text = choice.text;
    option.append(Object.assign(document.createElement("strong"), { textContent: choice.title }), ` ${choice.about}`);
    return option;
  }));
  list.hidden = found.length === 0;
  composer.setAttribute("aria-expanded", String(found.length > 0));
  composer.setAttribute("aria-activedescendant", found.length ? `completion-${marked}` : "");
  const known = commands.find((c) => composer.value.startsWith(`${c.command} `));
  $("#usage").textContent = known ? `${known.command} ${known.usage}` : "";
  composer.style.height = "auto";
  composer.style.height = `${Math.min(composer.scrollHeight, 160)}px`;
}

function take(text) {
  composer.value = text;
  marked = 0;
  complete();
  composer.focus();
}

composer?.addEventListener("input", complete);
$("#completion")?.addEventListener("mousedown", (event) => {
  const option = event.target.closest("li");
  if (option) take(option.dataset.text);
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-compose] textarea") || event.isComposing) return;
  const found = box === composer && !$("#completion").hidden ? choices() : [];
  if (found.length && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    marked = (marked + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
    complete();
  } else if (found.length && event.key === "Tab") take(found[marked].text);
  else if (found.length && event.key === "Escape") $("#completion").hidden = true;
  else if (event.key === "Enter" && !event.shiftKey) box.form.requestSubmit();
  else return;
  event.preventDefault();
});

// Selects that search

document.addEventListener("input", (event) => {
  const search = event.target.closest("[data-search]");
  if (search) suggest(search, event.target);
  if (event.target.dataset.check) check(event.target);
});

// The allowlist: its lines are numbered, and findings about an earlier text are grey.
function check(editor) {
  number(editor);
  const findings = $(".findings");
  findings.setAttribute("aria-busy", "true");
  later(async () => {
    const text = editor.value;
    await send("check", { text });
    if (editor.value === text) findings.removeAttribute("aria-busy");
  });
}

function numberLines() {
  for (const editor of document.querySelectorAll("[data-check]")) number(editor);
}

function number(editor) {
  const numbers = $(".numbers", editor.parentElement);
  numbers.textContent = editor.value.split("\n").map((_, line) => `${line + 1}\n`).join("");
  numbers.scrollTop = editor.scrollTop;
}

document.addEventListener("scroll", (event) => {
  if (event.target.dataset?.check) $(".numbers", event.target.parentElement).scrollTop = event.target.scrollTop;
}, true);

let waiting;
const later = (work) => {
  clearTimeout(waiting);
  waiting = setTimeout(work, 400);
};

document.addEventListener("focusin", (event) => {
  const search = event.target.matches("[data-search] > input") && event.target.closest("[data-search]");
  if (search && !event.target.value) suggest(search, event.target);
  for (const list of document.querySelectorAll("[data-search] .options")) {
    if (!list.parentElement.contains(event.target)) list.hidden = true;
  }
});

document.addEventListener("keydown", (event) => {
  const search = event.target.closest?.("[data-search]");
  if (!search || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const stops = [...search.querySelectorAll("input, li")];
  const step = event.key === "ArrowDown" ? 1 : stops.length - 1;
  stops[(stops.indexOf(event.target) + step) % stops.length].focus();
  event.preventDefault();
});

function suggest(search, input) {
  input.dataset.chosen = "";
  const list = $("ul", search);
  if (input.value.length < Number(search.dataset.least)) return (list.hidden = true);
  later(async () => {
    const found = await send("search", { where: whereOf(input), action: search.dataset.search, query: input.value });
    list.replaceChildren(...(found?.options || []).map(({ value, text, about }) => {
      const option = Object.assign(document.createElement("li"), { textContent: text, tabIndex: 0 });
      if (about) option.append(" ", Object.assign(document.createElement("small"), { textContent: about }));
      option.setAttribute("role", "option");
      const choose = () => {
        Object.assign(input, { value: text });
        input.dataset.chosen = value;
        list.hidden = true;
        input.setAttribute("aria-expanded", "false");
        send(input.dataset.do, { where: whereOf(input), block: blockOf(input), action: input.dataset.action, value });
      };
      option.addEventListener("click", choose);
      option.addEventListener("keydown", (event) => event.key === "Enter" && choose());
      return option;
    }));
    list.hidden = list.children.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  });
}

for (const name of ["messages", "thread"]) {
  const region = $(`[data-region="${name}"]`);
  if (region) region.scrollTop = region.scrollHeight;
}
numberLines();
showModal();
listen();
