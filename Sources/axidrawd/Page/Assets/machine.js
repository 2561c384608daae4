// The tab Machine: the pen's heights, moves by hand, figures that count while something is drawn.
import {$, el, on, put, show} from './talk.js';

const all = of => [...document.querySelectorAll(of)];
const number = text => /^\s*[-+]?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? +text : null;

export class Machine {
	#app; #fields = all('#change [data-member]');

	constructor(app) {
		this.#app = app;
		const {talk} = app, d = what => talk.device(what);
		for (const id of ['jog-box', 'engage', 'change-box', 'screen-box']) show($(id), true);
		talk.form('up', () => talk.post(d('pen?to=up')));
		talk.form('down', () => talk.post(d('pen?to=down')));
		talk.form('release', () => talk.post(d('release')));
		on('engage', 'click', () => talk.post(d('engage')));
		on('home', 'click', () => talk.post(d('home')));
		on('cycle', 'click', () => talk.post(d('cycle')));
		'↖↑↗←·→↙↓↘'.split('').forEach((textContent, i) => {
			if (i === 4) return $('jog').append($('home'));
			const [x, y] = [i % 3, Math.floor(i / 3)], way = [['Back', '', 'Front'][y], ['left', '', 'right'][x]].join(' ').trim();
			const b = el('button', {textContent, className: 'walk', ariaLabel: way[0].toUpperCase() + way.slice(1)});
			b.addEventListener('click', () => {
				const step = +document.querySelector('[name=step]:checked').value;
				talk.post(d(`walk?dx=${(x - 1) * step}&dy=${(y - 1) * step}`));
			});
			$('jog').append(b);
		});
		for (const b of all('[data-try]')) b.addEventListener('click', () => {
			const e = $(b.dataset.of), text = e.value.trim() || e.placeholder, height = number(text);
			if (height === null || height < 0 || height > 100) return talk.complain(`${text || 'Nothing'} is no height: a number from 0 to 100, in %.`);
			talk.post(d(`pen?to=${b.dataset.try}&height=${height}`));
		});
		on('test-stroke', 'click', () => {
			const p = app.state.positions[app.state.name] || {xMillimetres: 0, yMillimetres: 0};
			const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20mm" height="2mm" viewBox="0 0 20 2"><path d="M0 1H20" fill="none" stroke="#000"/></svg>';
			const own = {};
			for (const e of this.#fields) if (e.value.trim()) own[e.name] = e.value.trim();
			const q = new URLSearchParams({...own, name: 'test stroke', origin: `${p.xMillimetres.toFixed(1)},${Math.max(0, p.yMillimetres - 1).toFixed(1)}`, rotate: '0', end: 'stay'});
			talk.post(`${d('jobs')}?${q}`, {headers: {'Content-Type': 'image/svg+xml'}, body: svg});
		});
		talk.form('apply', () => this.#apply());
		on('screen', 'submit', async e => {
			e.preventDefault();
			const key = await talk.post('v1/screens/grant', {headers: {'Content-Type': 'application/json'}, body: JSON.stringify({code: $('code').value})});
			if (key) { $('code').value = ''; put('let-in', `It is let in, with a key called ${key.name}.`); }
		});
		on('auto', 'change', async () => {
			if (!await talk.change(d(''), {autoAdvance: $('auto').checked})) $('auto').checked = !$('auto').checked;
		});
	}
	// The job that the figures are of; null = of what comes next.
	#job(view) { return view.subject && !view.subject.isFinal && view.may.change ? view.subject : null; }
	render(view) {
		const may = view.device.can, isFree = may.penUp || may.penDown;
		for (const id of ['home', 'cycle', 'engage', 'test-stroke']) $(id).disabled = !may.move;
		for (const b of all('.walk')) b.disabled = !may.move;
		for (const b of all('[data-try]')) b.disabled = !(b.dataset.try === 'up' ? may.penUp : may.penDown);
		put('why-up', isFree || may.release ? '' : view.device.sentence);
		show('auto-box', true);
		if (document.activeElement !== $('auto')) $('auto').checked = view.device.autoAdvance;
		const job = this.#job(view), values = job ? job.options : view.device.options, of = job ? job.id : '';
		put('apply', job ? `Change for ${job.name}` : 'Keep for this plotter');
		for (const e of this.#fields) {
			const now = values[e.name] || '', isOther = e.dataset.job !== of;
			if (isOther || e.value === e.dataset.known) e.value = now;
			if (isOther) { e.removeAttribute('aria-invalid'); put('changed', ''); }
			e.dataset.known = now; e.dataset.job = of;
			e.placeholder = values.preset ? '' : e.dataset.own;
		}
	}
	async #apply() {
		const {talk, view} = this.#app, job = this.#job(view), change = {};
		for (const e of this.#fields) {
			const text = e.value.trim();
			e.removeAttribute('aria-invalid');
			if (text !== '' && number(text) === null) {
				e.setAttribute('aria-invalid', 'true');
				return talk.complain(`${e.labels[0].textContent}: “${text}” is no number.`);
			}
			if (text !== e.dataset.known) change[job ? e.dataset.member : e.name] = text === '' ? null : job ? number(text) : text;
		}
		put('changed', '');
		if (!Object.keys(change).length) { talk.complain(''); put('changed', 'Nothing is changed.'); return; }
		const options = {...view.device.options};
		for (const [name, value] of Object.entries(change)) if (value === null) delete options[name]; else options[name] = value;
		const done = await (job ? talk.change(`v1/jobs/${job.id}`, change) : talk.change(talk.device(''), {options}));
		for (const e of this.#fields) {
			const isWrong = !done && ((talk.problem || {}).errors || []).some(o => ['/' + e.name, '/' + e.dataset.member].includes(o.pointer));
			if (isWrong) { e.setAttribute('aria-invalid', 'true'); e.setAttribute('aria-errormessage', 'error'); }
			if (done) e.dataset.known = e.value;
		}
		if (!done) return;
		if (job) this.#app.take(done);
		put('changed', !job ? 'Kept; drawings that are handed in on this page from now on have it.' :
			['plotting', 'paused'].includes(done.state) ? 'Changed; it counts from the next stroke on.' : 'Changed; the drawing is planned anew.');
	}
}
