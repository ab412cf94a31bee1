"use strict";
// Timelines: one uPlot per recording. Channels and probabilities are its series, each on a scale of its own that puts
// it into its band of the plot; the lanes are painted into their bands by a hook, so that all share one time axis.
(() => {
  const page = JSON.parse(document.getElementById("timeline-data").textContent);
  const LANE = 18, TIGHT = 11, CAPTION = 16, GAP = 8, SIGNAL = 46, PROBABILITY = 66, AXIS = 34, NOTHING = -2;

  const bytes = text => Uint8Array.from(atob(text), sign => sign.charCodeAt(0));
  const unpack = (text, kind) => new kind(bytes(text).buffer);
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  function values(text, kind, low, high) {
    const codes = unpack(text, kind), top = kind === Uint16Array ? 65534 : 254;
    return Array.from(codes, code => code > top ? null : low + (high - low) * code / top);
  }

  // Bands from top to bottom: signals, lanes, probabilities.
  function bandsOf(recording) {
    const bands = [];
    let y = 2;
    const add = (kind, height, content) => {
      const head = content.name ? CAPTION : 1 - GAP;  // the lanes of one label touch
      bands.push({ kind, ...content, caption: y, top: y + head, bottom: y + head + height });
      y += head + height + GAP;
    };
    for (const lane of recording.lanes) {
      const { name, short, label } = lane;
      const rows = { starts: unpack(lane.starts, Uint32Array), labels: unpack(lane.labels, Int16Array) };
      add("lane", label == null ? LANE : TIGHT, { name, short, label, ...rows });
    }
    for (const set of recording.probabilities) {
      const series = set.series.map(text => values(text, Uint8Array, 0, 1));
      add("probability", PROBABILITY, { name: set.name, series, low: 0, high: 1 });
    }
    for (const channel of recording.channels) {
      const series = [values(channel.data, Uint16Array, channel.low, channel.high)];
      add("signal", SIGNAL, { name: channel.name, series, low: channel.low, high: channel.high });
    }
    return { bands, height: y };
  }

  // The range of a scale whose low and high meet the bottom and the top of a band.
  function rangeOf(band, height) {
    const high = band.high > band.low ? band.high : band.low + 1;
    const unit = (high - band.low) / (band.bottom - band.top);
    return [band.low - unit * (height - band.bottom), high + unit * band.top];
  }

  function labelAt(lane, step) {
    let low = 0, high = lane.starts.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if (lane.starts[mid] <= step) low = mid; else high = mid - 1;
    }
    return low;
  }

  function paintLane(u, lane, recording) {
    const ratio = devicePixelRatio, ctx = u.ctx, { left, top, width } = u.bbox;
    const y = top + lane.top * ratio, height = (lane.bottom - lane.top) * ratio;
    const x = step => u.valToPos(step / recording.rate, "x", true);
    ctx.fillStyle = colour("lane");
    ctx.fillRect(left, y, width, height);
    const first = labelAt(lane, u.scales.x.min * recording.rate);
    const last = labelAt(lane, u.scales.x.max * recording.rate);
    ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    for (let k = first; k <= last; k++) {
      const label = lane.labels[k];
      if (label < 0 || label === page.background) continue;
      const from = Math.max(left, x(lane.starts[k]));
      const to = Math.min(left + width, x(k + 1 < lane.starts.length ? lane.starts[k + 1] : recording.steps));
      const seam = to - from > 4 * ratio ? ratio : 0;
      ctx.fillStyle = page.colours[label];
      ctx.fillRect(from, y, Math.max(to - from - seam, 0.4), height);
      const name = page.labels[label];
      if (lane.label == null && to - from > 26 * ratio && ctx.measureText(name).width < to - from - 8 * ratio) {
        ctx.fillStyle = page.inks[label];
        ctx.fillText(name, from + 4 * ratio, y + height / 2 + ratio / 2);
      }
    }
  }

  function paintCaption(u, band) {
    const ratio = devicePixelRatio, ctx = u.ctx;
    ctx.fillStyle = colour("soft");
    ctx.font = `${11.5 * ratio}px system-ui, sans-serif`;
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "left";
    ctx.fillText(band.name, u.bbox.left, u.bbox.top + (band.caption + CAPTION - 4) * ratio);
    if (band.kind === "probability") {
      ctx.strokeStyle = colour("line");
      ctx.lineWidth = ratio;
      for (const edge of [band.top, band.bottom]) {
        const y = Math.round(u.bbox.top + edge * ratio) + ratio / 2;
        ctx.beginPath(); ctx.moveTo(u.bbox.left, y); ctx.lineTo(u.bbox.left + u.bbox.width, y); ctx.stroke();
      }
    }
  }

  function clock(value, span) {
    if (!page.timed) return Math.round(value).toLocaleString("en");
    const digits = span < 0.5 ? 3 : span < 5 ? 2 : span < 60 ? 1 : 0;
    if (value < 60 && span < 120) return value.toFixed(digits) + " s";
    const hours = Math.floor(value / 3600), minutes = Math.floor(value / 60) % 60;
    const rest = (value % 60).toFixed(digits).padStart(digits ? digits + 3 : 2, "0");
    return (hours ? hours + ":" + String(minutes).padStart(2, "0") : minutes) + ":" + rest;
  }

  function readout(u, recording, bands, output) {
    const at = u.cursor.left;
    if (at == null || at < 0) { output.textContent = ""; return; }
    const time = u.posToVal(at, "x"), step = Math.floor(time * recording.rate);
    const said = new Map();
    for (const lane of bands.filter(band => band.kind === "lane")) {
      const label = lane.labels[labelAt(lane, step)];
      const names = said.get(lane.short) || [];
      if (label > NOTHING) names.push(label < 0 ? "not judged" : page.labels[label]);
      said.set(lane.short, names);
    }
    const lanes = [...said].map(([short, names]) => short + " " + (names.join(", ") || "nothing"));
    output.textContent = [clock(time, u.scales.x.max - u.scales.x.min), ...lanes].join(" · ");
  }

  function build(recording, holder, output) {
    const { bands, height } = bandsOf(recording);
    const end = recording.steps / recording.rate, data = [], series = [{}], scales = {};
    const x = Array.from({ length: recording.points }, (_, j) => Math.min((j + 0.5) * recording.spacing / recording.rate, end));
    data.push(x);
    bands.forEach((band, k) => {
      if (!band.series) return;
      scales["b" + k] = { auto: false, range: () => rangeOf(band, height) };
      band.series.forEach((column, label) => {
        data.push(column);
        const stroke = band.kind === "signal" ? () => colour("signal") : () => page.colours[label];
        series.push({ scale: "b" + k, stroke, width: band.kind === "signal" ? 1 : 1.5, points: { show: false } });
      });
    });
    if (data.length === 1) { data.push(x.map(() => null)); series.push({ scale: "none" }); scales.none = { range: () => [0, 1] }; }
    scales.x = { time: false, range: (_, low, high) => low == null ? [0, end] : [Math.max(0, low), Math.min(end, high)] };
    const view = { min: 0, max: end };
    const u = new uPlot({
      width: holder.clientWidth, height: height + AXIS, padding: [0, 16, 0, 16], scales, series,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false } },
      axes: [{
        size: AXIS, font: "12px system-ui, sans-serif", stroke: () => colour("soft"), space: 84,
        grid: { stroke: () => colour("line"), width: 1 }, ticks: { stroke: () => colour("line"), width: 1, size: 5 },
        values: (self, splits) => splits.map(value => clock(value, self.scales.x.max - self.scales.x.min)),
      }],
      hooks: {
        draw: [self => bands.forEach(band => { if (band.kind === "lane") paintLane(self, band, recording); paintCaption(self, band); })],
        setScale: [(self, key) => { if (key === "x") Object.assign(view, { min: self.scales.x.min, max: self.scales.x.max }); }],
        setCursor: [self => readout(self, recording, bands, output)],
      },
    }, data, holder);
    u.setScale("x", { min: 0, max: end });
    return { u, end, view };
  }

  // The view is kept here, since uPlot applies a new range only after the event: two moves in one would start from one range.
  function move({ u, end, view }, shift, zoom, centre) {
    const { min, max } = view, smallest = Math.min(end, 8 / (page.timed || 1));
    const span = Math.min(end, Math.max(smallest, (max - min) * zoom));
    const pivot = centre == null ? (min + max) / 2 : centre;
    let low = pivot - (pivot - min) * span / (max - min) + shift * span;
    low = Math.max(0, Math.min(end - span, low));
    Object.assign(view, { min: low, max: low + span });
    u.setScale("x", { min: low, max: low + span });
  }

  const DO = { in: [0, 0.5], out: [0, 2], left: [-0.4, 1], right: [0.4, 1], all: [0, Infinity] };
  const KEYS = { "+": "in", "=": "in", "-": "out", ArrowLeft: "left", ArrowRight: "right", "0": "all", Escape: "all" };

  function control(plot, details, holder) {
    details.querySelectorAll("button").forEach(button => button.addEventListener("click", () => move(plot, ...DO[button.dataset.do])));
    holder.addEventListener("keydown", event => {
      if (!KEYS[event.key] || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      move(plot, ...DO[KEYS[event.key]]);
    });
    plot.u.over.addEventListener("wheel", event => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      move(plot, 0, event.deltaY > 0 ? 1.25 : 0.8, plot.u.posToVal(event.offsetX, "x"));
    }, { passive: false });
    touch(plot);
  }

  function touch(plot) {
    const over = plot.u.over, fingers = new Map();
    const seen = () => {
      const at = [...fingers.values()].map(finger => finger - over.getBoundingClientRect().left);
      return { middle: at.reduce((sum, value) => sum + value, 0) / at.length, spread: at.length > 1 ? Math.abs(at[0] - at[1]) : 0 };
    };
    over.addEventListener("pointerdown", event => { if (event.pointerType === "touch") fingers.set(event.pointerId, event.clientX); });
    over.addEventListener("pointermove", event => {
      if (!fingers.has(event.pointerId)) return;
      const before = seen();
      fingers.set(event.pointerId, event.clientX);
      const after = seen();
      const zoom = before.spread > 20 && after.spread > 20 ? before.spread / after.spread : 1;
      move(plot, (before.middle - after.middle) / over.clientWidth, zoom, plot.u.posToVal(after.middle, "x"));
    });
    for (const kind of ["pointerup", "pointercancel", "pointerleave"]) over.addEventListener(kind, event => fingers.delete(event.pointerId));
  }

  const plots = [];
  function open(details) {
    const holder = details.querySelector(".chart");
    if (!details.open || holder.firstChild) return;
    const plot = build(page.recordings[details.dataset.recording], holder, details.querySelector(".readout"));
    control(plot, details, holder);
    plots.push(plot);
    new ResizeObserver(() => {
      if (holder.clientWidth) plot.u.setSize({ width: holder.clientWidth, height: plot.u.height });
    }).observe(holder);
  }
  document.querySelectorAll(".recording").forEach(details => {
    details.addEventListener("toggle", () => open(details));
    open(details);
  });
  const redraw = () => plots.forEach(plot => plot.u.redraw(false));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  matchMedia("print").addEventListener("change", redraw);
})();
