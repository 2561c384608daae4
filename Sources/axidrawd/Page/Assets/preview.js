import {Trail} from './ink.js';
import {listen} from './stream.js';
import {$, put} from './talk.js';
import {clock} from './words.js';

const body = document.body, name = body.dataset.device, root = body.dataset.root;
const screen = $('screen'), pen = screen.getContext('2d'), plan = $('plan');
const layer = document.createElement('canvas'), ink = layer.getContext('2d');
const still = matchMedia('(prefers-reduced-motion: reduce)');
const bed = {xMillimetres: 0, yMillimetres: 0, widthMillimetres: +body.dataset.width, heightMillimetres: +body.dataset.height};
let device = null, job = null, jobs = new Map(), position = null, show = null, scene = null, sceneAt = '', picture = null;
const trail = new Trail(name, root, wake);
let frame = 0;

const busy = () => device && ['plotting', 'paused', 'stopping'].includes(device.state);

// What is plotted, else what the ink on the sheet is of; jobs that wait are not to be seen here.
function choose() {
	const now = jobs.get(busy() ? device.job : trail.job) || null;
	if ((now && now.id) !== (job && job.id) || !(now && now.summary) !== !(job && job.summary)) trail.drawn = 0;
	job = now;
}

// Where millimetres lie on the screen: the page of the drawing, as large as it fits.
function view(box) {
	const k = Math.min(screen.width / box.widthMillimetres, screen.height / box.heightMillimetres) * .94;
	return {k, x: (screen.width - k * box.widthMillimetres) / 2 - k * box.xMillimetres,
		y: (screen.height - k * box.heightMillimetres) / 2 - k * box.yMillimetres};
}
function fit() {
	const scale = Math.min(devicePixelRatio || 1, 2);
	screen.width = layer.width = Math.max(1, Math.round(screen.clientWidth * scale));
	screen.height = layer.height = Math.max(1, Math.round(screen.clientHeight * scale));
	trail.drawn = 0; wake();
}
function wake() { if (!frame) frame = requestAnimationFrame(paint); }

function paint(now) {
	frame = 0;
	choose();
	pen.clearRect(0, 0, screen.width, screen.height);
	if (busy() || !scene && !picture && trail.points.length) { paintInk(); return; }
	plan.hidden = true;
	if (scene) { paintScene(now); if (!still.matches) wake(); } else if (picture) paintPicture();
}
function paintInk() {
	const page = job && job.summary ? job.summary.page : bed, v = view(page), p = trail.points, n = p.length / 3;
	if (trail.drawn === 0) ink.clearRect(0, 0, layer.width, layer.height);
	ink.lineWidth = Math.max(.35 * v.k, 1); ink.lineCap = ink.lineJoin = 'round'; ink.strokeStyle = '#16161a';
	ink.beginPath();
	let down = false;
	for (let i = Math.max(trail.drawn - 1, 0); i < n; i++) {
		const x = v.x + p[3 * i] * v.k, y = v.y + p[3 * i + 1] * v.k;
		if (down) ink.lineTo(x, y);
		down = p[3 * i + 2] === 1;
		if (down) { ink.moveTo(x, y); if (i === n - 1) ink.lineTo(x, y); }
	}
	ink.stroke();
	trail.drawn = n;
	pen.drawImage(layer, 0, 0);
	placePlan(v);
	if (!position || !busy()) return;
	pen.fillStyle = position.penUp ? '#c2410c60' : '#c2410c';
	pen.beginPath();
	pen.arc(v.x + position.xMillimetres * v.k, v.y + position.yMillimetres * v.k, Math.max(1.2 * v.k, 5), 0, 7);
	pen.fill();
}
// The whole plan, pale below the ink; it is drawn in coordinates of the bed.
function placePlan(v) {
	if (!job || !job.summary) { plan.hidden = true; return; }
	const source = `${root}v1/jobs/${job.id}/preview.svg`;
	if (plan.dataset.source !== source) { plan.dataset.source = source; plan.src = source; }
	const scale = screen.clientWidth / screen.width;
	Object.assign(plan.style, {left: v.x * scale + 'px', top: v.y * scale + 'px',
		width: bed.widthMillimetres * v.k * scale + 'px', height: bed.heightMillimetres * v.k * scale + 'px'});
	plan.hidden = false;
}
// One turn around the main axis in 20 s, then a rest of 5 s.
function angle(now) {
	const t = now % 25000;
	if (still.matches || t > 20000) return 0;
	const u = t / 20000;
	return 2 * Math.PI * u * u * (3 - 2 * u);
}
function paintScene(now) {
	const v = view({xMillimetres: 0, yMillimetres: 0, widthMillimetres: scene.width, heightMillimetres: scene.height});
	const a = angle(now), c = Math.cos(a), s = Math.sin(a), [mx, my] = scene.middle, eye = scene.eye;
	pen.lineWidth = Math.max(.3 * v.k, 1); pen.lineCap = pen.lineJoin = 'round';
	for (const l of scene.layers) {
		pen.strokeStyle = l.colour;
		pen.beginPath();
		for (const q of l.strokes) {
			for (let i = 0; i < q.length; i += 3) {
				const y = q[i + 1] * c - q[i + 2] * s, z = q[i + 1] * s + q[i + 2] * c, k = eye / (eye - z);
				const px = v.x + (mx + (q[i] - mx) * k) * v.k, py = v.y + (my + y * k) * v.k;
				if (i) pen.lineTo(px, py); else pen.moveTo(px, py);
			}
		}
		pen.stroke();
	}
}
function paintPicture() {
	const w = picture.naturalWidth || 1, h = picture.naturalHeight || 1;
	const k = Math.min(screen.width / w, screen.height / h) * .94;
	pen.drawImage(picture, (screen.width - w * k) / 2, (screen.height - h * k) / 2, w * k, h * k);
}

// What is shown between plots: what was drawn last, before the first one what comes next.
function wanted() {
	if (!show) return {};
	const mine = show.plotters.find(p => p.device === name);
	if (mine && mine.current && (mine.current.scene || mine.current.drawing)) return mine.current;
	const product = show.products.find(p => p.name === show.next);
	if (!product) return {};
	const path = `/v1/products/${encodeURIComponent(product.name)}/`;
	return {product: product.name, scene: `${path}scene.json?seed=1`, drawing: `${path}drawing.svg?seed=1`, isNext: true};
}
async function takeShow() {
	const w = wanted();
	const at = w.scene || w.drawing || '';
	if (at === sceneAt) return;
	sceneAt = at;
	let next = null, image = null;
	try {
		if (w.scene) { const r = await fetch(root + w.scene.slice(1)); if (r.ok) next = await r.json(); }
	} catch { /* the stream says when the daemon is back */ }
	if (!next && w.drawing) {
		image = new Image();
		image.onload = wake;
		image.src = root + w.drawing.slice(1);
	}
	if (sceneAt !== at) return;
	scene = next; picture = image;
	wake();
}
async function fetchShow() {
	try {
		const r = await fetch(`${root}v1/installation`);
		if (r.ok) { show = await r.json(); takeShow(); tell(); }
	} catch { /* the stream says when the daemon is back */ }
}
// One line that is read from afar, and a dot for each drawing that waits.
function tell() {
	if (!device) return;
	choose();
	const w = wanted(), mine = show && show.plotters.find(p => p.device === name);
	const what = busy() ? mine && mine.current && !mine.current.isDone && mine.current.product || job && job.name || '' : w.product || '';
	const line = (mine ? mine.waiting : 0) + device.queue.filter(id => id !== device.job).length;
	const left = job ? job.progress.remainingSeconds / (device.simulatedSpeed || 1) : 0;
	const ready = job && device.state === 'plotting' ? `ready about ${clock(Date.now() + left * 1000)}` : '';
	const state = ready || (device.waitsForPaper && !device.stopped ? 'New paper, please' : device.state === 'idle' && !line ? 'Press the button' : device.sentence);
	const full = mine && mine.places && mine.waiting >= mine.places ? 'the queue is full' : '';
	put($('title'), [what, state, full].filter(Boolean).join(' · '));
	put($('dots'), line > 12 ? `${line} waiting` : '●'.repeat(line));
	$('dots').setAttribute('aria-label', line ? `${line} waiting` : '');
	screen.setAttribute('aria-label', busy() ? `What the pen has drawn of ${what}` : `The design ${what}`);
}

function takeJob(j) {
	if (j.device !== name || (jobs.get(j.id) || j).revision > j.revision) return;
	for (const o of jobs.values()) if (o.isFinal && o.id !== trail.job) jobs.delete(o.id);
	jobs.set(j.id, j); tell(); wake();
}
const takes = {
	snapshot(e) {
		device = e.devices.find(d => d.name === name) || device;
		if (device) position = device.position;
		jobs = new Map(e.jobs.filter(j => j.device === name).map(j => [j.id, j]));
		trail.fetch(); fetchShow(); tell(); wake();
	},
	state(e) { if (e.name === name) { device = e; tell(); wake(); } },
	job: takeJob,
	progress(e) { if (e.device === name && job && e.job === job.id) { job.progress = e.progress; tell(); } },
	position(e) { if (e.device === name) { position = e; if (busy()) wake(); } },
	ink(e) { trail.take(e); },
	installation(e) {
		if (!show) return;
		show.next = e.next;
		show.plotters = show.plotters.map(p => p.device === e.device ? e : p);
		takeShow(); tell(); wake();
	},
};
listen(root, (kind, e) => { if (takes[kind]) takes[kind](e); });
new ResizeObserver(fit).observe(screen);
fit();
