// What a person sees, from what is known (`model.js`) and what they have chosen. Pure: no document, clock or network.
import {buttons} from './buttons.js';
import {device as deviceOf} from './model.js';
import {count, clock, day, difference, exact, metres, minutes} from './words.js';

// How much of the whole drawing is done: a run that goes on at a stroke draws only the rest.
export const part = j => j.summary && j.wholeSeconds ? Math.max(0, 1 - (1 - j.progress.fraction) * j.summary.durationSeconds / j.wholeSeconds) : j.progress.fraction;

const isUnderWay = j => !!j && ['plotting', 'paused', 'stopping'].includes(j.state);

// The job at hand: the plotter's own, else the first that waits, else the newest.
export function atHand(state) {
	const d = deviceOf(state), mine = state.jobs.filter(j => j.device === state.name), of = id => mine.find(j => j.id === id);
	if (!d) return null;
	return of(d.job) || d.queue.map(of).find(Boolean) || mine.find(j => !j.isFinal) || mine[0] || null;
}

// `ui`: {now (ms), role, selected (job id), last (job shown before), known ({id, seconds}: time before the last change)}
export function view(state, ui) {
	const d = deviceOf(state), hand = atHand(state);
	if (!d) return null;
	const mine = state.jobs.filter(j => j.device === state.name);
	const picked = mine.find(j => j.id === ui.selected) || null;
	// What ended last stays in view until something else begins.
	const last = mine.find(j => j.id === ui.last);
	const shown = picked || (last && last.isFinal && hand && hand.isFinal ? last : hand);
	// Buttons act on what is under way, else on what is seen.
	const subject = isUnderWay(hand) || !shown || shown.isFinal ? hand : shown;
	const may = buttons(d, subject), isViewer = ui.role === 'viewer';
	return {
		isViewer, shown, subject, hand, device: d,
		title: (isUnderWay(hand) ? `${Math.floor(part(hand) * 100)} % · ` : '') + `${d.name} · axidrawd`,
		sentence: d.sentence,
		connection: d.firmware ? `${d.simulated ? 'Virtual board' : 'Connected'}, ${d.profile}, firmware ${d.firmware}` :
			'No board connected',
		plotters: state.devices.map(o => ({name: o.name, isHere: o.name === d.name, sentence: o.sentence})),
		meter: meter(d, hand, ui.now), may: isViewer ? spectator(may) : may,
		// Pausing in the middle of a line is a thing of the drawing that is under way.
		pauseNow: !isViewer && !!hand && !!hand.can.pause,
		other: shown && hand && shown.id !== hand.id && isUnderWay(hand) ? hand.name : '',
		isBack: !!picked && !!hand && picked.id !== hand.id,
		job: shown ? about(shown, d, ui) : null,
		foot: foot(subject, d),
		layers: shown ? layers(shown) : [],
		canPlan: !isViewer && !!shown && ['held', 'queued'].includes(shown.state),
		queue: queue(d, mine, subject), waiting: state.waiting[d.name] || 0,
		recent: mine.filter(j => j.isFinal).map(j => j.id).join(),
		fault: fault(d, shown),
	};
}

// A viewer sees what is going on and may press nothing.
const spectator = may => Object.fromEntries(Object.entries(may).map(([name, it]) => [name, typeof it === 'object' && {...it, isOn: false, why: ''}]));

function fault(d, job) {
	if (d.state === 'faulted') return d.sentence;
	return job && job.state === 'failed' ? `The plot failed: ${job.reason}` : '';
}

// How far the drawing at hand is, and until when it takes.
function meter(d, job, now) {
	if (!job || !isUnderWay(job)) return {isShown: false, value: 0, text: '', ready: ''};
	const value = part(job), percent = Math.floor(value * 1000) / 10, left = job.progress.remainingSeconds / (d.simulatedSpeed || 1);
	const done = `${percent < 10 ? percent : Math.floor(percent)} %`;
	if (job.state !== 'plotting') return {isShown: true, value, text: `${done}, ${word(job, d)}`, ready: ''};
	const copy = job.copies === 1 ? '' : `sheet ${job.copiesDone + 1}${job.copies ? ` of ${job.copies}` : ''}, `;
	return {isShown: true, value, text: `${copy}${done}, about ${minutes(left)} left`,
		ready: `ready about ${clock(now + left * 1000)}`};
}

function word(job, d) {
	switch (job.state) {
		case 'queued': return !job.summary ? 'being planned' : d.waitsForPaper ? 'waits for paper' : 'waits for its turn';
		case 'held': return job.summary ? 'ready to plot' : 'being planned';
		case 'done': return 'finished';
		case 'interrupted': return 'cut off';
		case 'paused': return job.reason === 'waiting for paper' ? job.reason : 'paused';
	}
	return job.state;
}

function about(job, d, ui) {
	const s = job.summary, known = ui.known && ui.known.id === job.id ? ui.known.seconds : null;
	const isBegun = isUnderWay(job) || job.isFinal || job.state === 'interrupted';
	const change = s && known !== null && !isBegun ? difference(s.durationSeconds - known) : '';
	return {
		id: job.id, name: job.name, word: word(job, d), sentence: job.sentence,
		facts: s ? [
			['Time', exact(s.durationSeconds), change], ['Ink', metres(s.penDownMillimetres), ''],
			['Travel, pen up', metres(s.penUpMillimetres), ''],
			['Strokes', isUnderWay(job) ? `${job.firstStroke + job.progress.strokes} of ${job.firstStroke + s.strokes}` : count(s.strokes, 'stroke').replace(/ .*/, ''), ''],
		] : [],
		// What is lost comes first.
		notes: [...(d.positionUnknown && job.id === d.job ? [{severity: 'info', message: `For the record: ${job.reason}`}] : []), ...job.diagnostics].sort((a, b) => weight(a) - weight(b)).slice(0, 8).map(n => ({
			isLoss: n.code === 'clipped', isWarning: n.severity !== 'info',
			text: (n.line ? `Line ${n.line}: ` : '') + n.message.replace(/--(?=[a-z])/, 'the option ') + (n.count > 1 ? ` (${n.count} times)` : ''),
		})),
	};
}
const weight = n => n.code === 'clipped' ? 0 : n.severity === 'info' ? 2 : 1;

// "12 min · 3 pens": what the one large button is about to begin.
function foot(job, d) {
	if (!job || job.isFinal) return '';
	if (!job.summary) return ['held', 'queued'].includes(job.state) ? `${job.name}: being planned` : job.name;
	const pens = new Set(job.summary.layers.map(l => l.pen.text)).size, parts = [job.name, minutes(job.summary.durationSeconds / (d.simulatedSpeed || 1))];
	if (pens > 1) parts.push(count(pens, 'pen'));
	if (job.copies > 1) parts.push(count(job.copies, 'sheet'));
	return parts.join(' · ');
}

// The drawing's layers in the order in which they are drawn; those that are left out stay to be ticked again.
export function layers(job) {
	const s = job.summary;
	if (!s || !s.choices) return [];
	const wanted = job.options.layers === undefined ? null : job.options.layers.split(',').map(t => t.trim()).filter(Boolean);
	const means = (c, w) => c.name === w || c.number !== null && /^\d+$/.test(w) && +w === c.number;
	const place = c => wanted ? wanted.findIndex(w => means(c, w)) : 0;
	const list = s.choices.map((c, i) => ({c, i, place: place(c)}));
	list.sort((a, b) => (a.place < 0) - (b.place < 0) || (wanted ? a.place - b.place : 0) || a.i - b.i);
	const rows = list.map(({c, place}) => {
		const made = s.layers.filter(l => l.name === c.name);
		const strokes = made.reduce((n, l) => n + l.strokes, 0), seconds = made.reduce((n, l) => n + l.durationSeconds, 0);
		return {key: c.wanted || c.name, name: c.name, colour: c.colour || (made[0] || {}).colour || null, isOn: place >= 0,
			wanted: c.wanted, note: place < 0 ? 'left out' : made.length ? `${count(strokes, 'stroke')}, ${minutes(seconds)}` : 'nothing drawn',
			pen: made[0] ? made[0].pen.text : ''};
	});
	// What lies in no layer is drawn, too, unless layers are chosen.
	for (const l of wanted ? [] : s.layers.filter(l => !s.choices.some(c => c.name === l.name))) {
		rows.push({key: '', name: l.name || 'in no layer', colour: l.colour, isOn: true, wanted: null,
			note: `${count(l.strokes, 'stroke')}, ${minutes(l.durationSeconds)}`, pen: l.pen.text});
	}
	return rows;
}

// What the option `layers` is when these rows stand so; null = as the drawing has them.
export function layerList(rows, choices) {
	const on = rows.filter(r => r.isOn && r.wanted).map(r => r.wanted), all = choices.map(c => c.wanted);
	return on.length === all.length && on.every((w, i) => w === all[i]) ? null : on.join(',');
}

function queue(d, jobs, subject) {
	return d.queue.map(id => jobs.find(j => j.id === id)).filter(Boolean).map((j, i, all) => ({
		id: j.id, name: j.name, isShown: !!subject && subject.id === j.id, isUnderWay: isUnderWay(j),
		text: [word(j, d), j.summary ? minutes(j.summary.durationSeconds) : '', j.copies > 1 ? count(j.copies, 'sheet') : ''].filter(Boolean).join(' · '),
		hasPicture: !!j.summary && j.summary.points < 60000, can: j.can, canMove: !!j.can.move, copies: j.copies || 'endless',
		canCopy: ['held', 'queued'].includes(j.state), isFirst: i === 0 || !all[i - 1].can.move, isLast: i === all.length - 1,
	}));
}

// Entries of the history, newest first.
export const past = (entries, now) => entries.map(h => ({
	id: h.id, name: h.name || 'drawing', when: day(h.endedAt || h.createdAt, now), iso: h.endedAt || h.createdAt,
	outcome: {done: 'Drawn', cancelled: 'Cancelled', failed: 'Failed'}[h.state] || h.state, reason: h.reason || '', state: h.state,
	figures: h.startedAt && h.state !== 'done' ? 'begun, not finished' : h.startedAt ? [h.durationSeconds ? minutes(h.durationSeconds) : '', h.penDownMillimetres ? metres(h.penDownMillimetres) : ''].filter(Boolean).join(' · ') : 'never begun',
	hasPicture: !!h.startedAt, again: {...h.options},
}));
