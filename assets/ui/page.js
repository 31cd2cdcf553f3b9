/* The page in the browser: holds the state, asks the server for what a new state looks like, and
   keeps the controls, the address bar and the photo in step. The server draws everything else
   (search/ui/render); it never sees this file's DOM, so every value here goes in as text. */

(function () {
  "use strict";

  const root = document.documentElement;
  const WHOLE = [0, 0, 1, 1];
  const EMPTY_REGION = [0.15, 0.15, 0.85, 0.85]; // where the crop starts when it is opened by key
  const SMALLEST = 0.05; // of a side: a smaller drag is a click
  const SKELETON_AFTER = 160; // ms; a quicker answer would only flicker
  const GIVE_UP_AFTER = 30000; // ms without an answer: the server is gone

  let state = {}; // what the controls say; see search/ui/state.py
  let page = {}; // the last answer: its state, link and the photo's address
  let words = {}; // this script's own words in the reader's language
  let photoUrl = null; // the uploaded photo, as this browser holds it; never sent anywhere else
  let uploads = 0; // counts uploads, so that a slow one cannot replace a later one
  const parts = {}; // name -> { element, trigger, upload } of Gradio's components
  const opened = {}; // facet -> whether the reader opened or closed it
  const expanded = new Set(); // facets shown in full
  let timers = [];
  let asked = null; // where the focus was when something was asked; null while nothing is
  let draft = null; // words typed but not yet searched, while the language changes around them

  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));

  // ---------------------------------------------------------------- asking

  function ask(change, { keepPhoto = true } = {}) {
    if (!keepPhoto) forgetPhoto();
    state = { ...state, ...change, open: null };
    asked = { fromResults: Boolean(document.activeElement && document.activeElement.closest("#v-results, dialog")) };
    closeDetails();
    busy();
    parts.results.trigger("ask", { state });
  }

  function show(id, card) {
    state.open = id;
    const dialog = detailsDialog();
    const image = card && one("img", card);
    dialog.body.replaceChildren(waitingDetail(image, card && one(".card__title", card)));
    if (!dialog.open) dialog.showModal();
    parts.details.trigger("show", { state });
  }

  function busy() {
    calm();
    const results = one("#results") || one("#v-results .results");
    if (!results) return;
    results.setAttribute("aria-busy", "true");
    root.dataset.busy = "yes";
    timers = [setTimeout(skeletons, SKELETON_AFTER, results), setTimeout(offline, GIVE_UP_AFTER, results)];
  }

  function calm() {
    timers.forEach(clearTimeout);
    timers = [];
    delete root.dataset.busy;
    const results = one("#results");
    if (results) results.removeAttribute("aria-busy");
  }

  function skeletons(results) {
    const bar = one(".bar", results);
    const grid = make("div", "grid");
    for (let at = 0; at < 12; at += 1) {
      const card = make("div", "card card--skeleton");
      const text = make("div", "card__text");
      text.append(make("i"), make("i"));
      card.append(make("div", "card__open"), text);
      grid.append(card);
    }
    const section = make("section", "section");
    section.append(grid);
    results.replaceChildren(...(bar ? [bar] : []), section);
  }

  function offline(results) {
    calm();
    const bar = one(".bar", results);
    const message = make("div", "message");
    message.setAttribute("role", "alert");
    const again = make("button", "button", words.error_retry);
    again.type = "button";
    again.dataset.again = "";
    message.append(make("h2", "", words.error_title), make("p", "", words.error_offline), again);
    results.replaceChildren(...(bar ? [bar] : []), message);
  }

  function make(tag, className = "", text = "") {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  // ---------------------------------------------------------------- answers

  function arrived() {
    const results = one("#results");
    if (!results || !results.dataset.page) return;
    const sent = state;
    calm();
    page = JSON.parse(results.dataset.page);
    state = { ...page.state };
    if (!state.upload) forgetPhoto();
    const text = one("[data-text]");
    // Only what the reader has not touched since: an answer must not undo typing.
    if (text && (sent.text === undefined || text.value.trim() === (sent.text || ""))) text.value = state.text;
    all("img", results).forEach(watchImage);
    address(page.link);
    syncPhoto();
    syncWords();
    if (asked) settle(results);
    detailArrived();
  }

  /* After a new answer: its top is in view, and the focus is not lost with a button that went away. */
  function settle(results) {
    const above = one("#v-main").getBoundingClientRect().top;
    if (above < 0) window.scrollBy(0, above);
    if (asked.fromResults && (!document.activeElement || document.activeElement === document.body)) {
      (asked.chip && one(asked.chip, results) || results).focus({ preventScroll: true });
    }
    asked = null;
  }

  function watchImage(image) {
    image.onerror = () => image.classList.add("is-broken");
  }

  function address(link) {
    if (link) history.replaceState(null, "", location.pathname + link);
  }

  /* Gradio rewrites attributes in place; what was typed or ticked lives in properties. */
  function refineArrived() {
    const refine = one("#refine");
    if (!refine) return;
    all("input", refine).forEach((input) => {
      if (input === document.activeElement && input.type !== "checkbox" && input.type !== "radio") return;
      input.checked = input.defaultChecked;
      if (input.type !== "radio" && input.type !== "checkbox") input.value = input.defaultValue;
      if (input.type === "range") paintRange(input);
    });
    all("details[data-facet]", refine).forEach((facet) => {
      const name = facet.dataset.facet;
      if (name in opened) facet.open = opened[name];
      facet.classList.toggle("facet--all", expanded.has(name));
      const more = one("[data-more]", facet);
      if (more) {
        more.dataset.all = more.dataset.all || more.textContent;
        if (expanded.has(name)) more.textContent = words.show_fewer;
      }
    });
  }

  function headerArrived() {
    const holder = one("[data-words]");
    if (!holder) return;
    words = JSON.parse(holder.dataset.words);
    root.lang = holder.dataset.pageLang;
    themeLabel();
  }

  function detailArrived() {
    const source = one("#v-details .detail") || one("#v-details .message");
    if (!source || !state.open) return;
    if (source.dataset.detail && source.dataset.detail !== state.open) return;
    const dialog = detailsDialog();
    dialog.body.replaceChildren(source.cloneNode(true));
    all("img", dialog.body).forEach(watchImage);
    dialog.setAttribute("aria-labelledby", "dialog-title");
    const title = one(".detail__title", dialog.body);
    if (title) title.id = "dialog-title";
    if (source.dataset.link) address(source.dataset.link);
    if (!dialog.open) dialog.showModal();
    window.vitrineExplain.open(one(".detail", dialog.body), photoUrl);
    window.vitrineAngles.open(one(".detail", dialog.body));
  }

  // ---------------------------------------------------------------- details

  function detailsDialog() {
    let dialog = one("dialog.details");
    if (!dialog) {
      dialog = make("dialog", "details");
      dialog.close_ = closeButton();
      dialog.body = make("div", "details__body");
      dialog.append(dialog.close_, dialog.body);
      dialog.addEventListener("close", () => {
        state.open = null;
        address(page.link);
      });
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
      document.body.append(dialog);
    }
    dialog.close_.setAttribute("aria-label", words.close || "Close");
    dialog.close_.title = words.close || "Close";
    return dialog;
  }

  function closeButton() {
    const button = make("button", "icon-button icon-button--on-photo details__close");
    button.type = "button";
    button.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#icon-cross"></use></svg>';
    button.addEventListener("click", (event) => event.target.closest("dialog").close());
    return button;
  }

  function closeDetails() {
    const dialog = one("dialog.details");
    if (dialog && dialog.open) dialog.close();
  }

  /* The panel opens with the click; the picture is there already, the rest follows. */
  function waitingDetail(image, title) {
    const detail = make("div", "detail detail--waiting");
    const pictures = make("div", "detail__pictures");
    const picture = pictures.appendChild(make("div", "detail__picture"));
    if (image) {
      const copy = make("img");
      copy.src = image.src;
      copy.alt = "";
      picture.append(copy);
    }
    const body = make("div", "detail__body");
    body.append(make("h2", "detail__title", title ? title.textContent : ""), make("i"), make("i"), make("i"));
    detail.append(pictures, body);
    return detail;
  }

  // ---------------------------------------------------------------- photo

  async function takePhoto(file) {
    if (!file) return;
    if (file.type && !file.type.startsWith("image/")) return photoError(words.photo_not_image);
    photoError("");
    forgetPhoto();
    const mine = uploads;
    photoUrl = URL.createObjectURL(file);
    root.dataset.hasPhoto = "upload";
    root.dataset.uploading = "yes";
    setPhoto(photoUrl, words.photo_yours);
    try {
      const { path } = await parts.rail.upload(file);
      if (mine !== uploads) return;
      delete root.dataset.uploading;
      ask({ upload: path, like: null, sample: null, region: null });
    } catch (error) {
      if (mine !== uploads) return;
      forgetPhoto();
      syncPhoto();
      photoError(words.photo_failed);
    }
  }

  function forgetPhoto() {
    if (photoUrl) URL.revokeObjectURL(photoUrl);
    photoUrl = null;
    uploads += 1; // whatever is still on its way comes too late
    delete root.dataset.uploading;
    delete root.dataset.cropping;
  }

  function photoError(text) {
    const holder = one("[data-photo-error]");
    if (holder) holder.textContent = text || "";
  }

  function setPhoto(address_, label) {
    const image = one("[data-photo-image]");
    if (!image) return;
    if (image.getAttribute("src") !== address_) image.src = address_;
    image.alt = label;
    one("[data-photo-label]").textContent = label;
    one("[data-photo-label]").title = label;
  }

  function syncPhoto() {
    const named = page.photo ? (state.sample ? "sample" : state.like ? "like" : "none") : "none";
    const kind = state.upload && photoUrl ? "upload" : named;
    root.dataset.hasPhoto = kind;
    if (kind === "none") {
      const image = one("[data-photo-image]");
      if (image) image.removeAttribute("src");
    } else if (kind === "upload") {
      setPhoto(photoUrl, words.photo_yours);
    } else {
      setPhoto(page.photo, page.photoLabel);
    }
    all(".sample").forEach((button) => {
      const chosen = button.dataset.sample ? button.dataset.sample === state.sample : button.dataset.like === state.like;
      button.setAttribute("aria-pressed", String(Boolean(chosen)));
    });
    if (part()) root.dataset.hasRegion = "yes";
    else delete root.dataset.hasRegion;
    paintRegion(part());
  }

  function syncWords() {
    const text = one("[data-text]");
    if (text) root.dataset.hasWords = text.value ? "yes" : "no";
  }

  async function pastePhoto() {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((name) => name.startsWith("image/"));
        if (type) return takePhoto(new File([await item.getType(type)], "pasted.png", { type }));
      }
    } catch (error) {
      // Not allowed or not supported: the message says how to do it by key.
    }
    photoError(words.paste_empty);
  }

  async function camera() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (error) {
      return photoError(words.camera_denied);
    }
    const dialog = make("dialog", "camera");
    const video = make("video");
    video.autoplay = true;
    video.playsInline = true;
    video.srcObject = stream;
    const shoot = make("button", "button button--primary", words.camera_shoot);
    const cancel = make("button", "button", words.close);
    const line = make("div", "camera__line");
    line.append(shoot, cancel);
    dialog.append(make("h2", "", words.camera_title), video, line);
    dialog.setAttribute("aria-label", words.camera_title);
    dialog.addEventListener("close", () => {
      stream.getTracks().forEach((track) => track.stop());
      dialog.remove();
    });
    cancel.addEventListener("click", () => dialog.close());
    shoot.addEventListener("click", () => {
      const canvas = make("canvas");
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      canvas.getContext("2d").drawImage(video, 0, 0);
      canvas.toBlob((blob) => blob && takePhoto(new File([blob], "camera.jpg", { type: "image/jpeg" })), "image/jpeg", 0.92);
      dialog.close();
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  // ---------------------------------------------------------------- crop

  let drag = null; // { x, y } where a drag started, as fractions
  let nudge = 0; // timer: a search follows when the arrow keys rest

  // The part of the photo that is searched with; null while that is all of it.
  function part() {
    const region = state.region;
    return region && region.join() !== WHOLE.join() ? region : null;
  }

  function paintRegion(region) {
    const box = one("[data-region]");
    const veil = one("[data-veil]");
    if (!box || !veil) return;
    box.hidden = veil.hidden = !region;
    if (!region) return;
    const [left, top, right, bottom] = region.map((edge) => edge * 100);
    Object.assign(box.style, { left: `${left}%`, top: `${top}%`, width: `${right - left}%`, height: `${bottom - top}%` });
    const hole = `${left}% ${top}%, ${left}% ${bottom}%, ${right}% ${bottom}%, ${right}% ${top}%, ${left}% ${top}%`;
    veil.style.clipPath = `polygon(evenodd, 0 0, 100% 0, 100% 100%, 0 100%, 0 0, ${hole})`;
  }

  function at(event) {
    const frame = one("[data-frame]").getBoundingClientRect();
    const inside = (value) => Math.min(Math.max(value, 0), 1);
    return { x: inside((event.clientX - frame.left) / frame.width), y: inside((event.clientY - frame.top) / frame.height) };
  }

  function between(from, to) {
    const edges = [Math.min(from.x, to.x), Math.min(from.y, to.y), Math.max(from.x, to.x), Math.max(from.y, to.y)];
    return edges.map((edge) => Math.round(edge * 1000) / 1000);
  }

  function large(region) {
    return region[2] - region[0] >= SMALLEST && region[3] - region[1] >= SMALLEST;
  }

  function cropByKey(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!steps || !part()) return;
    event.preventDefault();
    let [left, top, right, bottom] = state.region;
    const [x, y] = steps.map((step) => step * 0.02);
    if (event.shiftKey) {
      right = Math.min(Math.max(right + x, left + SMALLEST), 1);
      bottom = Math.min(Math.max(bottom + y, top + SMALLEST), 1);
    } else {
      const moveX = Math.min(Math.max(x, -left), 1 - right);
      const moveY = Math.min(Math.max(y, -top), 1 - bottom);
      left += moveX;
      right += moveX;
      top += moveY;
      bottom += moveY;
    }
    state.region = [left, top, right, bottom].map((edge) => Math.round(edge * 1000) / 1000);
    paintRegion(state.region);
    clearTimeout(nudge);
    nudge = setTimeout(() => ask({}), 500);
  }

  document.addEventListener("pointerdown", (event) => {
    if (root.dataset.cropping !== "yes" || !event.target.closest("[data-frame]")) return;
    event.preventDefault();
    drag = at(event);
  });
  document.addEventListener("pointermove", (event) => {
    if (drag) paintRegion(between(drag, at(event)));
  });
  document.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const region = between(drag, at(event));
    drag = null;
    if (large(region)) ask({ region });
    else paintRegion(part());
  });

  // ---------------------------------------------------------------- what people do

  function dropPart(what) {
    const [kind, ...rest] = what.split(":");
    const value = rest.join(":");
    if (kind === "photo") return ask({ upload: null, sample: null, like: null, region: null }, { keepPhoto: false });
    if (kind === "text") return askWords("");
    if (kind === "exclude") return ask({ exclude: state.exclude.filter((phrase) => phrase !== value) });
    const filters = { ...state.filters };
    delete filters[kind === "price" ? "price" : value];
    return ask({ filters });
  }

  function askWords(text) {
    one("[data-text]").value = text;
    syncWords();
    ask({ text });
  }

  /* A chip or a "see all" of the shop; without a value it is all of it again. */
  function narrow(name, value) {
    const filters = { ...state.filters };
    if (value) filters[name] = [value];
    else delete filters[name];
    ask({ filters });
    asked.chip = `.chip[data-${name}="${CSS.escape(value)}"]`;
  }

  function readFilters() {
    const filters = state.filters.department ? { department: state.filters.department } : {};
    all("details[data-facet]").forEach((facet) => {
      const values = all("input:checked", facet).map((input) => input.dataset.value);
      if (values.length) filters[facet.dataset.facet] = values;
    });
    const edge = (name) => {
      const input = one(`[data-price="${name}"]`);
      return input && input.value !== "" ? Number(input.value) : null;
    };
    const price = [edge("low"), edge("high")];
    if (price.some((value) => value !== null)) filters.price = price;
    return filters;
  }

  async function copyLink() {
    let copied = true;
    try {
      await navigator.clipboard.writeText(location.href);
    } catch (error) {
      const field = make("textarea");
      field.value = location.href;
      (one("dialog[open]") || document.body).append(field);
      field.select();
      copied = document.execCommand("copy");
      field.remove();
    }
    toast(copied ? (state.upload ? words.copied_private : words.copied) : location.href);
  }

  function toast(text) {
    const holder = one("[data-toast]");
    // A modal dialog covers everything outside of it, so the message goes inside.
    const place = one("dialog.details[open]");
    const shown = place ? place.appendChild(make("p", "toast")) : holder;
    shown.setAttribute("role", "status");
    shown.textContent = text;
    shown.classList.add("is-shown");
    setTimeout(() => (place ? shown.remove() : shown.classList.remove("is-shown")), 2600);
  }

  function sheet(open) {
    if (open) root.dataset.sheetOpen = "open";
    else delete root.dataset.sheetOpen;
    const target = open ? one(".refine__top [data-sheet-close]") : one("[data-sheet]");
    if (target) target.focus();
  }

  const clicks = {
    open: (target) => show(target.dataset.open, target.closest(".card")),
    like: (target) => {
      one("[data-text]").value = "";
      const alone = { upload: null, sample: null, region: null, text: "", exclude: [] };
      ask({ ...alone, like: target.dataset.like }, { keepPhoto: false });
    },
    sample: (target) => ask({ sample: target.dataset.sample, upload: null, like: null, region: null }, { keepPhoto: false }),
    drop: (target) => dropPart(target.dataset.drop),
    reset: () => startOver(),
    home: (target, event) => {
      event.preventDefault();
      startOver();
    },
    again: () => ask({}),
    tab: (target, event) => {
      event.preventDefault();
      ask({ tab: target.dataset.tab });
    },
    try: (target) => askWords(target.dataset.try),
    category: (target) => narrow("category", target.dataset.category),
    department: (target) => narrow("department", target.dataset.department),
    clearFilters: () => ask({ filters: {} }),
    copy: () => copyLink(),
    lang: (target) => {
      draft = one("[data-text]").value;
      state = { ...state, lang: target.dataset.lang };
      parts.results.trigger("ask", { state });
    },
    themeSwitch: () => switchTheme(),
    choose: () => one("[data-file]").click(),
    camera: () => camera(),
    paste: () => pastePhoto(),
    photoRemove: () => dropPart("photo"),
    crop: () => {
      if (root.dataset.cropping === "yes") return delete root.dataset.cropping;
      root.dataset.cropping = "yes";
      if (!part()) {
        state.region = EMPTY_REGION;
        paintRegion(state.region);
      }
      one("[data-region]").focus();
    },
    whole: () => {
      delete root.dataset.cropping;
      ask({ region: WHOLE });
    },
    wordsClear: () => {
      one("[data-text]").focus();
      askWords("");
    },
    more: (target) => {
      const name = target.dataset.more;
      if (expanded.has(name)) expanded.delete(name);
      else expanded.add(name);
      target.dataset.all = target.dataset.all || target.textContent;
      target.textContent = expanded.has(name) ? words.show_fewer : target.dataset.all;
      target.closest(".facet").classList.toggle("facet--all", expanded.has(name));
    },
    sheet: () => sheet(true),
    sheetClose: () => sheet(false),
    skip: (target, event) => {
      event.preventDefault();
      const results = one("#results");
      if (results) results.focus();
    },
  };

  function startOver() {
    const text = one("[data-text]");
    if (text) text.value = "";
    state = { lang: state.lang, exclude: [], filters: {} };
    ask({}, { keepPhoto: false });
  }

  document.addEventListener("click", (event) => {
    for (let target = event.target; target && target.dataset; target = target.parentElement) {
      const name = target.matches("button, a, [data-again]") && Object.keys(target.dataset).find((key) => key in clicks);
      if (name) return clicks[name](target, event);
    }
  });

  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-search]")) {
      event.preventDefault();
      ask({ text: one("[data-text]").value.trim() });
      onPhone(() => {
        one("[data-text]").blur(); // the keyboard would cover what was found
        one("#v-main").scrollIntoView({ behavior: "smooth" });
      });
    } else if (event.target.matches("[data-not-form]")) {
      event.preventDefault();
      const input = one("[data-not]");
      const phrase = input.value.trim();
      input.value = "";
      if (phrase && !state.exclude.includes(phrase)) ask({ exclude: [...state.exclude, phrase] });
    }
  });

  document.addEventListener("change", (event) => {
    const { target } = event;
    if (!target.dataset) return;
    if ("file" in target.dataset) {
      takePhoto(target.files[0]);
      target.value = "";
    } else if ("value" in target.dataset || "price" in target.dataset) {
      ask({ filters: readFilters() });
    } else if ("balance" in target.dataset) {
      ask({ balance: Number(target.value) / 100 });
    } else if ("size" in target.dataset) {
      ask({ k: Number(target.value) });
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-text]")) syncWords();
    if (event.target.matches("[data-balance]")) paintRange(event.target);
  });

  document.addEventListener("toggle", (event) => {
    const name = event.target.dataset && event.target.dataset.facet;
    if (name) opened[name] = event.target.open;
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.target.matches && event.target.matches("[data-region]")) return cropByKey(event);
    if (event.key === "Escape" && root.dataset.sheetOpen) sheet(false);
    const typing = event.target.matches && event.target.matches("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !one("dialog[open]")) {
      event.preventDefault();
      one("[data-text]").focus();
    }
    return undefined;
  });

  document.addEventListener("paste", (event) => {
    const file = Array.from((event.clipboardData && event.clipboardData.files) || []).find((item) => item.type.startsWith("image/"));
    if (file) {
      event.preventDefault();
      takePhoto(file);
    }
  });

  for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(name, (event) => {
      if (!event.dataTransfer || !Array.from(event.dataTransfer.types).includes("Files")) return;
      event.preventDefault();
      if (over) root.dataset.dragging = "yes";
      else if (name === "drop" || !event.relatedTarget) delete root.dataset.dragging;
      if (name === "drop") takePhoto(event.dataTransfer.files[0]);
    });
  }

  function paintRange(input) {
    input.style.setProperty("--at", `${input.value}%`);
  }

  function onPhone(action) {
    if (window.matchMedia("(max-width: 860px)").matches) action();
  }

  // ---------------------------------------------------------------- light and dark

  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function theme() {
    let chosen = null;
    try {
      chosen = localStorage.getItem("vitrine-theme");
    } catch (error) {
      // No storage, as in some embedded frames: the system's choice it is.
    }
    return chosen || (dark.matches ? "dark" : "light");
  }

  function applyTheme() {
    root.dataset.theme = theme();
    if (document.body) document.body.classList.toggle("dark", theme() === "dark");
    themeLabel();
  }

  function switchTheme() {
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("vitrine-theme", next);
    } catch (error) {
      // It lasts until the page is closed.
    }
    root.dataset.theme = next;
    document.body.classList.toggle("dark", next === "dark");
    themeLabel();
  }

  function themeLabel() {
    const button = one("[data-theme-switch]");
    if (!button || !words.to_dark) return;
    const label = root.dataset.theme === "dark" ? words.to_light : words.to_dark;
    button.setAttribute("aria-label", label);
    button.title = label;
  }

  applyTheme();
  dark.addEventListener("change", applyTheme);

  // ---------------------------------------------------------------- Gradio's side

  const arrivals = {
    header: headerArrived,
    rail: () => {
      const text = one("[data-text]");
      if (text) text.value = draft === null ? state.text || "" : draft;
      draft = null;
      syncPhoto();
      syncWords();
    },
    refine: refineArrived,
    results: arrived,
    details: detailArrived,
  };

  /* Gradio reports a lost connection or a full queue in a box of its own (hidden by gradio.css); the
     page says it where the answer would have been. */
  function watchFailures() {
    new MutationObserver((changes) => {
      const added = changes.flatMap((change) => Array.from(change.addedNodes));
      const failed = added.some((node) => node.nodeType === 1 && (node.matches(".error") || one(".error", node)));
      if (failed && root.dataset.busy) offline(one("#results"));
    }).observe(one(".toast-wrap") || document.body, { childList: true, subtree: true });
  }

  window.vitrine = {
    /* Called by every gr.HTML of the page when it is there; see search/ui/layout.py. */
    mount(name, element, { trigger, upload, watch }) {
      parts[name] = { element, trigger, upload };
      const arrive = () => {
        try {
          arrivals[name]();
        } catch (error) {
          console.error(error);
        }
      };
      watch("value", arrive);
      arrive();
      if (name === "results") watchFailures();
    },
  };
})();
