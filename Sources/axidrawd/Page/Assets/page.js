import {buttons, waiting} from './buttons.js';
import {Trail} from './ink.js';

const $ = id => document.getElementById(id);
const body = document.body, name = body.dataset.device, root = body.dataset.root;
let device = null, job = null, jobs = [], lastHeard = 0, isLost = false;

// The picture: points come in mm, three numbers each: x, y, pen on paper.
const canvas = $('ink'), bed = $('bed'), preview = $('preview'), before = $('before'), sheet = $('sheet');
const pen = canvas.getContext('2d');
const trail = new Trail(name, root, show);
let position = null, raf = 0;
let picked = null, snapshots = 0;
const bedWidth = +bed.dataset.width, bedHeight = +bed.dataset.height;
const layer = document.createElement('canvas'), ink = layer.getContext('2d');

function fit() {
  const scale = Math.min(window.devicePixelRatio || 1, 3);
  const width = Math.max(1, Math.round(bed.clientWidth * scale));
  if (width !== canvas.width) {
    canvas.width = layer.width = width;
    canvas.height = layer.height = Math.max(1, Math.round(width * bedHeight / bedWidth));
  }
  trail.drawn = 0; show();
}
function show() { if (!raf) raf = requestAnimationFrame(paint); }
function paint() {
  raf = 0;
  const p = trail.points, k = canvas.width / bedWidth, n = p.length / 3;
  if (trail.drawn === 0) ink.clearRect(0, 0, layer.width, layer.height);
  ink.lineWidth = Math.max(.35 * k, 1); ink.lineCap = ink.lineJoin = 'round';
  ink.strokeStyle = getComputedStyle(body).getPropertyValue('--ink');
  ink.beginPath();
  let isDown = false;
  for (let i = Math.max(trail.drawn - 1, 0); i < n; i++) {
    const x = p[3 * i] * k, y = p[3 * i + 1] * k;
    if (isDown) ink.lineTo(x, y);
    isDown = p[3 * i + 2] === 1;
    if (isDown) { ink.moveTo(x, y); if (i === n - 1) ink.lineTo(x, y); }
  }
  ink.stroke();
  trail.drawn = n;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(layer, 0, 0);
  if (picked) {
    pen.lineWidth = Math.max(.8 * k, 3); pen.lineCap = pen.lineJoin = 'round'; pen.strokeStyle = '#c2410c';
    pen.beginPath();
    for (let i = 0; i < picked.points.length; i += 2) pen.lineTo(picked.points[i] * k, picked.points[i + 1] * k);
    pen.stroke();
  }
  if (!position) return;
  const x = position.xMillimetres * k, y = position.yMillimetres * k;
  if (n && isDown && job && !job.isFinal) {
    pen.lineWidth = ink.lineWidth; pen.lineCap = 'round'; pen.strokeStyle = ink.strokeStyle;
    pen.beginPath(); pen.moveTo(p[3 * n - 3] * k, p[3 * n - 2] * k); pen.lineTo(x, y); pen.stroke();
  }
  const r = Math.max(1.6 * k, 5);
  pen.lineWidth = Math.max(.5 * k, 2);
  pen.strokeStyle = '#c2410c'; pen.fillStyle = position.penUp ? '#ffffffb0' : '#c2410c';
  pen.beginPath(); pen.arc(x, y, r, 0, 7); pen.fill(); pen.stroke();
}

// Words.
const minutes = s => s < 50 ? `${Math.max(1, Math.round(s))} s` : s < 5400 ?
  `${Math.round(s / 60)} min` : `${Math.floor(s / 3600)} h ${Math.round(s % 3600 / 60)} min`;
const metres = mm => mm < 1000 ? `${Math.round(mm)} mm` : `${(mm / 1000).toFixed(2)} m`;
const when = iso => {
  const d = new Date(iso), t = document.createElement('time');
  t.dateTime = iso; t.textContent = d.toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'local time';
  t.title = zone;
  const s = document.createElement('span'); s.className = 'hidden'; s.textContent = ` ${zone}`;
  t.append(s); return t;
};
let announced = '', announceAt = 0, announceTimer = 0;
function announce(text) {
  if (text === announced) return;
  clearTimeout(announceTimer);
  announceTimer = setTimeout(() => {
    announced = text; announceAt = Date.now(); $('announce').textContent = text;
  }, Math.max(0, announceAt + 5000 - Date.now()));
}
function complain(text) {
  const e = $('error');
  e.textContent = '';
  if (!text) return;
  const b = document.createElement('b'); b.textContent = 'Not done: ';
  e.append(b, text);
}

function enable(id, {isOn, why}) {
  $(id).disabled = !isOn;
  const e = $('why-' + id);
  if (e) e.textContent = why;
}
function render() {
  if (!device) return;
  const state = device.state, jobState = job && !job.isFinal ? job.state : null, may = buttons(device, job);
  $('state').textContent = device.sentence;
  document.title = (jobState === 'plotting' ? Math.floor(job.progress.fraction * 100) + ' % · ' : '') + name + ' · axidrawd';
  $('connection').textContent = device.firmware ?
    `${device.simulated ? 'Virtual board' : 'Connected'}, ${device.profile}, firmware ${device.firmware}` : 'No board connected';
  $('send').textContent = jobState ? 'Queue this file' : 'Plot this file';
  $('go').textContent = may.go.label;
  for (const id of ['go', 'pause', 'cancel', 'up', 'down', 'release']) enable(id, may[id]);
  $('pick').hidden = !may.pick;
  bed.classList.toggle('picking', may.pick);
  if (!may.pick) { picked = null; $('from').hidden = true; $('picked').textContent = ''; }
  renderJob(jobState);
  $('fault').textContent = state === 'faulted' || job && job.state === 'failed' ?
    (state === 'faulted' ? device.sentence : `The plot failed: ${job.reason}`) : '';
  $('reset').hidden = !may.reset;
  $('reopen').hidden = !may.reopen;
  $('homed-box').hidden = !may.homed;
  if ($('homed-box').hidden) $('homed').checked = false;
  $('empty').hidden = !!job || trail.points.length > 0;
  show();
}
const canPick = () => !!device && buttons(device, job).pick;
// What is being typed stays; every other field follows the job.
const figures = [...$('change').elements].filter(e => e.dataset.member);
function renderChange() {
  const isOpen = job && buttons(device, job).change;
  $('change-box').hidden = !isOpen;
  if (!isOpen) { $('changed').textContent = ''; return; }
  for (const e of figures) {
    const now = job.options[e.name] || '', isOther = e.dataset.job !== job.id;
    if (isOther || e.value === e.dataset.known) e.value = now;
    if (isOther) { e.removeAttribute('aria-invalid'); $('changed').textContent = ''; }
    e.dataset.known = now; e.dataset.job = job.id;
    e.placeholder = job.options.preset ? '' : e.dataset.own;
  }
}
// Ink from before the daemon was started: the stream tells only of what is drawn since.
function renderBefore() {
  const source = `${root}v1/jobs/${job.id}/drawn.svg?seen=${snapshots}`;
  if (job.state === 'interrupted' && job.summary && before.dataset.source !== source) {
    before.dataset.source = source; before.dataset.job = job.id; before.src = source;
    before.alt = `What was drawn of ${job.name} before it was cut off`;
  }
  before.hidden = before.dataset.job !== job.id;
}
before.addEventListener('error', () => { before.dataset.source = before.dataset.job = ''; before.hidden = true; });
function renderJob(jobState) {
  renderChange();
  $('job').hidden = !job;
  if (!job) { sheet.hidden = true; preview.hidden = true; before.hidden = true; return; }
  $('acts').hidden = job.isFinal && device.state !== 'faulted';
  $('job-name').textContent = job.name;
  const percent = Math.floor(job.progress.fraction * 1000) / 10;
  $('bar').value = job.progress.fraction;
  const words = {queued: job.summary ? device.waitsForPaper ? 'waits for paper' : 'waits for its turn' : 'being planned', held: 'ready to plot', done: 'finished', cancelled: 'cancelled',
    failed: 'failed', interrupted: 'cut off', stopping: 'stopping', paused: job.reason || 'paused'}[job.state];
  const text = job.state === 'plotting' ?
    `${percent < 10 ? percent : Math.floor(percent)} %, about ${minutes(job.progress.remainingSeconds / (device.simulatedSpeed || 1))} left` : words;
  $('progress').textContent = text;
  announce(`${job.name}: ${job.state === 'plotting' ? `${Math.floor(percent / 10) * 10} %` : words}`);
  const s = job.summary;
  $('facts').hidden = !s;
  if (s) {
    $('fact-time').textContent = minutes(s.durationSeconds);
    $('fact-ink').textContent = metres(s.penDownMillimetres);
    $('fact-travel').textContent = metres(s.penUpMillimetres);
    $('fact-strokes').textContent = jobState && !['held', 'queued'].includes(jobState) ? `${job.progress.strokes} of ${s.strokes}` : s.strokes;
    const page = s.page;
    sheet.hidden = false;
    Object.assign(sheet.style, {left: page.xMillimetres / bedWidth * 100 + '%', top: page.yMillimetres / bedHeight * 100 + '%',
      width: page.widthMillimetres / bedWidth * 100 + '%', height: page.heightMillimetres / bedHeight * 100 + '%'});
    const source = `${root}v1/jobs/${job.id}/preview.svg`;
    if (preview.dataset.source !== source) {
      preview.dataset.source = source; preview.src = source;
      preview.alt = `Plan of ${job.name}`;
    }
    preview.hidden = false;
  } else { preview.hidden = true; sheet.hidden = true; }
  renderBefore();
  canvas.setAttribute('aria-label', `What the pen has drawn of ${job.name}: ${text}`);
  const list = $('notes');
  list.textContent = '';
  for (const d of job.diagnostics.slice(0, 8)) {
    const li = document.createElement('li');
    li.textContent = (d.line ? `Line ${d.line}: ` : '') + d.message + (d.count > 1 ? ` (${d.count} times)` : '');
    list.append(li);
  }
  $('notes-box').hidden = !job.diagnostics.length;
}
function renderJobs() {
  const rows = $('history');
  rows.textContent = '';
  const others = ((device || {}).queue || []).map(id => jobs.find(j => j.id === id)).filter(j => j && (!job || j.id !== job.id));
  $('queue-box').hidden = !others.length;
  const list = $('queue');
  list.textContent = '';
  for (const j of others) {
    const li = document.createElement('li'), text = document.createElement('span');
    text.textContent = j.name + (j.state === 'held' ? ' (held)' : '');
    li.append(text);
    const add = (label, path) => {
      const b = document.createElement('button');
      b.textContent = label; b.setAttribute('aria-label', `${label}: ${j.name}`);
      b.addEventListener('click', () => post(`${root}v1/jobs/${j.id}/${path}`)); li.append(b);
    };
    for (const [label, path] of waiting(j)) add(label, path);
    list.append(li);
  }
  const ended = jobs.filter(j => j.device === name && j.isFinal).slice(0, 8);
  $('history-box').hidden = !ended.length;
  for (const j of ended) {
    const tr = rows.insertRow();
    tr.insertCell().append(when(j.createdAt));
    const cell = tr.insertCell();
    if (j.startedAt) {
      const a = document.createElement('a');
      a.href = `${root}v1/jobs/${j.id}/drawn.svg`; a.textContent = j.name; a.title = 'What was drawn';
      cell.append(a);
    } else cell.textContent = j.name;
    tr.insertCell().textContent = j.state + (j.reason ? `: ${j.reason}` : '');
  }
}
function takeJob(j) {
  if (j.device !== name) return;
  const i = jobs.findIndex(o => o.id === j.id);
  if (i >= 0) { if (jobs[i].revision > j.revision) return; jobs[i] = j; } else jobs.unshift(j);
  choose(); renderJobs(); render();
}
// What is shown is the job at hand, which need not be the head of the queue, else what was shown, else the newest.
function choose() {
  const head = (device || {}).job, before = job && job.id;
  job = jobs.find(j => j.id === head) || jobs.find(j => j.id === before) || jobs.find(j => !j.isFinal) || jobs[0] || null;
  if (before && job && job.id !== before && trail.job !== job.id) trail.clear(job.id);
}

// Events.
let source = null;
function listen() {
  source = new EventSource(`${root}v1/events`);
  const on = (kind, take) => source.addEventListener(kind, e => { heard(); take(JSON.parse(e.data)); });
  source.onopen = heard;
  source.onerror = () => { if (!isLost) { isLost = true; tell(); } if (source.readyState === 2) { source.close(); setTimeout(listen, 3000); } };
  on('snapshot', e => {
    device = e.devices.find(d => d.name === name) || device;
    snapshots = Date.now();
    if (device && device.position) position = device.position;
    jobs = e.jobs.filter(j => j.device === name);
    job = null; choose();
    trail.clear();
    trail.fetch(); renderJobs(); render();
  });
  on('state', e => { if (e.name === name) { device = e; choose(); renderJobs(); render(); } });
  on('job', takeJob);
  on('progress', e => {
    if (e.device !== name || !job || e.job !== job.id) return;
    job.progress = e.progress; render();
  });
  on('position', e => { if (e.device === name) { position = e; $('place').textContent = `${e.xMillimetres.toFixed(1)}, ${e.yMillimetres.toFixed(1)} mm, pen ${e.penUp ? 'up' : 'down'}`; show(); } });
  on('ink', e => trail.take(e));
}
function heard() { lastHeard = Date.now(); if (isLost) { isLost = false; tell(); } }
function tell() {
  body.classList.toggle('stale', isLost);
  const age = lastHeard ? Math.round((Date.now() - lastHeard) / 1000) : 0;
  $('gone').textContent = isLost ? `No contact with the daemon; what you see is ${age} s old. Trying again.` : '';
}
setInterval(() => { if (isLost) tell(); }, 1000);

// Doing.
const ask = path => post(path, {method: 'GET'});
let problem = null;
async function post(path, options = {}) {
  complain(''); problem = null;
  try {
    const r = await fetch(path, {method: 'POST', ...options});
    if (r.ok) return await r.json();
    problem = await r.json();
    complain(problem.detail);
  } catch { complain('the daemon does not answer.'); }
  return null;
}
const act = (id, take) => $(id).form.addEventListener('submit', e => {
  if (e.submitter && e.submitter.id !== id) return;
  e.preventDefault(); take();
});
act('stop', () => post(`${root}v1/devices/${name}/stop`));
act('sample', async () => { const j = await post(`${root}v1/devices/${name}/sample`); if (j) takeJob(j); });
const homed = () => $('homed').checked ? 'homed=true' : '';
act('go', async () => {
  if (!job) return;
  const path = device.waitsForPaper && job.state === 'queued' ? `${root}v1/devices/${name}/resume` : `${root}v1/jobs/${job.id}/resume`;
  if (await post(`${path}?${homed()}`)) $('homed').checked = false;
});
act('reopen', () => post(`${root}v1/devices/${name}/resume`));
act('pause', () => job && post(`${root}v1/jobs/${job.id}/pause`));
act('cancel', () => { if (job && (!job.startedAt || confirm('Cancel this plot? The pen goes up and the drawing stays unfinished.'))) post(`${root}v1/jobs/${job.id}/cancel`); });
bed.addEventListener('click', async e => {
  if (!canPick()) return;
  const box = bed.getBoundingClientRect(), id = job.id;
  const x = (e.clientX - box.left) / box.width * bedWidth, y = (e.clientY - box.top) / box.height * bedHeight;
  const found = await ask(`${root}v1/jobs/${id}/stroke?x=${x.toFixed(2)}&y=${y.toFixed(2)}`);
  if (!found || !canPick() || job.id !== id) return;
  picked = found; $('from').hidden = false;
  $('picked').textContent = `Stroke ${found.stroke + 1} of ${found.strokeCount} is chosen.`;
  show();
});
$('from').addEventListener('click', async () => {
  if (!picked) return;
  if (await post(`${root}v1/jobs/${job.id}/resume?stroke=${picked.stroke}&${homed()}`)) $('homed').checked = false;
});
act('apply', async () => {
  if (!job) return;
  const id = job.id, change = {};
  for (const e of figures) {
    const text = e.value.trim();
    e.removeAttribute('aria-invalid');
    if (text !== e.dataset.known) change[e.dataset.member] = text === '' ? null : /^-?\d*\.?\d+$/.test(text) ? +text : text;
  }
  $('changed').textContent = '';
  if (!Object.keys(change).length) { complain(''); $('changed').textContent = 'Nothing is changed.'; return; }
  const j = await post(`${root}v1/jobs/${id}`, {method: 'PATCH', body: JSON.stringify(change),
    headers: {'Content-Type': 'application/json', 'If-Match': `"${id}-${job.revision}"`}});
  for (const e of figures) {
    const isWrong = !j && ((problem || {}).errors || []).some(o => ['/' + e.name, '/' + e.dataset.member].includes(o.pointer));
    if (isWrong) { e.setAttribute('aria-invalid', 'true'); e.setAttribute('aria-errormessage', 'error'); }
    if (j) e.dataset.known = e.value;
  }
  if (!j) return;
  takeJob(j);
  $('changed').textContent = ['plotting', 'paused'].includes(j.state) ? 'Changed; it counts from the next stroke on.' : 'Changed; the drawing is planned anew.';
});
act('up', () => post(`${root}v1/devices/${name}/pen?to=up`));
act('down', () => post(`${root}v1/devices/${name}/pen?to=down`));
act('release', () => post(`${root}v1/devices/${name}/release`));
act('reset', () => post(`${root}v1/devices/${name}/reset`));
async function send(file) {
  const q = new URLSearchParams({name: file.name, fit: $('fit').value, text: $('text').value, hold: $('hold').checked});
  const j = await post(`${root}v1/devices/${name}/jobs?${q}`, {body: file, headers: {'Content-Type': 'image/svg+xml'}});
  if (j) takeJob(j);
}
act('send', () => {
  const file = $('file').files[0];
  if (file) send(file); else complain('choose an SVG file first.');
});
for (const kind of ['dragenter', 'dragover']) document.addEventListener(kind, e => {
  if (![...e.dataTransfer.types].includes('Files')) return;
  e.preventDefault(); bed.classList.add('over');
});
document.addEventListener('dragleave', e => { if (!e.relatedTarget) bed.classList.remove('over'); });
document.addEventListener('drop', e => {
  bed.classList.remove('over');
  if (!e.dataTransfer.files.length) return;
  e.preventDefault();
  send(e.dataTransfer.files[0]);
});
new ResizeObserver(fit).observe(bed);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', fit);
fit();
listen();
