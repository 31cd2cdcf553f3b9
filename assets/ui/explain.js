/* The maps on an opened card: draws the numbers that search/ui/render/why.py sent over the pictures,
   and answers what is asked of them: another view, a place and its partner, grid or smooth. */

window.vitrineExplain = (function () {
  "use strict";

  /* cividis (Nunez, Anderton and Renslow 2018): reads the same with and without colour vision. */
  const AMOUNT = [[0, 34, 78], [33, 59, 110], [76, 85, 108], [108, 110, 114], [139, 136, 120], [173, 165, 112], [210, 195, 96], [254, 232, 56]];
  /* Blue against, orange for, nothing in between (PuOr's blue sister of ColorBrewer, safe as well). */
  const SIGNED = [[5, 76, 145], [67, 147, 195], [146, 197, 222], [244, 165, 96], [230, 120, 30], [179, 70, 0]];
  const FIELD = 144; // points along the longer side of a picture in which a map is worked out
  const STRONGEST = 0.2; // of the picture's area lies inside the contour
  const AMOUNTS = new Set(["score", "photo", "text"]); // views that say how much, rather than for or against

  const one = (selector, within) => within.querySelector(selector);
  const all = (selector, within) => Array.from(within.querySelectorAll(selector));
  const fill = (text, values) => Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, () => value), text);
  const percent = (value, digits = 0) => `${value < 0 ? "\u2212" : ""}${(Math.abs(value) * 100).toFixed(digits)}%`;
  const points = (value) => `${value < 0 ? "\u2212" : "+"}${Math.abs(value).toFixed(3)}`;

  /* Brings the card's maps to life; `photo` is the visitor's own photo, which only the browser has. */
  function open(card, photo) {
    if (!card || !card.dataset.why) return;
    const why = { ...JSON.parse(card.dataset.why), card, name: "score", picked: null, raw: false, opacity: 0.5 };
    all("img[data-upload]", card).forEach((image) => {
      if (photo) image.src = photo;
    });
    why.hint = one("[data-stage-said]", card) ? one("[data-stage-said]", card).textContent : "";
    const paint = () => draw(why);
    all(".place", card).forEach((place) => {
      one("img", place).addEventListener("load", paint);
      new ResizeObserver(paint).observe(place);
      const pick = one("[data-pick]", place);
      pick.hidden = !why.pairs;
      pick.addEventListener("click", (event) => pickAt(why, place, event));
      pick.addEventListener("keydown", (event) => pickByKey(why, place, event));
    });
    all("[data-view]", card).forEach((button) => {
      button.addEventListener("click", () => show(why, button.dataset.view === why.name && !why.picked ? "score" : button.dataset.view));
    });
    card.addEventListener("input", (event) => {
      if ("opacity" in event.target.dataset) why.opacity = Number(event.target.value) / 100;
      else if ("raw" in event.target.dataset) why.raw = event.target.checked;
      else return;
      if (event.target.type === "range") event.target.style.setProperty("--at", `${event.target.value}%`);
      paint();
    });
    const contrast = one("details.contrast", card);
    if (contrast && why.views.next) contrast.addEventListener("toggle", () => show(why, contrast.open ? "next" : "score"));
    show(why, "score", { quiet: true });
  }

  function show(why, name, { quiet = false } = {}) {
    why.name = why.views[name] ? name : "score";
    why.picked = null;
    const view = why.views[why.name];
    say(why, quiet || why.name === "score" ? why.hint : fill(why.say.shown, { label: view.label, value: points(view.value) }));
    draw(why);
  }

  function say(why, text) {
    const holder = one("[data-stage-said]", why.card);
    if (holder && holder.textContent !== text) holder.textContent = text;
  }

  // ---------------------------------------------------------------- what is shown

  /* The maps to draw now, by picture, with the number that is full colour. */
  function current(why) {
    if (why.picked) {
      const { place, at } = why.picked;
      const other = place === "photo" ? "product" : "photo";
      const values = place === "photo" ? why.pairs[at] : why.pairs.map((row) => row[at]);
      const grid = why.views.score[other];
      const best = values.indexOf(Math.max(...values));
      return {
        unit: "pair",
        amount: true,
        most: Math.max(...values, 1e-9),
        mosts: {},
        maps: { [other]: { ...grid, values }, [place]: null },
        rings: { [place]: at, [other]: best },
      };
    }
    const view = why.views[why.name];
    const largest = (maps) => maps.flatMap((map) => (map ? map.values : [])).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    // Shares of the score have one scale everywhere; a difference or an attribute has its own in each picture.
    const alike = Object.values(why.views).filter((each) => each.unit === "score").flatMap((each) => [each.photo, each.product]);
        return {
      unit: view.unit,
      amount: AMOUNTS.has(why.name),
      most: largest(alike),
      mosts: view.unit === "score" ? {} : { photo: largest([view.photo]), product: largest([view.product]) },
      maps: { photo: view.photo, product: view.product },
      rings: {},
    };
  }

  function draw(why) {
    const now = current(why);
    all(".place", why.card).forEach((place) => {
      const name = place.dataset.place;
      paintPlace(why, place, now.maps[name], now, now.rings[name]);
      const rest = one("[data-rest]", place);
      const map = now.maps[name];
      const whole = map && map.rest !== null ? map.values.reduce((sum, value) => sum + value, map.rest) : 0;
      // Covering two places can cost the same thing twice: then there is no rest, but an overlap.
      const [text, share] = map && map.rest < 0 ? [why.say.overlap, 1 - map.rest / whole] : [why.say.rest, map ? map.rest / whole : 0];
      rest.textContent = now.unit === "score" && whole > 0 ? fill(text, { share: percent(share) }) : "";
    });
    all("[data-view]", why.card).forEach((button) => {
      button.setAttribute("aria-pressed", String(!why.picked && button.dataset.view === why.name));
    });
    legend(why, now);
  }

  function legend(why, now) {
    const holder = one("[data-legend]", why.card);
    if (!holder) return;
    const most = now.most / Math.max(Math.abs(why.score), 1e-9);
    const ends = now.unit === "score" ? [now.amount ? "0" : percent(-most, 1), `+${percent(most, 1)}`]
      : [why.say[`low_${now.unit}`], why.say[`high_${now.unit}`]];
    one("[data-legend-low]", holder).textContent = ends[0];
    one("[data-legend-high]", holder).textContent = ends[1];
    one("[data-legend-unit]", holder).textContent = why.say[`unit_${now.unit}`];
    const steps = Array.from({ length: 13 }, (_, at) => {
      const [red, green, blue, alpha] = colour(now.amount ? at / 12 : at / 6 - 1, now.amount, 1);
      return `rgb(${red} ${green} ${blue} / ${now.amount ? 1 : alpha})`;
    });
    one("[data-legend-bar]", holder).style.background = `linear-gradient(to right, ${steps.join(", ")})`;
  }

  // ---------------------------------------------------------------- drawing

  function paintPlace(why, place, map, now, ring) {
    const canvas = one("canvas", place);
    const image = one("img", place);
    const frame = canvas.parentElement;
    const scale = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = Math.round(frame.clientWidth * scale);
    canvas.height = Math.round(frame.clientHeight * scale);
    if (!image.naturalWidth || !canvas.width) return;
    const box = contained(image, canvas.width, canvas.height);
    const context = canvas.getContext("2d");
    if (map) {
      const field = sampled(map, box, why.raw);
      const most = now.mosts[place.dataset.place] || now.most;
      paintField(context, field, box, (value) => colour(value / most, now.amount, why.opacity), why.raw);
      if (why.opacity > 0) paintContour(context, field, box, scale);
    }
    const grid = map || why.views.score[place.dataset.place];
    if (ring !== undefined && grid) paintRing(context, grid, ring, box, scale);
  }

  /* Where object-fit: contain puts the picture, in the canvas's own pixels. */
  function contained(image, width, height) {
    const fit = Math.min(width / image.naturalWidth, height / image.naturalHeight);
    const wide = image.naturalWidth * fit;
    const high = image.naturalHeight * fit;
    return { x: (width - wide) / 2, y: (height - high) / 2, width: wide, height: high };
  }

  /* A map's values at points of the picture; NaN where the model did not look. */
  function sampled(map, box, raw) {
    const fit = FIELD / Math.max(box.width, box.height);
    const width = Math.max(Math.round(box.width * fit), 2);
    const height = Math.max(Math.round(box.height * fit), 2);
    const [left, top, right, bottom] = map.window;
    const values = new Float32Array(width * height);
    for (let y = 0; y < height; y += 1) {
      const down = (((y + 0.5) / height - top) / (bottom - top)) * map.h;
      for (let x = 0; x < width; x += 1) {
        const across = (((x + 0.5) / width - left) / (right - left)) * map.w;
        const seen = across >= 0 && across < map.w && down >= 0 && down < map.h;
        values[y * width + x] = seen ? valueAt(map, across, down, raw) : NaN;
      }
    }
    return { width, height, values };
  }

  function valueAt(map, across, down, raw) {
    if (raw) return map.values[Math.floor(down) * map.w + Math.floor(across)];
    const x = Math.min(Math.max(across - 0.5, 0), map.w - 1);
    const y = Math.min(Math.max(down - 0.5, 0), map.h - 1);
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [x1, y1] = [Math.min(x0 + 1, map.w - 1), Math.min(y0 + 1, map.h - 1)];
    const row = (at) => map.values[at * map.w + x0] * (1 - x + x0) + map.values[at * map.w + x1] * (x - x0);
    return row(y0) * (1 - y + y0) + row(y1) * (y - y0);
  }

  function paintField(context, field, box, paint, raw) {
    const small = document.createElement("canvas");
    small.width = field.width;
    small.height = field.height;
    const pixels = new ImageData(field.width, field.height);
    field.values.forEach((value, at) => {
      if (Number.isNaN(value)) return;
      const [red, green, blue, alpha] = paint(value);
      pixels.data.set([red, green, blue, Math.round(alpha * 255)], at * 4);
    });
    small.getContext("2d").putImageData(pixels, 0, 0);
    context.imageSmoothingEnabled = !raw;
    context.drawImage(small, box.x, box.y, box.width, box.height);
  }

  /* Red, green, blue and opacity of a share of the full colour, between -1 and 1. */
  function colour(share, amount, opacity) {
    const part = Math.min(Math.max(share, -1), 1);
    // The root opens up the low end, where most places are; the legend is drawn with the same rule.
    if (amount) return [...mixed(AMOUNT, Math.sqrt(Math.max(part, 0))), opacity * (0.45 + 0.55 * Math.max(part, 0))];
    // Nothing is clear, so that the picture shows where the number is near zero.
    return [...mixed(SIGNED, (part + 1) / 2), Math.min(opacity * 1.6, 1) * Math.sqrt(Math.abs(part))];
  }

  function mixed(stops, at) {
    const place = at * (stops.length - 1);
    const low = Math.min(Math.floor(place), stops.length - 2);
    return stops[low].map((value, channel) => Math.round(value + (stops[low + 1][channel] - value) * (place - low)));
  }

  /* Round the strongest part, so that colour is not all that carries it: marching squares. */
  function paintContour(context, field, box, scale) {
    const { width, height, values } = field;
    const known = Array.from(values).filter((value) => !Number.isNaN(value)).sort((a, b) => b - a);
    const level = Math.max(known[Math.floor(known.length * STRONGEST)] || 0, 0);
    if (!known.length || known[0] <= level) return;
    const value = (x, y) => (x < 0 || y < 0 || x >= width || y >= height || Number.isNaN(values[y * width + x]) ? level - 1e-6 : values[y * width + x]);
    const path = new Path2D();
    const put = (x, y) => [box.x + ((x + 0.5) / width) * box.width, box.y + ((y + 0.5) / height) * box.height];
    for (let y = -1; y < height; y += 1) {
      for (let x = -1; x < width; x += 1) {
        const corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]];
        const cuts = [];
        corners.forEach(([ax, ay], at) => {
          const [bx, by] = corners[(at + 1) % 4];
          const [a, b] = [value(ax, ay), value(bx, by)];
          if (a > level === b > level) return;
          const part = Math.min(Math.max((level - a) / (b - a), 0), 1);
          cuts.push(put(ax + (bx - ax) * part, ay + (by - ay) * part));
        });
        for (let at = 0; at + 1 < cuts.length; at += 2) {
          path.moveTo(...cuts[at]);
          path.lineTo(...cuts[at + 1]);
        }
      }
    }
    outlined(context, path, 1.5 * scale);
  }

  function paintRing(context, grid, at, box, scale) {
    const [left, top, right, bottom] = grid.window;
    const x = left + ((at % grid.w) + 0.5) / grid.w * (right - left);
    const y = top + (Math.floor(at / grid.w) + 0.5) / grid.h * (bottom - top);
    const path = new Path2D();
    const radius = Math.max(0.5 * Math.min(box.width * (right - left) / grid.w, box.height * (bottom - top) / grid.h), 7 * scale);
    path.arc(box.x + x * box.width, box.y + y * box.height, radius, 0, 2 * Math.PI);
    outlined(context, path, 2.5 * scale);
  }

  /* White with a dark edge: seen on any picture. */
  function outlined(context, path, width) {
    context.lineCap = "round";
    context.strokeStyle = "rgb(0 0 0 / 60%)";
    context.lineWidth = 2.2 * width;
    context.stroke(path);
    context.strokeStyle = "#fff";
    context.lineWidth = width;
    context.stroke(path);
  }

  // ---------------------------------------------------------------- places and partners

  function pickAt(why, place, event) {
    const name = place.dataset.place;
    const grid = why.views.score[name];
    const canvas = one("canvas", place);
    const box = contained(one("img", place), canvas.clientWidth, canvas.clientHeight);
    // By key there is no point: the middle it is, and the arrow keys go on from there.
    if (event.detail === 0) return pick(why, name, Math.floor(grid.h / 2) * grid.w + Math.floor(grid.w / 2));
    const edge = canvas.getBoundingClientRect();
    const x = (event.clientX - edge.left - box.x) / box.width;
    const y = (event.clientY - edge.top - box.y) / box.height;
    const [left, top, right, bottom] = grid.window;
    const column = Math.floor(((x - left) / (right - left)) * grid.w);
    const row = Math.floor(((y - top) / (bottom - top)) * grid.h);
    const inside = x >= 0 && x < 1 && y >= 0 && y < 1 && column >= 0 && column < grid.w && row >= 0 && row < grid.h;
    const at = row * grid.w + column;
    const again = why.picked && why.picked.place === name && why.picked.at === at;
    return inside && !again ? pick(why, name, at) : show(why, "score");
  }

  function pickByKey(why, place, event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const name = place.dataset.place;
    const { h, w } = why.views.score[name];
    const from = why.picked && why.picked.place === name ? why.picked.at : Math.floor(h / 2) * w + Math.floor(w / 2);
    const column = Math.min(Math.max((from % w) + step[0], 0), w - 1);
    const row = Math.min(Math.max(Math.floor(from / w) + step[1], 0), h - 1);
    pick(why, name, row * w + column);
  }

  function pick(why, place, at) {
    why.picked = { place, at };
    say(why, why.say.partner);
    draw(why);
  }

  return { open };
})();
