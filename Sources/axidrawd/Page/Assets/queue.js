// The tab Queue: what waits, its order, copies, and what was taken out by mistake.
import {$, button, each, el, put, show} from './talk.js';

// A row with a picture: title, a line in small letters, more, and what may be done.
export function card(...more) {
	const li = el('li'), img = el('img', {alt: '', loading: 'lazy'}), text = el('div');
	img.onerror = () => { img.hidden = true; };
	text.append(el('b'), el('small'), ...more, el('div', {className: 'acts'}));
	li.append(img, text);
	return li;
}

// Hands a drawing in once more, with the options that it had; the new job, or null.
export async function again(app, id, name, options, hold) {
	const {talk, root} = app, r = await fetch(`${root}v1/jobs/${id}/drawing`).catch(() => null);
	if (!r || !r.ok) {
		const problem = r ? await r.json().catch(() => ({})) : {};
		talk.complain(problem.detail || 'the daemon does not answer.');
		return null;
	}
	const answer = await talk.send(new URLSearchParams({...options, name, hold: String(hold)}), await r.blob(), () => {});
	if (answer.why) talk.complain(answer.why); else app.take(answer.job);
	return answer.job || null;
}

export class Queue {
	#app; #dragged = null; #timer = 0;

	constructor(app) { this.#app = app; }
	render(view) {
		const {talk, root} = this.#app, rows = view.queue, list = $('queue');
		show('queue-none', !rows.length);
		put('presses', view.waiting ? `${view.waiting} ${view.waiting === 1 ? 'press of a button waits' : 'presses of buttons wait'} for a drawing.` : '');
		show('presses', !!view.waiting);
		each(list, rows, r => r.id, r => {
			const li = card();
			this.#drag(li, r.id);
			return li;
		}, (li, r) => {
			li.classList.toggle('here', r.isShown);
			li.draggable = r.canMove && !view.isViewer;
			const img = li.firstChild;
			if (r.hasPicture && !img.src) img.src = `${root}v1/jobs/${r.id}/preview.svg`;
			show(img, r.hasPicture);
			const [title, small, acts] = li.lastElementChild.children;
			put(title, r.name);
			put(small, r.text);
			const wanted = [['show', 'Show', () => this.#app.select(r.id), true]];
			if (!view.isViewer) {
				if (r.canMove) {
					wanted.push(['up', '↑', () => talk.post(`v1/jobs/${r.id}/move?to=up`), !r.isFirst, `Earlier: ${r.name}`]);
					wanted.push(['down', '↓', () => talk.post(`v1/jobs/${r.id}/move?to=down`), !r.isLast, `Later: ${r.name}`]);
				}
				const path = r.can.hold ? 'hold' : 'resume';
				if (r.can.hold || r.can.start) wanted.push([path, r.can.hold ? 'Hold back' : 'Start', () => talk.post(`v1/jobs/${r.id}/${path}`), true]);
				if (r.canCopy) wanted.push(['copies', `${r.copies} ×`, () => this.#copies(r), true, `Copies of ${r.name}: ${r.copies}. Change`]);
				if (!r.isUnderWay && r.can.cancel) wanted.push(['delete', 'Delete', () => this.#remove(r), true, `Delete ${r.name}`]);
			}
			each(acts, wanted, w => w[0], w => { const b = button('', () => b.act()); return b; }, (b, [, text, act, isOn, label]) => {
				// At the end of the queue the focus goes back to the row's first button.
				if (!isOn && b === document.activeElement) b.parentNode.firstChild.focus();
				put(b, text); b.act = act; b.disabled = !isOn; b.setAttribute('aria-label', label || `${text}: ${r.name}`);
			});
		});
	}
	#focus(id) { document.querySelector(`#queue [data-key="${id}"] button`)?.focus(); }
	async #copies(r) {
		const text = prompt(`How often is ${r.name} to be drawn, each time on new paper?`, r.copies);
		if (text === null) return;
		const job = await this.#app.talk.change(`v1/jobs/${r.id}`, {options: {copies: text.trim()}});
		if (job) this.#app.take(job);
	}
	async #remove(r) {
		const job = this.#app.state.jobs.find(j => j.id === r.id);
		if (!await this.#app.talk.post(`v1/jobs/${r.id}/cancel`)) return;
		const box = $('undo-box');
		box.textContent = `${r.name} is deleted. `;
		const b = button('Undo', async () => {
			b.disabled = true;
			const back = await again(this.#app, r.id, r.name, {...job.options, ...job.copies > 1 ? {copies: job.copies} : {}}, true);
			if (back) { box.textContent = `${r.name} is back, last in the queue; it waits for Start.`; this.#focus(back.id); } else b.disabled = false;
		}, `Undo: bring ${r.name} back`);
		box.append(b);
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => { if (!box.contains(document.activeElement)) box.textContent = ''; }, 30000);
		if (document.activeElement === document.body || $('queue').contains(document.activeElement)) b.focus();
	}
	#drag(li, id) {
		const list = $('queue'), clear = () => { for (const e of list.children) e.classList.remove('before', 'after'); };
		li.addEventListener('dragstart', e => { this.#dragged = id; e.dataTransfer.effectAllowed = 'move'; e.dataTransfer.setData('text/plain', id); });
		li.addEventListener('dragend', () => { this.#dragged = null; clear(); });
		const isLower = e => { const box = li.getBoundingClientRect(); return e.clientY > box.top + box.height / 2; };
		li.addEventListener('dragover', e => {
			if (!this.#dragged || this.#dragged === id || !li.draggable) return;
			e.preventDefault(); clear();
			li.classList.add(isLower(e) ? 'after' : 'before');
		});
		li.addEventListener('drop', e => {
			if (!this.#dragged) return;
			e.preventDefault(); e.stopPropagation(); clear();
			const ids = [...list.children].map(x => x.dataset.key), target = isLower(e) ? ids[ids.indexOf(id) + 1] : id;
			if (target !== this.#dragged) this.#app.talk.post(`v1/jobs/${this.#dragged}/move?${target ? `before=${target}` : 'to=last'}`);
		});
	}
}
