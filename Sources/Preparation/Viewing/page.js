'use strict';
// Moves the skeletons of this page. Everything that is shown is in the page; nothing is fetched.
// Arrays have the axes T (frames), B (bodies), V (joints), C (x y z).

const root = document.documentElement;
window.addEventListener('error', event => { root.dataset.error = event.message; });

const page = JSON.parse(document.getElementById('data').textContent);
const start = { azimuth: 0, elevation: 0.12, zoom: 1 };
const view = { ...start };
const clock = { frame: 0, playing: false, speed: 1, last: 0, length: 1 };
const ABSENT = 0, SEEN = 1, HIDDEN = 2, FILLED = 3;

// ---- what the page holds

const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
const V = page.joints, headJoint = 3, neckJoint = 2;

function readPanel(panel, figure) {
  const joints = new Int16Array(bytes(panel.joints).buffer);  // (T, B, V, C), times panel.step metres
  const seen = new Uint32Array(bytes(panel.seen).buffer);     // (T, B), bit v for joint v
  const [stage, strip] = figure.querySelectorAll('canvas');
  return { ...panel, joints, seen, stage, strip, parent: null };
}

const samples = page.samples.map((sample, index) => {
  const card = document.querySelectorAll('.sample')[index];
  const figures = card.querySelectorAll('figure');
  const panels = sample.panels.map((panel, i) => readPanel(panel, figures[i]));
  panels.forEach((panel, i) => {
    const parent = sample.panels[i].parent;
    if (parent !== undefined) panel.parent = panels[parent];
  });
  panels.forEach(panel => { panel.fit = fit(panel.parent ?? panel); panel.runs = runs(panel); });
  return { ...sample, panels, now: card.querySelector('.now'), line: card.querySelector('.intervals canvas') };
});
const labels = [...new Set(samples.flatMap(sample => sample.intervals.map(interval => interval[2])))].sort((a, b) => a - b);
clock.length = Math.max(1, ...samples.flatMap(sample => sample.panels.map(panel => panel.frames)));

// The joint to the right, up and towards the viewer, in metres. Whoever faces the camera faces the viewer.
function place(panel, frame, body, joint) {
  const at = ((frame * panel.bodies + body) * V + joint) * 3, { joints, step } = panel;
  const x = joints[at] * step, y = joints[at + 1] * step, z = joints[at + 2] * step;
  return panel.up === 'z' ? [-x, z, y] : [-x, y, -z];
}

function isSeen(panel, frame, body, joint) {
  return panel.seen[frame * panel.bodies + body] >>> joint & 1;
}

// Where the bodies are over all frames: the middle, how far they reach, and the floor under them.
function fit(panel) {
  const axes = [[], [], []];
  const every = Math.max(1, Math.floor(panel.frames * panel.bodies / 400));
  for (let frame = 0; frame < panel.frames; frame += every) {
    for (let body = 0; body < panel.bodies; body++) {
      for (let joint = 0; joint < V; joint++) {
        if (isSeen(panel, frame, body, joint)) place(panel, frame, body, joint).forEach((x, c) => axes[c].push(x));
      }
    }
  }
  // A joint that the tracker threw far away shall not make everything else small.
  const ends = axes.map(values => {
    values.sort((a, b) => a - b);
    const cut = Math.floor(values.length * 0.003);
    return values.length ? [values[cut], values[values.length - 1 - cut]] : [-1, 1];
  });
  const reach = ends.map(([low, high]) => Math.max(0.05, (high - low) / 2));
  return {
    centre: ends.map(([low, high]) => (low + high) / 2), floor: ends[1][0],
    wide: Math.max(reach[0], reach[2]), high: reach[1],
  };
}

// Frames of a body that look the same on the strip: [from, to, state].
function runs(panel) {
  const all = [];
  for (let body = 0; body < panel.bodies; body++) {
    const list = [];
    for (let frame = 0; frame < panel.frames; frame++) {
      const here = panel.seen[frame * panel.bodies + body];
      const before = panel.parent ? panel.parent.seen[frame * panel.bodies + body] : here;
      let state = before & ~here ? HIDDEN : here ? SEEN : ABSENT;
      if (panel.filled[body].some(([from, to]) => frame >= from && frame < to)) state = FILLED;
      const last = list[list.length - 1];
      if (last && last[2] === state) last[1] = frame + 1; else list.push([frame, frame + 1, state]);
    }
    all.push(list);
  }
  return all;
}

// ---- drawing

let colours;
function readColours() {
  const style = getComputedStyle(root), colour = name => style.getPropertyValue(name).trim();
  colours = {
    ink: colour('--ink'), quiet: colour('--quiet'), grid: colour('--grid'), paper: colour('--paper'),
    bodies: [0, 1, 2, 3, 4, 5].map(body => colour(`--body-${body}`)),
    isDark: matchMedia('(prefers-color-scheme: dark)').matches,
  };
}

// A canvas with one unit a CSS pixel, cleared.
function pen(canvas, height) {
  const ratio = window.devicePixelRatio || 1;
  if (height) canvas.style.height = `${height}px`;
  const width = canvas.clientWidth, tall = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(tall * ratio)) canvas.height = Math.round(tall * ratio);
  const ink = canvas.getContext('2d');
  ink.setTransform(ratio, 0, 0, ratio, 0, 0);
  ink.clearRect(0, 0, width, tall);
  return { ink, width, tall };
}

// From metres to pixels, seen from far enough that near hands do not grow too large.
function camera(panel, width, tall) {
  const { centre, wide, high } = panel.fit;
  const scale = view.zoom * 0.84 * Math.min(width / 2 / wide, tall / 2 / high);
  const distance = 6 * Math.max(wide, high);
  const [ca, sa, ce, se] = [Math.cos(view.azimuth), Math.sin(view.azimuth), Math.cos(view.elevation), Math.sin(view.elevation)];
  return point => {
    const [right, up, toward] = point.map((value, axis) => value - centre[axis]);
    const x = right * ca + toward * sa, depth = toward * ca - right * sa;
    const near = depth * ce + up * se;
    const size = scale * distance / Math.max(0.2 * distance, distance - near);
    return { x: width / 2 + x * size, y: tall / 2 - (up * ce - depth * se) * size, size: size / scale, near };
  };
}

function drawGrid(ink, panel, project) {
  const { centre, floor, wide } = panel.fit;
  const step = wide < 0.1 ? 0.1 : [0.5, 1, 5, 10].find(step => wide / step <= 6) ?? 50;
  const count = Math.ceil(wide / step) + 1, middle = [centre[0], centre[2]].map(x => Math.round(x / step));
  ink.strokeStyle = colours.grid;
  ink.lineWidth = 1;
  ink.beginPath();
  for (let i = -count; i <= count; i++) {
    for (const flip of [false, true]) {
      const ends = [-count, count].map(j => {
        const [a, b] = flip ? [j, i] : [i, j];
        return project([(middle[0] + a) * step, floor, (middle[1] + b) * step]);
      });
      ink.moveTo(ends[0].x, ends[0].y);
      ink.lineTo(ends[1].x, ends[1].y);
    }
  }
  ink.stroke();
  return step;
}

// The joints of a body that can be drawn: those that are seen, and hidden ones where the parent has them.
function jointsOf(panel, frame, body, project) {
  const joints = [];
  for (let joint = 0; joint < V; joint++) {
    const seen = isSeen(panel, frame, body, joint);
    if (!seen && !(panel.parent && isSeen(panel.parent, frame, body, joint))) continue;
    joints[joint] = { ...project(place(seen ? panel : panel.parent, frame, body, joint)), hidden: !seen };
  }
  return joints;
}

function drawBody(ink, joints, colour, unit) {
  ink.strokeStyle = ink.fillStyle = colour;
  ink.lineCap = 'round';
  for (const [from, to] of page.bones) {
    const a = joints[from], b = joints[to];
    if (!a || !b) continue;
    const hidden = a.hidden || b.hidden;
    ink.globalAlpha = hidden ? 0.75 : 1;
    ink.lineWidth = unit * (hidden ? 0.5 : 1) * (a.size + b.size) / 2;
    ink.setLineDash(hidden ? [2 * unit, 2 * unit] : []);
    ink.beginPath();
    ink.moveTo(a.x, a.y);
    ink.lineTo(b.x, b.y);
    ink.stroke();
  }
  ink.setLineDash([]);
  ink.globalAlpha = 1;
  joints.forEach((joint, index) => {
    const neck = joints[neckJoint];
    const isHead = index === headJoint && neck;
    const radius = isHead
      ? Math.max(1.6 * unit, 0.42 * Math.hypot(joint.x - neck.x, joint.y - neck.y))
      : 1.05 * unit * joint.size;
    ink.beginPath();
    ink.arc(joint.x, joint.y, radius, 0, 2 * Math.PI);
    if (joint.hidden) {
      ink.fillStyle = colours.paper;
      ink.fill();
      ink.fillStyle = colour;
      ink.lineWidth = Math.max(1, 0.4 * unit);
      ink.stroke();
    } else {
      ink.fill();
    }
  });
}

function drawStage(panel) {
  const box = panel.stage.getBoundingClientRect();
  if (box.bottom < 0 || box.top > innerHeight) return;
  const { ink, width, tall } = pen(panel.stage);
  const frame = Math.min(Math.floor(clock.frame), panel.frames - 1);
  const ended = clock.frame >= panel.frames;
  const project = camera(panel, width, tall);
  const step = drawGrid(ink, panel, project);
  const unit = clamp(Math.min(width, tall) / 100, 2.2, 4.5);
  const bodies = [];
  for (let body = 0; body < panel.bodies; body++) {
    const joints = jointsOf(panel, frame, body, project);
    const depths = joints.filter(joint => joint).map(joint => joint.near);
    if (depths.length) bodies.push({ joints, body, near: depths.reduce((a, b) => a + b) / depths.length });
  }
  ink.canvas.style.opacity = ended ? 0.45 : 1;
  bodies.sort((a, b) => a.near - b.near);
  for (const { joints, body } of bodies) drawBody(ink, joints, colours.bodies[body % 6], unit);
  ink.fillStyle = colours.quiet;
  ink.font = '12px system-ui, sans-serif';
  ink.textAlign = 'left';
  ink.fillText(`squares of ${step} m`, 8, tall - 8);
  const word = ended ? 'ended' : bodies.length ? '' : panel.bodies ? 'nobody in this frame' : 'no body';
  ink.textAlign = 'right';
  ink.fillText(word, width - 8, tall - 8);
}

function drawStrip(panel) {
  const bar = 8, gap = 4;
  const { ink, width } = pen(panel.strip, Math.max(1, panel.bodies) * (bar + gap) - gap + 2);
  panel.runs.forEach((list, body) => {
    const y = body * (bar + gap) + 1, colour = colours.bodies[body % 6];
    for (const [from, to, state] of list) {
      const x = from / panel.frames * width, w = Math.max(1, (to - from) / panel.frames * width);
      ink.fillStyle = ink.strokeStyle = colour;
      ink.globalAlpha = 1;
      ink.lineWidth = 1.25;
      if (state === SEEN) ink.fillRect(x, y, w, bar);
      if (state === HIDDEN) {
        ink.globalAlpha = 0.2;
        ink.fillRect(x, y, w, bar);
        ink.globalAlpha = 1;
        ink.setLineDash([3, 2]);
        ink.strokeRect(x + 0.6, y + 0.6, Math.max(0.1, w - 1.2), bar - 1.2);
        ink.setLineDash([]);
      }
      if (state === FILLED) {
        ink.save();
        ink.beginPath();
        ink.rect(x, y, w, bar);
        ink.clip();
        ink.beginPath();
        for (let at = Math.floor((x - bar) / 4) * 4; at < x + w; at += 4) { ink.moveTo(at, y + bar); ink.lineTo(at + bar, y); }
        ink.stroke();
        ink.restore();
      }
      if (state === ABSENT) {
        ink.fillStyle = colours.quiet;
        ink.globalAlpha = 0.6;
        ink.fillRect(x, y + bar / 2 - 0.5, w, 1);
      }
    }
  });
}

// The actions of an untrimmed recording, each class in a colour of its own and with its name where there is room.
function drawIntervals(sample) {
  if (!sample.line) return;
  const tall = 26, { ink, width } = pen(sample.line, tall);
  ink.fillStyle = colours.grid;
  ink.fillRect(0, tall / 2 - 0.5, width, 1);
  ink.font = '12px system-ui, sans-serif';
  ink.textBaseline = 'middle';
  for (const [from, to, label, name] of sample.intervals) {
    const x = from / sample.length * width, w = Math.max(1.5, (to - from) / sample.length * width);
    ink.fillStyle = `hsl(${labels.indexOf(label) * 360 / labels.length} ${colours.isDark ? '45% 32%' : '65% 84%'})`;
    ink.fillRect(x, 0, w, tall);
    ink.fillStyle = colours.ink;
    let text = name;
    while (text && ink.measureText(text).width > w - 6) text = text.replace(/.…?$/, text.length > 3 ? '…' : '');
    if (text) ink.fillText(text, x + 4, tall / 2 + 1);
  }
}

const control = Object.fromEntries(['controls', 'play', 'scrub', 'readout', 'speed', 'reset'].map(id => [id, document.getElementById(id)]));
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
let drawn = 0;

function draw() {
  const frame = Math.floor(clock.frame);
  for (const sample of samples) {
    sample.panels.forEach(drawStage);
    if (!sample.line) continue;
    const names = sample.intervals.filter(([from, to]) => frame >= from && frame < to).map(interval => interval[3]);
    sample.now.textContent = names.join(', ') || '–';
  }
  for (const head of document.querySelectorAll('.playhead')) {
    head.style.left = `${clamp((frame + 0.5) / Number(head.dataset.frames), 0, 1) * 100}%`;
  }
  control.scrub.value = frame;
  control.readout.textContent = `frame ${frame} of ${clock.length} · ${(frame / page.rate).toFixed(2)} s`;
  root.dataset.frame = frame;
  root.dataset.drawn = ++drawn;
}

function drawAll() {
  readColours();
  for (const sample of samples) { sample.panels.forEach(drawStrip); drawIntervals(sample); }
  draw();
}

// ---- time

let isDue = false;
function redraw() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => { isDue = false; draw(); });
}

function tick(now) {
  if (!clock.playing) return;
  const before = Math.floor(clock.frame);
  // A page that was in the background goes on where it was.
  clock.frame += Math.min(0.25, (now - clock.last) / 1000) * page.rate * clock.speed;
  if (clock.frame >= clock.length) clock.frame %= clock.length;
  clock.last = now;
  if (Math.floor(clock.frame) !== before) draw();
  requestAnimationFrame(tick);
}

function play(on) {
  if (on === clock.playing) return;
  clock.playing = on;
  root.classList.toggle('playing', on);
  control.play.setAttribute('aria-label', on ? 'Pause' : 'Play');
  clock.last = performance.now();
  if (on) requestAnimationFrame(tick);
}

function go(frame) {
  clock.frame = clamp(Math.floor(frame), 0, clock.length - 1);
  redraw();
}

function setSpeed(steps) {
  control.speed.selectedIndex = clamp(control.speed.selectedIndex + steps, 0, control.speed.length - 1);
  clock.speed = Number(control.speed.value);
}

// ---- view and controls

function turn(right, up) {
  view.azimuth -= right * 0.01;
  view.elevation = clamp(view.elevation + up * 0.01, -1.5, 1.5);
  redraw();
}

function zoom(factor) {
  view.zoom = clamp(view.zoom * factor, 0.2, 12);
  redraw();
}

function listenToStage(stage) {
  const pointers = new Map();
  const span = () => { const [a, b] = [...pointers.values()]; return Math.hypot(a.x - b.x, a.y - b.y); };
  stage.addEventListener('pointerdown', event => {
    stage.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  stage.addEventListener('pointermove', event => {
    const from = pointers.get(event.pointerId);
    if (!from) return;
    const before = pointers.size === 2 ? span() : 0;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointers.size === 1) turn(event.clientX - from.x, event.clientY - from.y);
    if (before > 0) zoom(span() / before);
  });
  for (const end of ['pointerup', 'pointercancel']) stage.addEventListener(end, event => pointers.delete(event.pointerId));
  stage.addEventListener('wheel', event => { event.preventDefault(); zoom(Math.exp(-event.deltaY * 0.0015)); }, { passive: false });
}

function listenToTrack(track) {
  const frames = Number(track.querySelector('.playhead').dataset.frames);
  const seek = event => {
    const box = track.getBoundingClientRect();
    play(false);
    go((event.clientX - box.left) / box.width * frames);
  };
  track.addEventListener('pointerdown', event => { track.setPointerCapture(event.pointerId); seek(event); });
  track.addEventListener('pointermove', event => { if (event.buttons) seek(event); });
}

const keys = {
  ' ': () => play(!clock.playing),
  ArrowLeft: event => { play(false); go(clock.frame - (event.shiftKey ? 10 : 1)); },
  ArrowRight: event => { play(false); go(clock.frame + (event.shiftKey ? 10 : 1)); },
  Home: () => go(0),
  End: () => go(clock.length - 1),
  '[': () => setSpeed(-1), ']': () => setSpeed(1),
  '+': () => zoom(1.2), '=': () => zoom(1.2), '-': () => zoom(1 / 1.2),
  0: () => { Object.assign(view, start); redraw(); },
};

document.addEventListener('keydown', event => {
  const isTyping = event.target.tagName === 'SELECT' || (event.target.tagName === 'BUTTON' && event.key === ' ');
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key](event);
});
control.play.addEventListener('click', () => play(!clock.playing));
control.scrub.addEventListener('input', () => { play(false); go(Number(control.scrub.value)); });
control.speed.addEventListener('change', () => setSpeed(0));
control.reset.addEventListener('click', () => keys[0]());
document.querySelectorAll('.stage').forEach(listenToStage);
document.querySelectorAll('.track').forEach(listenToTrack);
window.addEventListener('resize', drawAll);
window.addEventListener('scroll', redraw, { passive: true });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

if (samples.length) {
  control.controls.hidden = false;
  control.scrub.max = clock.length - 1;
  const frame = location.hash.match(/^#frame=(\d+)$/);
  if (frame) clock.frame = clamp(Number(frame[1]), 0, clock.length - 1);
  drawAll();
  play(!frame && !matchMedia('(prefers-reduced-motion: reduce)').matches);
}
