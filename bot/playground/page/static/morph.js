// Makes an element look like other HTML while keeping what a person is doing in it: focus, caret, typed text.
"use strict";

function morph(old, fresh) {
  if (old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  morphValue(old, fresh);
  morphAttributes(old, fresh);
  if (old.nodeName !== "TEXTAREA") morphChildren(old, fresh);
}

function morphAttributes(old, fresh) {
  const keep = new Set(old.nodeName === "DETAILS" || old.nodeName === "DIALOG" ? ["open"] : []);
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !keep.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

// What was typed or chosen stays unless the server has another value than it had before.
function morphValue(old, fresh) {
  if (old.nodeName === "INPUT" && ["checkbox", "radio"].includes(old.type)) {
    if (old.defaultChecked !== fresh.defaultChecked) old.checked = fresh.checked;
  } else if (old.nodeName === "INPUT" || old.nodeName === "TEXTAREA") {
    const untouched = old.value === old.defaultValue && old !== document.activeElement;
    old.defaultValue = fresh.defaultValue;
    if (untouched) old.value = fresh.value;
  } else if (old.nodeName === "OPTION" && old.defaultSelected !== fresh.defaultSelected) {
    old.selected = fresh.selected;
  }
}

function morphChildren(old, fresh) {
  const keyed = new Map([...old.children].filter((c) => c.dataset.key).map((c) => [c.dataset.key, c]));
  let at = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const key = child.dataset && child.dataset.key;
    const match = key ? keyed.get(key) : at && !(at.dataset && at.dataset.key) && at.nodeName === child.nodeName ? at : null;
    if (!match) {
      old.insertBefore(child, at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else old.insertBefore(match, at);
    morph(match, child);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

// Brings the keyed pieces of a region into order, with the HTML of those that changed.
function morphRegion(region, order, html) {
  const before = new Map([...region.children].map((piece) => [piece.dataset.key, piece]));
  let at = region.firstElementChild;
  for (const key of order) {
    let piece = before.get(key);
    before.delete(key);
    if (!piece) {
      piece = document.createElement("div");
      piece.className = "item";
      piece.dataset.key = key;
    }
    if (piece === at) at = at.nextElementSibling;
    else region.insertBefore(piece, at);
    if (key in html) {
      const fresh = document.createElement("div");
      fresh.innerHTML = html[key];
      morphChildren(piece, fresh);
    }
  }
  for (const gone of before.values()) gone.remove();
}
