// The screen beside a plotter: the sheet while something is drawn, between plots the design turning in space.
import {Trail} from './ink.js';
import {empty, fold, device as deviceOf} from './model.js';
import {Picture} from './picture.js';
import {design, seen, words} from './screen.js';
import {Sheet} from './sheet.js';
import {listen} from './stream.js';
import {$, load, put, show} from './talk.js';

const {device: name, root, width, height} = document.body.dataset;
const bed = {xMillimetres: 0, yMillimetres: 0, widthMillimetres: +width, heightMillimetres: +height};
const trail = new Trail(name, root, () => picture.show());
const picture = new Picture($('bed'), $('screen'), {width: +width, height: +height}, trail, () => {});
const sheet = new Sheet(picture, root, () => {});
const still = matchMedia('(prefers-reduced-motion: reduce)'), space = $('space'), pen = space.getContext('2d');
let state = empty(name), installation = null, scene = null, sceneAt = '', frame = 0;
picture.isLive = picture.hasInk = true;

// So many drawings that have ended are kept, to count them; a screen runs for days.
const kept = 50;

function render() {
	const d = deviceOf(state);
	if (!d) return;
	const w = words(d, state.jobs, installation, Date.now()), isOn = !!d.job && ['plotting', 'paused', 'stopping'].includes(d.state);
	put('title', w.line);
	put('dots', w.dots);
	$('screen').setAttribute('aria-label', w.what);
	const job = seen(d, state.jobs, trail.job), page = job && job.summary ? job.summary.page : bed;
	if (JSON.stringify(page) !== JSON.stringify(picture.frame)) { picture.frame = page; picture.renew(); }
	picture.position = isOn ? state.positions[name] || null : null;
	sheet.show(job);
	const hasDesign = !isOn && (!!scene || !!$('flat').src);
	show('bed', !hasDesign);
	show(space, hasDesign && !!scene);
	show('flat', hasDesign && !scene);
	if (hasDesign && scene && !frame) frame = requestAnimationFrame(turn);
	picture.show();
}

// One turn around the main axis in 20 s, then a rest of 5 s.
function angle(now) {
	const t = now % 25000;
	if (still.matches || t > 20000) return 0;
	const u = t / 20000;
	return 2 * Math.PI * u * u * (3 - 2 * u);
}
function turn(now) {
	frame = 0;
	if (!scene || space.hidden) return;
	const scale = Math.min(devicePixelRatio || 1, 2), w = Math.round(space.clientWidth * scale), h = Math.round(space.clientHeight * scale);
	if (space.width !== w || space.height !== h) { space.width = w; space.height = h; }
	const k = Math.min(w / scene.width, h / scene.height) * .94, [mx, my] = scene.middle;
	const a = angle(now), c = Math.cos(a), s = Math.sin(a);
	pen.setTransform(1, 0, 0, 1, 0, 0);
	pen.clearRect(0, 0, w, h);
	pen.setTransform(k, 0, 0, k, (w - k * scene.width) / 2, (h - k * scene.height) / 2);
	pen.lineWidth = Math.max(.3, 1 / k); pen.lineCap = pen.lineJoin = 'round';
	for (const l of scene.layers) {
		pen.strokeStyle = l.colour;
		pen.beginPath();
		for (const q of l.strokes) for (let i = 0; i < q.length; i += 3) {
			const y = q[i + 1] * c - q[i + 2] * s, z = q[i + 1] * s + q[i + 2] * c, near = scene.eye / (scene.eye - z);
			pen[i ? 'lineTo' : 'moveTo'](mx + (q[i] - mx) * near, my + y * near);
		}
		pen.stroke();
	}
	// Where people want less motion it stands still.
	frame = still.matches ? 0 : requestAnimationFrame(turn);
}
async function takeDesign() {
	const d = design(name, installation), at = d.scene || d.drawing || '', flat = $('flat');
	if (at === sceneAt) return;
	sceneAt = at;
	const next = d.scene ? await load(root + d.scene.slice(1)) : null;
	if (sceneAt !== at) return;
	scene = next;
	if (!next && d.drawing) flat.src = root + d.drawing.slice(1); else flat.removeAttribute('src');
	render();
}
async function fetchInstallation() {
	installation = await load(`${root}v1/installation`) || installation;
	sceneAt = '';
	takeDesign();
	render();
}
listen(root, (kind, e) => {
	state = fold(state, kind, e);
	if (kind === 'snapshot') { sheet.forget(); trail.fetch().then(render); fetchInstallation(); }
	if (kind === 'ink') trail.take(e);
	if (kind === 'installation' && installation) {
		installation.next = e.next;
		installation.plotters = installation.plotters.map(p => p.device === e.device ? e : p);
		takeDesign();
	}
	const over = state.jobs.filter(j => j.isFinal && j.id !== trail.job).slice(kept);
	if (over.length) state = {...state, jobs: state.jobs.filter(j => !over.includes(j))};
	render();
});
new ResizeObserver(() => { if (!space.hidden && !frame) frame = requestAnimationFrame(turn); }).observe(document.body);
