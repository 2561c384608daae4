// The page: listens, puts what `view.js` makes into the document, and does what people press.
import {Trail} from './ink.js';
import {empty, fold} from './model.js';
import {History} from './history.js';
import {Layers, OptionsTab} from './drawing.js';
import {Machine} from './machine.js';
import {Picture} from './picture.js';
import {Queue} from './queue.js';
import {Sheet} from './sheet.js';
import {$, Talk, each, el, on, openTab, put, show} from './talk.js';
import {listen} from './stream.js';
import {tabs} from './tabs.js';
import {Timeline} from './timeline.js';
import {atHand, view} from './view.js';
import {minutes} from './words.js';

const {device: name, root, role, path} = document.body.dataset;
const talk = new Talk(root, path);
const ui = {now: Date.now(), role, selected: null, last: null, known: null};
let state = empty(name), now = null;

const trail = new Trail(name, root, () => picture.show());
const picture = new Picture($('bed'), $('picture'), {width: +document.body.dataset.width, height: +document.body.dataset.height}, trail,
	zoom => put('zoom-fit', zoom > 1 ? `${Math.round(zoom * 100)} %` : 'Fit'));
const timeline = new Timeline(picture), sheet = new Sheet(picture, root, render);
const select = id => { ui.selected = id; ui.known = null; talk.complain(''); render(); };
const app = {talk, ui, root, picture, select, get view() { return now; }, get state() { return state; }, take: takeJob, render};
const options = role === 'viewer' ? null : new OptionsTab(app), layers = new Layers(app), queue = new Queue(app), history = new History(app);
const machine = role === 'viewer' ? null : new Machine(app);

// Showing.
const enable = (id, {isOn, why}) => { if ($(id)) { $(id).disabled = !isOn; put(`why-${id}`, why); } };
function render() {
	ui.now = Date.now();
	now = view(state, ui);
	if (!now) return;
	const {may, job, shown} = now;
	document.title = now.title;
	put('state', now.sentence);
	put('connection', now.connection);
	show('meter', now.meter.isShown);
	$('bar').value = now.meter.value;
	put('progress', now.meter.text);
	put('ready', now.meter.ready && ` · ${now.meter.ready}`);
	renderPlotters();
	for (const id of ['pause', 'cancel', 'up', 'down', 'release']) enable(id, may[id]);
	for (const id of ['go', 'go2']) if ($(id)) { put($(id), may.go.label); $(id).disabled = !may.go.isOn; show($(id), true); }
	put('why-go', may.go.why);
	put('foot-text', now.foot);
	for (const [id, isShown] of Object.entries({
		foot: may.go.isOn || !now.meter.isShown, 'pause-now': now.pauseNow && shown === now.hand,
		bounds: now.canPlan && now.device.can.bounds, here: now.canPlan && now.device.can.move,
		cancel: may.cancel.isOn && shown === now.subject, reset: may.reset, reopen: may.reopen, 'homed-box': may.homed,
	})) show(id, isShown);
	if (!may.homed && $('homed')) $('homed').checked = false;
	renderJob(job);
	sheet.show(shown);
	put('queue-count', now.queue.length ? String(now.queue.length) : '');
	if ($('send')) put('send', now.subject && !now.subject.isFinal ? 'Queue this file' : 'Plot this file');
	layers.render(now); queue.render(now); history.render(now);
	if (options) options.render(now);
	if (machine) machine.render(now);
	timeline.render(now);
	renderPick(may.pick);
	show('empty', !shown && !trail.count);
	const text = now.meter.text || (job ? job.word : now.sentence);
	$('picture').setAttribute('aria-label', job ? `Plan and ink of ${job.name}: ${text}` : 'The empty bed');
	if (job) talk.announce(`${job.name}: ${now.meter.isShown ? text.replace(/^(\d)\d?(\.\d)? %/, '$10 %') : job.word}`);
	picture.show();
	keepFocus();
}
// From a button that goes, the focus moves to the next one; never to Stop.
let held = null;
addEventListener('focusin', e => { held = e.target; });
addEventListener('focusout', () => { held = null; });
function keepFocus() {
	const isThere = e => e && !e.disabled && e.checkVisibility();
	if (held && !isThere(held)) (['go', 'pause'].map($).find(isThere) || openTab()).focus();
}
function renderPlotters() {
	show('plotters', now.plotters.length > 1);
	each($('plotters').firstElementChild, now.plotters, p => p.name, () => {
		const li = el('li'), a = el('a'), s = el('small');
		a.append(el('b'), s);
		li.append(a);
		return li;
	}, (li, p) => {
		const a = li.firstElementChild;
		a.href = `${root}?device=${encodeURIComponent(p.name)}`;
		if (p.isHere) a.setAttribute('aria-current', 'page');
		put(a.firstElementChild, p.name);
		put(a.lastElementChild, p.sentence);
	});
}
// When a pause at the end of the stroke would take effect, as long as the plan at hand is that of the picture.
function strokeEnd() {
	const {plan} = picture, j = now.shown;
	if (!plan || !j || j !== now.hand || j.state !== 'plotting' || plan.strokeCount !== j.progress.strokeCount) return '';
	const left = plan.ends[j.progress.strokes] - j.progress.fraction * plan.durationSeconds;
	return left > 3 ? `${j.sentence} The stroke at hand ends in about ${minutes(left / (now.device.simulatedSpeed || 1))}.` : '';
}
function renderJob(job) {
	show('job', !!job || !!now.fault);
	put('fault', now.fault);
	put('job-name', job ? job.name : 'Trouble');
	put('job-word', job ? job.word : '');
	put('job-sentence', strokeEnd() || (now.other ? `${now.other} is being drawn meanwhile.` : job && !now.fault ? job.sentence : ''));
	show('back-box', now.isBack);
	show('go-plain', false);
	show('nothing', !job);
	if (!job) return;
	ui.last = job.id;
	show('facts', job.facts.length > 0);
	each($('facts'), job.facts, f => f[0], () => {
		const row = el('div'), dd = el('dd');
		dd.append(el('span'), el('em'));
		row.append(el('dt'), dd);
		return row;
	}, (row, [term, text, change]) => {
		const [dt, dd] = row.children, [figure, other] = dd.children;
		put(dt, term); put(figure, text); put(other, change);
		other.className = change.startsWith('+') ? 'more' : 'less';
	});
	each($('notes'), job.notes, n => n.text, () => el('li'), (li, n) => {
		put(li, n.text);
		li.className = n.isLoss ? 'loss' : n.isWarning ? '' : 'quiet';
	});
}

// Events.
function takeJob(job) { take('job', job); }
function take(kind, e) {
	const before = atHand(state);
	state = fold(state, kind, e);
	if (kind === 'snapshot') { talk.complain(''); trail.fetch(); sheet.forget(); put('place', ''); picture.position = state.positions[name] || null; }
	if (kind === 'ink') return trail.take(e);
	if (kind === 'position') {
		if (e.device !== name) return;
		picture.position = e;
		put('place', `The carriage is at ${e.xMillimetres.toFixed(1)}, ${e.yMillimetres.toFixed(1)} mm, pen ${e.penUp ? 'up' : 'down'}.`);
		return picture.show();
	}
	if (kind === 'incident' && e.device === name) talk.complain(e.message);
	const hand = atHand(state);
	// What begins is looked at, whatever was looked at before.
	if (hand && hand.state === 'plotting' && (!before || before.id !== hand.id || before.state !== 'plotting')) {
		ui.selected = null; ui.known = null; timeline.follow();
		if (trail.job !== hand.id) trail.clear(hand.id);
	}
	render();
}
listen(root, take);
setInterval(() => { if (now && now.meter.isShown) render(); }, 15000);

// Doing.
talk.form('stop', () => talk.post(talk.device('stop'), {isUrgent: true}));
talk.form('pause', () => now.hand && talk.post(`v1/jobs/${now.hand.id}/pause`));
on('pause-now', 'click', () => now.hand && talk.post(`v1/jobs/${now.hand.id}/pause?at=now`));
talk.form('cancel', () => {
	const j = now.subject;
	if (j && (!j.startedAt || confirm(`Cancel ${j.name}? The pen goes up and the drawing stays unfinished.`))) talk.post(`v1/jobs/${j.id}/cancel`);
});
for (const [id, what] of [['bounds', 'bounds'], ['here', 'place?here=true']]) on(id, 'click', () => talk.post(`v1/jobs/${now.shown.id}/${what}`));
talk.form('reset', () => talk.post(talk.device('reset')));
talk.form('reopen', () => talk.post(talk.device('resume')));
const homed = () => $('homed') && $('homed').checked ? 'homed=true' : '';
async function go() {
	const j = now.subject;
	if (!j) return;
	// What has just been typed belongs to it.
	if (options) await options.settle();
	const wrong = document.querySelector('#options [aria-invalid]');
	if (wrong) return wrong.focus();
	const path = now.device.waitsForPaper && j.state === 'queued' && j.id === now.hand.id ? talk.device('resume') : `v1/jobs/${j.id}/resume`;
	if (await talk.post(`${path}?${homed()}`)) $('homed').checked = false;
}
for (const id of ['go', 'go2']) on(id, 'click', go);
talk.form('go-plain', go);
talk.form('sample', async () => { const j = await talk.post(talk.device('sample')); if (j) { ui.selected = null; takeJob(j); } });
on('back', 'click', () => select(null));

// Going on from another stroke.
function renderPick(canPick) {
	if (!$('pick')) return;
	const n = picture.plan ? picture.plan.strokeCount : 0;
	show('pick', canPick && n > 0);
	$('bed').classList.toggle('picking', canPick);
	if (!canPick) { if (picture.picked >= 0) { picture.picked = -1; show('from', false); put('picked', ''); } return; }
	$('pick-stroke').max = Math.max(0, n - 1);
}
function pick(stroke) {
	picture.picked = stroke;
	$('pick-stroke').value = stroke;
	put('picked', `Stroke ${stroke + 1} of ${picture.plan.strokeCount} is chosen.`);
	show('from', true);
	picture.show();
}
on('pick-stroke', 'input', () => pick(+$('pick-stroke').value));
$('bed').addEventListener('click', async e => {
	if (!now || !now.may.pick || picture.hasMoved || !picture.plan) return;
	const [x, y] = picture.millimetres(e.clientX, e.clientY), id = now.subject.id;
	const found = await talk.ask(`v1/jobs/${id}/stroke?x=${x.toFixed(2)}&y=${y.toFixed(2)}`);
	if (found && now.may.pick && now.subject.id === id) pick(found.stroke);
});
on('from', 'click', async () => {
	if (picture.picked >= 0 && await talk.post(`v1/jobs/${now.subject.id}/resume?stroke=${picture.picked}&${homed()}`)) $('homed').checked = false;
});

// What is shown of the sheet.
for (const what of ['plan', 'order', 'travel', 'ink']) on(`see-${what}`, 'change', () => {
	picture.see[what] = $(`see-${what}`).checked;
	show('legend', picture.see.order);
	picture.renew();
});
on('zoom-in', 'click', () => picture.zoomBy(1.5));
on('zoom-out', 'click', () => picture.zoomBy(1 / 1.5));
on('zoom-fit', 'click', () => picture.reset());
document.documentElement.classList.add('live');
for (const id of ['viewrow', 'timerow', 'picture', 'tabs']) show($(id), true);
$('bed').style.aspectRatio = `${document.body.dataset.width} / ${document.body.dataset.height}`;
$('bed').style.setProperty('--ratio', document.body.dataset.width / document.body.dataset.height);
tabs($('tabs'), id => { if (id === 'tab-history') history.open(); });
picture.fit();
