// The screen beside a plotter: the sheet while something is drawn, between plots the design turning in space.
import {Trail} from './ink.js';
import {empty, fold, device as deviceOf} from './model.js';
import {Picture} from './picture.js';
import {design, seen, words} from './screen.js';
import {Sheet} from './sheet.js';
import {listen} from './stream.js';
import {$, load, put, show} from './talk.js';
import {Turning} from './turning.js';

const {device: name, root, width, height} = document.body.dataset;
const bed = {xMillimetres: 0, yMillimetres: 0, widthMillimetres: +width, heightMillimetres: +height};
const trail = new Trail(name, root, () => picture.show());
const picture = new Picture($('bed'), $('screen'), {width: +width, height: +height}, trail, () => {});
const sheet = new Sheet(picture, root, () => {});
const turning = new Turning($('space'));
let state = empty(name), installation = null, sceneAt = '';
picture.isLive = picture.hasInk = true;

// Ended drawings that are kept, to count them; a screen runs for days.
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
	const hasDesign = !isOn && (!!turning.scene || !!$('flat').src);
	show('bed', !hasDesign);
	show('space', hasDesign && !!turning.scene);
	show('flat', hasDesign && !turning.scene);
	turning.go();
	picture.show();
}

async function takeDesign() {
	const d = design(name, installation), at = d.scene || d.drawing || '', flat = $('flat');
	if (at === sceneAt) return;
	sceneAt = at;
	const next = d.scene ? await load(root + d.scene.slice(1)) : null;
	if (sceneAt !== at) return;
	turning.scene = next;
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
