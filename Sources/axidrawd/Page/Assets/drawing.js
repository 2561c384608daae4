// The tab Drawing: files, layers, options.
import {OptionForm, ofDrawing} from './options.js';
import {$, button, each, el, load, on, put, show} from './talk.js';
import {layerList} from './view.js';

export class OptionsTab {
	#app; #form = null; #shown = ''; #timer = 0; #wanted = {}; #flight = Promise.resolve(); #limit = 32;

	constructor(app) {
		this.#app = app;
		this.#load();
		this.#files();
		on('swap', 'click', () => {
			const v = this.#values(), sides = /^(.+)x(.+)$/.exec(v.page || '');
			if (sides) this.#change('page', `${sides[2]}x${sides[1]}`);
			else this.#change('orientation', v.orientation === 'landscape' ? 'portrait' : 'landscape');
		});
		on('plain', 'click', () => { for (const name of Object.keys(this.#values())) this.#change(name, null); });
		on('share', 'click', async () => {
			const link = `${location.href.replace(/#.*/, '')}#options=${encodeURIComponent(new URLSearchParams(this.#values()))}`;
			try { await navigator.clipboard.writeText(link); put('shared', 'Copied; whoever opens it takes these options over.'); }
			catch { location.hash = link.split('#')[1]; put('shared', 'The address of this page now holds the options.'); }
		});
	}
	async #load() {
		const table = await this.#app.talk.ask('v1/options');
		if (!table) { setTimeout(() => this.#load(), 3000); return; }
		this.#form = new OptionForm(table, $('options'), (name, value) => this.#change(name, value));
		show('options-box', true);
		this.#app.render();
		const given = /#options=(.*)/.exec(location.hash);
		if (given) this.restore(Object.fromEntries(new URLSearchParams(decodeURIComponent(given[1]))));
		const settings = await load(`${this.#app.root}v1/settings`);
		if (settings && settings.limits) this.#limit = settings.limits.uploadMebibytes;
	}
	// Takes a whole set over.
	restore(values) {
		const known = this.#form ? this.#form.names : [], given = Object.entries(values).filter(([n]) => known.includes(n));
		for (const name of Object.keys(this.#values())) if (!(name in values)) this.#change(name, null);
		for (const [name, value] of given) this.#change(name, String(value));
		const left = Object.keys(values).length - given.length;
		put('shared', `The link's options are set${left ? `; ${left} are not known here` : ''}.`);
	}
	// Options of the job that is seen while it waits, else of the next one.
	#values() {
		const v = this.#app.view;
		const base = v && v.canPlan ? {...v.shown.options, ...v.shown.copies > 1 ? {copies: String(v.shown.copies)} : {}} : v ? v.device.options : {};
		const all = {...base, ...this.#wanted};
		return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
	}
	#change(name, value) {
		this.#wanted[name] = value;
		const v = this.#app.view;
		if (v && v.canPlan && v.shown.summary) {
			const {ui} = this.#app;
			// The time before the first of several changes that come together.
			if (!ui.known || ui.known.id !== v.shown.id || !this.#timer) ui.known = {id: v.shown.id, seconds: v.shown.summary.durationSeconds};
		}
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.settle(), 150);
	}
	// Sends what has been chosen; returns when the daemon has it.
	settle() {
		clearTimeout(this.#timer);
		this.#timer = 0;
		this.#flight = this.#flight.then(() => this.#send());
		return this.#flight;
	}
	async #send() {
		const changes = this.#wanted, names = Object.keys(changes);
		if (!names.length) return;
		this.#wanted = {};
		const {talk, view} = this.#app;
		if (view.canPlan) {
			const job = await talk.change(`v1/jobs/${view.shown.id}`, {options: changes});
			if (!job) return this.#refused(names);
			for (const name of names) this.#form.blame(name, '');
			this.#app.take(job);
			put('shared', '');
		}
		// Kept for what comes next on this plotter.
		const kept = {...view.device.options};
		for (const name of names) {
			if (ofDrawing.includes(name)) continue;
			if (changes[name] === null) delete kept[name]; else kept[name] = changes[name];
		}
		if (JSON.stringify(kept) === JSON.stringify(view.device.options)) return;
		const device = await talk.change(talk.device(''), {options: kept}, view.canPlan);
		if (!device && !view.canPlan) this.#refused(names);
		if (device) for (const name of names) this.#form.blame(name, '');
	}
	#refused(names) {
		const problem = this.#app.talk.problem;
		const found = ((problem || {}).errors || []).filter(e => this.#form.blame(e.pointer.slice(1), `${e.detail}`.replace(/^is /, 'It is ')));
		if (!found.length && problem) for (const name of names) this.#form.blame(name, problem.detail || '');
		if (found.length) this.#app.talk.complain('');
	}
	render(view) {
		if (!this.#form) return;
		const key = view.canPlan ? view.shown.id : '';
		if (key !== this.#shown) { this.#shown = key; this.#form.clearMistakes(); }
		this.#form.set(this.#values());
		put('options-of', view.canPlan ? `Of ${view.shown.name}; each change is planned at once, and kept for the next drawing here.` :
			'For the next drawing on this plotter. An empty field stands for what is usual.');
	}

	// Files: chosen, dropped, pasted.
	#files() {
		const bed = $('bed'), take = files => this.#take([...files]);
		this.#app.talk.form('send', () => { if ($('file').files.length) take($('file').files); else this.#app.talk.complain('choose an SVG file first.'); });
		on('file', 'change', () => { if ($('file').files.length) take($('file').files); });
		for (const kind of ['dragenter', 'dragover']) document.addEventListener(kind, e => {
			if (![...e.dataTransfer.types].includes('Files')) return;
			e.preventDefault(); bed.classList.add('over');
		});
		document.addEventListener('dragleave', e => { if (!e.relatedTarget) bed.classList.remove('over'); });
		document.addEventListener('drop', e => {
			bed.classList.remove('over');
			if (!e.dataTransfer.files.length) return;
			e.preventDefault();
			take(e.dataTransfer.files);
		});
		document.addEventListener('paste', e => {
			if (/^(input|select|textarea)$/i.test(e.target.tagName || '') && e.target.type !== 'file') return;
			if (e.clipboardData.files.length) { e.preventDefault(); return take(e.clipboardData.files); }
			const text = e.clipboardData.getData('text');
			if (/<svg[\s>]/i.test(text)) { e.preventDefault(); take([new File([text], 'pasted.svg', {type: 'image/svg+xml'})]); }
		});
	}
	async #take(drawings) {
		const {talk} = this.#app;
		talk.complain('');
		// Before the first event.
		while (!this.#app.view) await new Promise(done => setTimeout(done, 50));
		await this.settle();
		const bad = [];
		let done = 0, last = null;
		for (const f of drawings) {
			const tell = part => put('sending', `Sending ${f.name}${drawings.length > 1 ? ` (${done + bad.length + 1} of ${drawings.length})` : ''}: ${Math.round(part * 100)} %`);
			tell(0);
			const answer = await this.#hand(f, tell);
			if (answer.job) { done++; last = last || answer.job; this.#app.take(answer.job); } else bad.push(`${f.name}: ${answer.why}`);
		}
		$('file').value = '';
		if (!drawings.length) return;
		put('sending', drawings.length > 1 ? `${done} of ${drawings.length} drawings are handed in.` : done ? `${drawings[0].name} is handed in.` : '');
		if (bad.length) talk.complain(bad.join(' '));
		// The first of them is looked at, unless something is being drawn.
		if (last && !this.#app.view.meter.isShown) this.#app.select(last.id);
	}
	#hand(file, tell) {
		if (file.size > this.#limit * 1048576) {
			return {why: `${Math.ceil(file.size / 1048576)} MiB; at most ${this.#limit} MiB are taken. Compress it (gzip makes an .svgz), or raise limits.uploadMebibytes.`};
		}
		if (!file.size) return {why: 'it is empty.'};
		const q = new URLSearchParams({...this.#app.view.device.options, name: file.name, hold: String($('hold').checked)});
		return this.#app.talk.send(q, file, tell);
	}
}

export class Layers {
	#app;
	constructor(app) { this.#app = app; }
	render(view) {
		const rows = view.layers, mayChange = view.canPlan;
		show('layers-box', rows.length > 1);
		const send = next => this.#app.talk.change(`v1/jobs/${view.shown.id}`, {options: {layers: layerList(next, view.shown.summary.choices)}})
			.then(job => { if (job) this.#app.take(job); });
		each($('layers'), rows, r => r.key, () => {
			const li = el('li'), text = el('label'), box = el('input', {type: 'checkbox'});
			const swatch = el('span', {className: 'swatch'}), words = el('span');
			words.append(el('b'), el('small'));
			text.append(box, swatch, words);
			li.append(text, button('↑', () => li.act(-1)), button('↓', () => li.act(1)));
			box.addEventListener('change', () => li.tick(box.checked));
			return li;
		}, (li, r) => {
			const i = rows.indexOf(r), [text, up, down] = li.children, [box, swatch, words] = text.children;
			box.checked = r.isOn;
			box.disabled = !mayChange || !r.wanted || r.isOn && rows.filter(o => o.isOn).length === 1;
			swatch.style.background = r.colour || 'transparent';
			put(words.firstChild, r.name);
			put(words.lastChild, [r.note, r.pen].filter(Boolean).join(' · '));
			const canMove = mayChange && r.isOn && r.wanted;
			for (const [b, to, word] of [[up, i - 1, 'earlier'], [down, i + 1, 'later']]) {
				show(b, mayChange);
				b.disabled = !canMove || !rows[to] || !rows[to].isOn || !rows[to].wanted;
				b.setAttribute('aria-label', `Draw ${r.name} ${word}`);
			}
			li.tick = isOn => send(rows.map(o => o === r ? {...o, isOn} : o));
			li.act = by => {
				const next = rows.slice();
				[next[i], next[i + by]] = [next[i + by], next[i]];
				send(next);
			};
		});
	}
}
