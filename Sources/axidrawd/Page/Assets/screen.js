// What the screen beside a plotter says, read from afar. Pure, as `view.js`: no document, no clock.
import {clock} from './words.js';

const isBusy = d => ['plotting', 'paused', 'stopping'].includes(d.state);

// What is plotted or was cut off, else what the ink is of; jobs that wait are not shown.
export function seen(device, jobs, inkOf) {
	const of = id => jobs.find(j => j.id === id), cut = device && device.queue.map(of).find(j => j && j.state === 'interrupted');
	return (device && isBusy(device) ? of(device.job) : cut || of(inkOf)) || null;
}

// How many drawings were done before this one without a break: each waited already while the one before it was drawn.
function before(job, jobs) {
	const done = jobs.filter(j => j.device === job.device && j.state === 'done' && j.endedAt).sort((a, b) => b.endedAt.localeCompare(a.endedAt));
	let count = 0, at = job;
	for (const j of done) {
		if (!at.startedAt || j.endedAt > at.startedAt) continue;
		if (at.createdAt > j.endedAt) break;
		count++;
		at = j;
	}
	return count;
}

// `show`: what `GET /v1/installation` says; null = nothing. `now`: ms.
export function words(device, jobs, show, now) {
	const mine = show && show.plotters.find(p => p.device === device.name), isOn = isBusy(device);
	const job = isOn ? jobs.find(j => j.id === device.job) : null;
	const waiting = (mine ? mine.waiting : 0) + device.queue.filter(id => id !== device.job).length;
	const made = mine && mine.current && !mine.current.isDone && mine.current.product;
	const parts = [], past = job ? before(job, jobs) : 0;
	if (job && job.copies > 1) parts.push(`Sheet ${job.copiesDone + 1} of ${job.copies}`);
	else if (job && past + waiting) parts.push(`Drawing ${past + 1} of ${past + 1 + waiting}`);
	else if (job) parts.push(made || job.name);
	if (job && device.state === 'plotting') {
		parts.push(`ready about ${clock(now + job.progress.remainingSeconds / (device.simulatedSpeed || 1) * 1000)}`);
	} else if (/^Waiting for paper/.test(device.sentence)) parts.push('New paper, please');
	else if (device.state === 'idle' && !waiting && show && show.next) parts.push('Press the button');
	else parts.push(device.sentence);
	if (mine && mine.places && mine.waiting >= mine.places) parts.push('the queue is full');
	return {line: parts.join(' · '), dots: waiting ? `${'●'.repeat(waiting > 12 ? 0 : waiting)} ${waiting} waiting`.trim() : '',
		what: job ? `What the pen has drawn of ${made || job.name}` : 'The drawing'};
}

// What is shown between plots: the design of what was drawn last, before the first one that of what comes next.
export function design(name, show) {
	if (!show) return {};
	const mine = show.plotters.find(p => p.device === name);
	if (mine && mine.current && (mine.current.scene || mine.current.drawing)) return mine.current;
	if (!show.products.some(p => p.name === show.next)) return {};
	const path = `/v1/products/${encodeURIComponent(show.next)}/`;
	return {scene: `${path}scene.json?seed=1`, drawing: `${path}drawing.svg?seed=1`};
}
