// What a person does on the page -> an event for the server, with all that it is about; what came back -> into view.
// The server renders every part; this file moves the focus, scrolls, and remembers what only the browser knows.
const articleqa = (() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const narrow = () => matchMedia("(max-width: 860px)").matches;
  let trigger = null, upload = null, sought = {}, lastCite = null, focusStep = null, wanted = null, reading = null, after = null, renamed = "", renaming = null, filtering = false;

  // What is remembered: a key by which the server knows whose conversations these are, and the draft of this tab.
  const key = () => {
    let kept = localStorage.getItem("article-qa.key");
    if (!kept) {
      kept = [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      localStorage.setItem("article-qa.key", kept);
    }
    return kept;
  };
  const conversation = () => $("#here")?.dataset.conversation ?? sessionStorage.getItem("article-qa.here") ?? "";
  // Said at once, not when it is shown: who then asks quickly asks there.
  const here = (name) => { const sign = $("#here"); if (sign) sign.dataset.conversation = name; };
  const send = (name, data = {}) => trigger(name, { key: key(), conversation: conversation(), ...data });
  const running = () => Boolean($('.exchange[data-state="running"]'));

  const PARTS = ["asking", "now", "past", "next", "rail", "shelf", "pane", "parcel", "status", "filters", "controls", "rebuild", "heard", "menu"];
  const connect = (gradioTrigger, gradioUpload) => {
    // Gradio lays the parts out one after the other, in no order that could be relied on.
    if (!PARTS.every((id) => document.getElementById(id))) return setTimeout(connect, 30, gradioTrigger, gradioUpload);
    trigger = gradioTrigger;
    upload = gradioUpload;
    sessionStorage.getItem("article-qa.view") === "library" ? show("library") : show("ask");
    const box = $("#asking");
    box.value = sessionStorage.getItem("article-qa.draft") ?? "";
    grow(box);
    if (!narrow()) box.focus();
    watch("now", answered);
    watch("past", () => { hold(); markOpen(); stayAt(); });
    watch("next", offer);
    watch("shelf", hold);
    watch("rail", () => {
      newest();
      hold();
      const current = $("#rail .heading[aria-current]");
      if (renamed && current?.textContent === renamed) { renamed = ""; current.focus(); }
      renameOn();
    });
    watch("pane", opened);
    watch("parcel", saved);
    watch("status", rebuilt);
    watch("filters", (place) => { const details = $("details", place); if (details) details.open = filtering; fill(place, filters()); });
    watch("controls", () => fill($("#controls"), sought));
    send("arrive");
    stay();
  };

  // A tab that is left open across a restart of the server says so, and begins anew when the server is back: what was
  // asked is kept there, what is being written here.
  let server = null;
  const stay = async () => {
    let found = null;
    try { found = (await (await fetch(`${window.gradio_config?.root ?? ""}/gradio_api/app_id`, { signal: AbortSignal.timeout(10000) })).json()).app_id; } catch { }
    if (server !== null && found !== null && found !== server) return location.reload();
    server ??= found;
    $("#away").hidden = found !== null;
    setTimeout(stay, found === null ? 1000 : 5000);
  };
  // Gradio changes what is there into what came: of a new title, nothing but the characters and the attributes.
  const CHANGES = { childList: true, subtree: true, characterData: true, attributeFilter: ["data-read"] };
  const watch = (id, seen) => new MutationObserver(() => seen($(`#${id}`))).observe($(`#${id}`), CHANGES);

  // Asking.
  const filters = () => JSON.parse(sessionStorage.getItem("article-qa.filters") ?? "{}");
  const fill = (place, values) => {
    for (const field of $$("[name]", place)) field.value = values[field.name] ?? (field.name === "order" ? "newest" : "");
    const count = Object.values(filters()).filter(Boolean).length;
    const said = count ? `: ${count} on` : "", sign = $("#filtering");
    if (sign && sign.textContent !== said) sign.textContent = said; // only then: a change would be seen, and lead here
  };
  const grow = (box) => { box.style.height = "auto"; box.style.height = `${Math.min(box.scrollHeight, 200)}px`; };
  // Gradio closes its stream with the end of an answer: what is asked while it does waits until it is `over`.
  let over = () => {}, isOver = Promise.resolve(), asking = false;
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const ask = async (data) => {
    if (running() || asking) return;
    if ($("#news .ended")) watching(false);
    $$("#news .ended, #news .told").forEach((told) => told.remove()); // it was read
    show("ask");
    $$("form.comment").filter((form) => $("textarea", form).value !== $("textarea", form).defaultValue).forEach(judge);
    const there = conversation();
    asking = true;
    await Promise.race([isOver, pause(3000)]);
    asking = false;
    isOver = new Promise((resolve) => { over = resolve; });
    send("ask", { conversation: there, ...data });
  };
  const judge = (form) => {
    const exchange = form.closest(".exchange");
    const thumb = $('[aria-pressed="true"]', exchange)?.dataset.act ?? "";
    send("judge", { place: exchange.dataset.turn, thumb, comment: $("textarea", form).value });
    $("#heard").textContent = "The comment is kept";
  };
  const askTyped = () => {
    const box = $("#asking");
    if (running() || asking || !$("#away").hidden || !box.value.trim()) return; // what is written stays
    ask({ question: box.value, ...filters() });
    box.value = "";
    grow(box);
  };
  // A part that is shown anew loses the focus: it is given back to what is in the place of what had it.
  let held = null;
  document.addEventListener("focusin", ({ target }) => {
    const turn = target.closest(".exchange")?.dataset.turn, part = target.closest("#shelf, #rail");
    const { act, number, words, article, path, conversation } = target.dataset;
    const marks = { act, number, words, article, path, conversation };
    const names = Object.keys(marks).filter((name) => marks[name] !== undefined);
    const place = turn ? `#turn-${turn} ` : part ? `#${part.id} ` : null;
    if (!place || !names.length) { held = null; return; }
    const alike = `${place}[data-act="${act}"]`;
    held = {
      itself: place + names.map((name) => `[data-${name}="${CSS.escape(marks[name])}"]`).join(""),
      alike: part && `${alike}:not(:disabled)`, at: part ? $$(alike).indexOf(target) : 0,
    };
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!target.closest("a, button, input, label, select, summary, textarea, [tabindex]")) held = null;
  });
  const hold = () => {
    if (!held || document.activeElement !== document.body) return;
    const others = held.alike ? $$(held.alike) : [];
    const found = $$(held.itself);
    const itself = found.length === 1 && !found[0].disabled ? found[0] : null;
    (itself ?? others[Math.min(held.at, others.length - 1)])?.focus({ preventScroll: true });
  };
  // What came before is put above what is being read.
  let readAt = null;
  const stayAt = () => {
    const exchange = readAt && document.getElementById(readAt);
    if (!exchange || $('#past [data-act="earlier"]')) return;
    readAt = null;
    exchange.scrollIntoView();
    exchange.tabIndex = -1;
    exchange.focus({ preventScroll: true });
  };
  // What may come next is looked for a while: by then another conversation may be open.
  let late = null;
  const offer = () => {
    const next = $("#next [data-conversation]");
    if (!next) return;
    const there = next.dataset.conversation === conversation() && $(`#now #turn-${next.dataset.turn}`);
    if (next.hidden !== !there) next.hidden = !there;
    // It may have come in the place of what there is to begin with.
    if (there || late === next.dataset.conversation || !$("#now .welcome") || $("#now .suggestion")) return;
    late = next.dataset.conversation;
    send("suggest");
  };
  const answered = (now) => {
    hold();
    markOpen();
    offer();
    const here = $("#here");
    if (here) sessionStorage.setItem("article-qa.here", here.dataset.conversation);
    const exchange = $(".exchange", now);
    const state = exchange?.dataset.state ?? "";
    document.body.classList.toggle("asking", state === "running");
    if (!exchange) {
      const before = now.dataset.state;
      now.dataset.state = $(".welcome", now) ? "begun" : "";
      if (now.dataset.state && before !== "begun" && !$(".suggestion", now)) send("suggest");
      return;
    }
    if (now.dataset.state !== state + exchange.id) {
      if (state === "running" && !$("#asking").value) sessionStorage.removeItem("article-qa.draft"); // it has arrived
      if (state !== "unfinished") $("#chat").scrollTop += exchange.getBoundingClientRect().top - $("#chat").getBoundingClientRect().top;
      if (state === "done" && now.dataset.state?.startsWith("running")) {
        $("#heard").textContent = $("#said")?.textContent ?? "";
        if (!exchange.querySelector(".trouble, .none")) send("suggest", { place: exchange.dataset.turn });
      }
    }
    now.dataset.state = state + exchange.id;
  };

  // Reading.
  const shownAt = () => { const bar = $("#pane .bar[data-turn]"); return bar && `${bar.dataset.turn}/${bar.dataset.number}`; };
  const read = (place, number, step = null) => {
    focusStep = step;
    wanted = `${place}/${number}`;
    document.body.classList.add("opened");
    if (reading) { after = () => read(place, number, step); return; } // one at a time: one may overtake another
    if (shownAt() === wanted) return opened($("#pane"));
    reading = wanted;
    send("read", { place, number });
    setTimeout((mine) => { if (reading === mine) isRead(); }, 3000, wanted);
  };
  const isRead = () => {
    const next = after;
    reading = after = null;
    next?.();
  };
  const opened = (pane) => {
    const mark = $("#chosen", pane);
    const evidence = $("#evidence");
    if (mark) {
      const above = mark.getBoundingClientRect().top - evidence.getBoundingClientRect().top;
      evidence.scrollTop += above - evidence.clientHeight / 3;
    } else evidence.scrollTop = 0;
    const bar = $(".bar[data-turn]", pane);
    markOpen();
    if (reading && shownAt() === reading) isRead();
    if (wanted !== (bar ? `${bar.dataset.turn}/${bar.dataset.number}` : $(".reading", pane)?.dataset.article)) return;
    wanted = null;
    const button = focusStep && $(`[data-step="${focusStep}"]:not(:disabled)`, pane);
    (button || mark || $(".reading", pane))?.focus({ preventScroll: true });
  };
  const markOpen = () => {
    const bar = $("#pane .bar[data-turn]");
    const open = bar && cite(bar.dataset.turn, bar.dataset.number);
    $$(".cite.open, .near-open.open").forEach((link) => { if (link !== open) link.classList.remove("open"); });
    open?.classList.add("open");
  };
  const cite = (place, number) => $(`#turn-${place} :is(.cite, .near-open)[data-number="${number}"]`);
  const close = () => {
    if (!document.body.classList.contains("opened") && !$("#evidence").contains(document.activeElement)) return;
    document.body.classList.remove("opened");
    (lastCite?.isConnected ? lastCite : $("#asking")).focus();
  };
  const card = (link, shown) => {
    const tip = document.getElementById(link.getAttribute("aria-describedby"));
    if (!tip) return;
    tip.hidden = !shown;
    if (!shown) return;
    const at = link.getBoundingClientRect(), size = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
    tip.style.top = `${at.bottom + size.height + 12 < innerHeight ? at.bottom + 6 : Math.max(8, at.top - size.height - 6)}px`;
  };
  const saved = (parcel) => {
    const text = $("#parcel-text", parcel);
    if (!text) return;
    const type = text.dataset.name.endsWith(".html") ? "text/html" : "text/markdown";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text.textContent], { type: `${type};charset=utf-8` }));
    link.download = text.dataset.name;
    text.remove();
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // The library.
  const show = (view) => {
    document.body.dataset.view = view;
    sessionStorage.setItem("article-qa.view", view);
    $$(".views [data-view]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.view === view)));
    if (view === "library") look({});
  };
  const look = (change) => { sought = { ...sought, offset: 0, ...change }; send("shelf", sought); };
  const rebuilt = (status) => {
    const now = Boolean($(".running", status));
    if (!now && $(".job", status) && document.body.dataset.view === "library") send("shelf", sought);
    if (!now && document.body.classList.contains("rebuilding") && $("#now .welcome")) send("talk"); // it says how many there are
    // How a rebuild ended is told to who saw it run, once: whoever comes later has no use for it.
    if (now) watching(true);
    else if (!watching()) $(".ended", status)?.remove();
    document.body.classList.toggle("rebuilding", now);
    $("#rebuild").disabled = now;
  };
  const watching = (value) => {
    if (value !== undefined) localStorage.setItem("article-qa.watching", value ? "yes" : "");
    return Boolean(localStorage.getItem("article-qa.watching"));
  };
  const put = async (files) => {
    const sent = [], say = $("#drop .say"), said = say.innerHTML;
    say.textContent = files.length === 1 ? `${files[0].name} is being sent …` : `${files.length} files are being sent …`;
    $("#heard").textContent = say.textContent;
    for (const file of files) {
      try { sent.push({ name: file.name, path: (await upload(file)).path }); } catch { sent.push({ name: file.name, path: "" }); }
    }
    say.innerHTML = said;
    watching(true);
    send("put", { files: sent });
  };

  const edit = (exchange) => {
    const question = $(".question", exchange), form = document.createElement("form");
    form.className = "edit";
    form.innerHTML = '<h2 class="unseen">Change the question</h2>' +
      '<textarea aria-label="Change the question" dir="auto" rows="2"></textarea>' +
      '<button type="submit" class="quiet">Ask this</button><button type="button" class="quiet">Leave it</button>';
    const box = $("textarea", form);
    box.value = question.textContent;
    const leave = () => { form.remove(); $(".asked", exchange).hidden = false; };
    $("button[type=button]", form).onclick = leave;
    form.onkeydown = (event) => {
      if (event.key === "Escape") leave();
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      ask({ place: exchange.dataset.turn, question: box.value, branch: "yes" });
    };
    $(".asked", exchange).hidden = true;
    $(".asked", exchange).after(form);
    box.focus();
  };
  const rename = (button, _, said) => { // the heading comes back here: gradio shows nothing anew that is as it was
    const heading = $(".heading", button.closest("li")), box = document.createElement("input");
    box.value = said || heading.textContent;
    box.maxLength = 120;
    box.setAttribute("aria-label", "Title of the conversation");
    heading.replaceWith(box);
    said ? box.setSelectionRange(said.length, said.length) : box.select();
    box.focus();
    renaming = { of: heading.dataset.conversation, box };
    const end = (kept) => {
      if (renaming?.box !== box || !box.isConnected) return;
      renaming = null;
      const focused = document.activeElement === box;
      box.replaceWith(heading);
      if (focused) heading.focus();
      if (focused && kept) renamed = box.value.trim(); // it moves to the top, and the focus with it
      if (kept && box.value !== heading.textContent) send("talk", { act: "rename", conversation: heading.dataset.conversation, title: box.value });
    };
    box.onblur = () => setTimeout(() => end(true)); // later: then it is known whether the list was shown anew
    box.onkeydown = (event) => { if (event.key === "Enter" && !event.isComposing) end(true); if (event.key === "Escape") end(false); };
  };
  // A list that was read before the one that is shown, and comes after it, is not shown.
  let listed = { read: 0 };
  const newest = () => {
    const list = $("#rail nav"), read = Number(list?.dataset.read ?? 0);
    if (read > listed.read) listed = { read, shown: list.innerHTML };
    if (!list || read >= listed.read) return;
    list.innerHTML = listed.shown;
    list.dataset.read = listed.read;
  };
  // The list was shown anew while a title is being written: the writing goes on, if that conversation is still open.
  const renameOn = () => {
    if (!renaming || renaming.box.isConnected) return;
    const { of, box } = renaming, current = $("#rail .heading[aria-current]");
    renaming = null;
    if (current?.dataset.conversation === of) rename($('[data-act="rename"]', current.closest("li")), null, box.value);
  };
  const twice = (button, act) => {
    if (button.dataset.sure) return act();
    const label = button.textContent;
    button.dataset.sure = "yes";
    button.textContent = "Press again to delete";
    setTimeout(() => { delete button.dataset.sure; button.textContent = label; }, 4000);
  };
  const copy = async (exchange, button) => {
    const text = $(".copied", exchange).textContent;
    try { await navigator.clipboard.writeText(text); }
    catch { // without https a browser has no clipboard but this one
      const box = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: text }));
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    button.classList.add("did");
    $("#heard").textContent = "Copied";
    setTimeout(() => button.classList.remove("did"), 1500);
  };

  const ACTS = {
    again: (b, x) => ask({ place: x.dataset.turn }),
    ignore: (b, x) => ask({ place: x.dataset.turn, ignore: b.dataset.words }),
    restore: (b, x) => ask({ place: x.dataset.turn, restore: b.dataset.words }),
    unfilter: (b, x) => ask({ place: x.dataset.turn, [b.dataset.words]: "" }),
    edit: (b, x) => edit(x),
    suggested: (b) => ask({ question: b.textContent, ...filters() }),
    stop: () => { send("stop"); $("#asking").focus(); },
    copy: (b, x) => copy(x, b),
    up: (b, x) => send("judge", { place: x.dataset.turn, thumb: b.getAttribute("aria-pressed") === "true" ? "" : "up" }),
    down: (b, x) => send("judge", { place: x.dataset.turn, thumb: b.getAttribute("aria-pressed") === "true" ? "" : "down" }),
    read: (b) => read(b.dataset.turn, b.dataset.number, b.dataset.step),
    close,
    new: () => { rail(false); show("ask"); send("talk", { act: "new" }); here(""); $("#asking").focus(); },
    switch: (b) => { rail(false); show("ask"); here(b.dataset.conversation); send("talk"); },
    earlier: () => { readAt = $("#past .exchange").id; send("talk", { act: "earlier" }); },
    rename,
    delete: (b) => twice(b, () => { send("talk", { act: "delete" }); here(""); $("#asking").focus(); }),
    "export-md": () => send("save", { kind: "md" }),
    "export-html": () => send("save", { kind: "html" }),
    rail: () => rail(),
    view: (b) => show(b.dataset.view),
    rebuild: () => { watching(true); send("rebuild"); },
    cancel: () => send("rebuild", { act: "cancel" }),
    dismiss: (b) => { watching(false); b.closest(".job").remove(); $("#rebuild").focus(); },
    unnotice: (b) => { b.closest(".notice").remove(); $("#rebuild").focus(); },
    clear: () => { sessionStorage.removeItem("article-qa.filters"); fill($("#filters"), {}); },
    month: (b) => look({ month: b.dataset.month }),
    page: (b) => { look({ offset: b.dataset.offset }); $("#books").scrollTop = 0; },
    article: (b) => { wanted = b.dataset.article; focusStep = null; lastCite = b; document.body.classList.add("opened"); send("article", { article: b.dataset.article }); },
    // Not as `path`: gradio takes that for an upload, and refuses whatever is none.
    remove: (b) => { watching(true); send("remove", { file: b.dataset.path }); },
    back: (b) => { watching(true); send("remove", { act: "back", file: b.dataset.path }); },
  };
  const rail = (open = !document.body.classList.contains("rail-open")) => {
    document.body.classList.toggle("rail-open", open);
    $("#menu").setAttribute("aria-expanded", String(open));
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".cite, .near-open");
    const button = event.target.closest("[data-act]:not(form)");
    // At once: when `toggle` comes, the filters may have been shown anew already, and closed.
    const folded = event.target.closest(".filters summary")?.parentElement;
    if (folded) filtering = !folded.open;
    if (link) {
      event.preventDefault();
      lastCite = link;
      read(link.closest(".exchange").dataset.turn, link.dataset.number);
    } else if (button && !button.disabled) ACTS[button.dataset.act]?.(button, button.closest(".exchange"));
    else if (!event.target.closest("#side")) rail(false);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form.ask, form.comment, form.find");
    if (!form) return;
    event.preventDefault();
    if (form.matches(".ask")) askTyped();
    if (form.matches(".comment")) judge(form);
  });
  let typing = null;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.id === "asking") { grow(field); sessionStorage.setItem("article-qa.draft", field.value); }
    if (field.id === "files" && field.files.length) { put([...field.files]); field.value = ""; }
    if (field.closest("#filters")) {
      sessionStorage.setItem("article-qa.filters", JSON.stringify({ ...filters(), [field.name]: field.value }));
      fill($("#filters"), filters());
    }
    if (field.closest("#controls")) {
      clearTimeout(typing);
      const chosen = () => Object.fromEntries($$("#controls [name]").map((each) => [each.name, each.value]));
      typing = setTimeout(() => look(chosen()), field.type === "search" ? 250 : 0);
    }
  });
  document.addEventListener("keydown", (event) => {
    const at = document.activeElement;
    if (at?.id === "asking" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      askTyped();
    } else if (event.key === "Escape" && !at?.closest("form.edit")) {
      $$(".card:not([hidden])").forEach((tip) => { tip.hidden = true; });
      if (document.body.classList.contains("rail-open")) { rail(false); $("#menu").focus(); } else close();
    } else if (["ArrowLeft", "ArrowRight"].includes(event.key) && at?.closest("#evidence, .cite, .near-open")) {
      const step = event.key === "ArrowLeft" ? "left" : "right";
      const button = $(`#pane [data-step="${step}"]:not(:disabled)`);
      if (button) { event.preventDefault(); read(button.dataset.turn, button.dataset.number); }
    }
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches(".filters") && event.target.isConnected) filtering = event.target.open;
  }, true);
  for (const [name, shown] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]])
    document.addEventListener(name, (event) => { const link = event.target.closest?.(".cite"); if (link) card(link, shown); });

  const dropping = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files") && $("#drop");
  document.addEventListener("dragover", (event) => {
    if (!dropping(event)) return;
    event.preventDefault();
    show.call(null, "library");
    $("#drop").classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) $("#drop")?.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!dropping(event)) return;
    event.preventDefault();
    $("#drop").classList.remove("over");
    put([...event.dataTransfer.files]);
  });
  return { connect, over: () => setTimeout(() => over(), 50) };
})();
