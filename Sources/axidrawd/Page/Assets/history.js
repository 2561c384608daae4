// The tab History: what became of drawings, and each of them once more.
import {again, card} from './queue.js';
import {$, button, each, el, load, on, put, show} from './talk.js';
import {past} from './view.js';

export class History {
	#app; #entries = []; #next = null; #known = null; #isOpen = false; #isBusy = false;

	constructor(app) {
		this.#app = app;
		on('more', 'click', () => this.#fetch(true));
	}
	open() { this.#isOpen = true; this.#known = null; if (this.#app.view) this.render(this.#app.view); }
	render(view) {
		if (!this.#isOpen || this.#known === view.recent) return;
		this.#known = view.recent;
		this.#fetch(false);
	}
	async #fetch(isMore) {
		if (this.#isBusy) return;
		this.#isBusy = true;
		const {talk, state, root} = this.#app, q = new URLSearchParams({device: state.name, limit: 20});
		if (isMore && this.#next) q.set('after', this.#next);
		const path = `v1/history?${q}`, page = await (isMore ? talk.ask(path) : load(root + path));
		if (page) {
			this.#entries = isMore ? [...this.#entries, ...page.items] : page.items;
			this.#next = page.next;
			this.#show();
		}
		this.#isBusy = false;
	}
	#show() {
		const {root, view, ui} = this.#app, rows = past(this.#entries, Date.now());
		show('history-none', !rows.length);
		show('more', !!this.#next);
		each($('history'), rows, r => r.id, r => {
			const time = el('time', {dateTime: r.iso, title: Intl.DateTimeFormat().resolvedOptions().timeZone || 'local time'});
			const li = card(time), img = li.firstChild, acts = li.lastChild.lastChild;
			if (r.hasPicture) img.src = `${root}v1/jobs/${r.id}/drawn.svg`; else img.hidden = true;
			acts.append(button('Show', () => this.#app.select(r.id), `Show ${r.name}`));
			if (ui.role !== 'viewer') acts.append(button('Plot again', async () => { const j = await again(this.#app, r.id, r.name, r.again, true); if (j) { this.#app.select(j.id); $('tab-drawing').click(); } }, `Plot ${r.name} again`));
			if (r.hasPicture) acts.append(el('a', {href: `${root}v1/jobs/${r.id}/drawn.svg`, textContent: 'Picture'}));
			return li;
		}, (li, r) => {
			const [title, small, time, acts] = li.lastElementChild.children;
			put(title, r.name);
			put(small, [r.outcome + (r.reason ? `: ${r.reason}` : ''), r.figures].filter(Boolean).join(' · '));
			small.className = r.state === 'failed' ? 'bad' : '';
			put(time, r.when);
			// Only what the daemon still lists can be shown on the sheet.
			show(acts.firstElementChild, this.#app.state.jobs.some(j => j.id === r.id));
		});
	}
}
