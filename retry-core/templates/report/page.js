"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  all(".needs-script").forEach((element) => { element.hidden = false; });

  const frames = one(".frames");
  const say = (text) => { one("#done").textContent = text; };

  // The time, as the reader's clock shows it.
  const time = one("time");
  const when = new Date(time.dateTime);
  if (!Number.isNaN(when.getTime())) {
    time.title = time.dateTime;
    time.textContent = when.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
  }

  // Search: what does not match is hidden, what matches is opened; afterwards all is as it was.
  const search = one("#search");
  const parts = all(".frames > *, aside .value, .crumb");
  let opened = null;
  const textOf = new Map(parts.map((part) => [part, part.textContent.toLowerCase()]));
  const highlight = (words) => {
    if (!globalThis.CSS || !CSS.highlights) return;
    const ranges = [];
    for (const part of words.length ? parts.filter((part) => !part.hidden) : []) {
      const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node && ranges.length < 2000; node = walk.nextNode()) {
        const text = node.data.toLowerCase();
        // A letter that has another length in lower case would shift all behind it.
        if (text.length !== node.data.length) continue;
        for (const word of words) {
          for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            const range = new Range();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            ranges.push(range);
          }
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  };
  const find = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length && !opened) opened = new Map(all(".frames details, aside details").map((each) => [each, each.open]));
    let found = 0;
    for (const part of parts) {
      const matches = words.every((word) => textOf.get(part).includes(word));
      part.hidden = !matches;
      if (!words.length) continue;
      if (matches) found += 1;
      const within = all("details", part).concat(part.matches("details") ? [part] : []);
      for (const each of within) each.open = matches && words.some((word) => each.textContent.toLowerCase().includes(word));
    }
    if (!words.length && opened) {
      opened.forEach((open, each) => { each.open = open; });
      opened = null;
    }
    highlight(words);
    one("#found").textContent = words.length ? (found ? `${found} of ${parts.length} match` : "nothing matches") : "";
  };
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { search.value = ""; find(); }
  });

  // Opening and closing all, and turning the order.
  const unfold = one("#unfold");
  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    all(".frame").forEach((frame) => { frame.open = open; });
    unfold.setAttribute("aria-pressed", String(open));
    unfold.textContent = open ? "Close all" : "Open all";
  });
  const turn = one("#turn");
  turn.addEventListener("click", () => {
    const oldest = turn.getAttribute("aria-pressed") !== "true";
    frames.append(...[...frames.children].reverse());
    all(".libraries ol").forEach((list) => list.append(...[...list.children].reverse()));
    turn.setAttribute("aria-pressed", String(oldest));
    turn.textContent = oldest ? "Newest first" : "Oldest first";
    one("#order").textContent = oldest ? "most recent call last" : "most recent call first";
  });

  // Copying.
  const copy = async (text, area) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      area.hidden = false;
      area.select();
      const copied = document.execCommand("copy");
      area.hidden = true;
      return copied;
    }
  };
  for (const button of all("[data-copy]")) {
    const label = button.textContent;
    button.addEventListener("click", async () => {
      const area = document.getElementById(button.dataset.copy);
      const copied = await copy(area.value, area);
      button.focus();
      button.textContent = copied ? "Copied" : "Not copied";
      button.classList.toggle("done", copied);
      say(copied ? "Copied" : "The browser does not allow copying");
      setTimeout(() => { button.textContent = label; button.classList.remove("done"); say(""); }, 1500);
    });
  }

  // Links to the reader's editor.
  const kept = {
    get(name) { try { return localStorage.getItem(`retry-core ${name}`); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(`retry-core ${name}`, value); } catch { /* kept until the page is closed */ } },
  };
  const editor = one("#editor");
  const template = one("#template");
  const root = one("#root");
  const encode = (path) => path.split("/").map(encodeURIComponent).join("/").replace(/%3A/g, ":");
  const link = (anchor) => {
    const { file, path, line, column } = anchor.dataset;
    const folder = root.value.trim().replace(/[/\\]+$/, "");
    const isRelative = !/^([/\\]|[A-Za-z]:)/.test(file);
    const whole = (folder && isRelative ? `${folder}/${file}` : path).replaceAll("\\", "/");
    const href = template.value
      .replaceAll("/{path}", `/${encode(whole.replace(/^\/+/, ""))}`)
      .replaceAll("{path}", encode(whole))
      .replaceAll("{line}", line)
      .replaceAll("{column}", column);
    let scheme = "";
    try { scheme = new URL(href).protocol; } catch { /* no link */ }
    // What a template could do beyond opening a place.
    const isLink = scheme && !["javascript:", "data:", "vbscript:", "blob:"].includes(scheme);
    anchor.hidden = !whole || !isLink;
    if (anchor.hidden) anchor.removeAttribute("href"); else anchor.href = href;
  };
  const links = () => all(".editor").forEach(link);
  template.value = kept.get("editor") || editor.value;
  root.value = kept.get("root") || "";
  const choose = () => { editor.value = [...editor.options].some((each) => each.value === template.value) ? template.value : ""; };
  choose();
  links();
  editor.addEventListener("change", () => {
    if (editor.value) template.value = editor.value; else template.focus();
    kept.set("editor", template.value);
    links();
  });
  template.addEventListener("input", () => { kept.set("editor", template.value); choose(); links(); });
  root.addEventListener("input", () => { kept.set("root", root.value); links(); });
  const settings = one(".settings");
  settings.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { settings.open = false; one("summary", settings).focus(); }
  });
  document.addEventListener("click", (event) => { if (!settings.contains(event.target)) settings.open = false; });

  // A name in the source and its value light up together.
  const light = (event, on) => {
    const named = event.target.closest && event.target.closest(".v, .frame .value");
    if (!named) return;
    const same = (each) => each.dataset.name === named.dataset.name;
    all(".v, .value", named.closest(".frame")).filter(same).forEach((each) => each.classList.toggle("lit", on));
  };
  frames.addEventListener("pointerover", (event) => light(event, true));
  frames.addEventListener("pointerout", (event) => light(event, false));

  // Keys: / to search, j and k from frame to frame.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "/") {
      event.preventDefault();
      search.focus();
    } else if (event.key === "j" || event.key === "k") {
      const stops = all(".frame > summary, .libraries > summary").filter((each) => !each.parentElement.hidden);
      const at = stops.indexOf(document.activeElement);
      const next = stops[event.key === "j" ? at + 1 : at < 0 ? stops.length - 1 : at - 1];
      if (next) next.focus();
    }
  });
})();
