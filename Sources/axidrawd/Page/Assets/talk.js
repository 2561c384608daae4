// Small things, and requests: each once, however often pressed.

export const $ = id => document.getElementById(id);
export const el = (tag, members) => Object.assign(document.createElement(tag), members);
// Of an element, or of the one that has this id.
const its = e => typeof e === 'string' ? $(e) : e;
export const put = (e, text) => { e = its(e); if (e && e.textContent !== text) e.textContent = text; };
export const show = (e, isShown) => { e = its(e); if (e && e.hidden === isShown) e.hidden = !isShown; };
export const on = (id, kind, act) => { if ($(id)) $(id).addEventListener(kind, act); };
// What the daemon answers; null if it does not, then the stream says when it is back.
export const load = path => fetch(path).then(r => r.ok ? r.json() : null).catch(() => null);
export const openTab = () => $('tabs').querySelector('[aria-selected=true]');
export function button(text, act, label) {
	const b = el('button', {type: 'button', textContent: text});
	if (label) b.setAttribute('aria-label', label);
	b.addEventListener('click', act);
	return b;
}

// A list kept in step with items; elements that stay keep the focus.
export function each(list, items, keyOf, make, fill) {
	const old = new Map([...list.children].map(e => [e.dataset.key || e, e]));
	let last = null;
	for (const item of items) {
		const key = String(keyOf(item));
		let e = old.get(key);
		if (e) old.delete(key); else { e = make(item); e.dataset.key = key; }
		fill(e, item);
		const next = last ? last.nextElementSibling : list.firstElementChild;
		if (next !== e) {
			const focused = e.contains(document.activeElement) ? document.activeElement : null;
			list.insertBefore(e, next);
			if (focused) focused.focus({preventScroll: true});
		}
		last = e;
	}
	for (const e of old.values()) e.remove();
}

const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, '0')).join('');

export class Talk {
	problem = null;
	#root; #path; #flying = new Set(); #said = ''; #saidAt = 0; #timer = 0;

	constructor(root, path) { this.#root = root; this.#path = path; }
	device(what) { return `v1/devices/${this.#path}${what ? '/' + what : ''}`; }

	// The answer; null if it was refused, which is then told at the top of the page.
	async post(path, {isUrgent = false, method = 'POST', headers = {}, body} = {}) {
		const what = `${method} ${path.replace(/\?.*/, '')}`;
		if (!isUrgent && this.#flying.has(what)) return null;
		this.#flying.add(what);
		this.complain(''); this.problem = null;
		try {
			const keyed = method === 'POST' ? {'Idempotency-Key': key(), ...headers} : headers;
			const r = await fetch(this.#root + path, {method, headers: keyed, body});
			if (r.ok) return r.status === 204 ? {} : await r.json();
			this.#refused(r.status, await r.json().catch(() => ({})));
		} catch { this.complain('the daemon does not answer.'); } finally { this.#flying.delete(what); }
		return null;
	}
	ask(path) { return this.post(path, {method: 'GET'}); }
	#refused(status, problem) {
		this.problem = problem;
		this.complain(problem.detail || `the daemon refuses (${status}).`, status === 401);
	}
	// A change of what has an entity tag; if somebody else was quicker, once more over what they left.
	async change(path, body, isQuiet = false) {
		for (let attempt = 0; attempt < 3; attempt++) {
			const now = await fetch(this.#root + path).catch(() => null);
			if (!now || !now.ok) break;
			const r = await fetch(this.#root + path, {method: 'PATCH', body: JSON.stringify(body),
				headers: {'Content-Type': 'application/json', 'If-Match': now.headers.get('ETag')}}).catch(() => null);
			if (!r) break;
			if (r.status === 412) continue;
			this.problem = null;
			if (r.ok) { if (!isQuiet) this.complain(''); return r.json(); }
			const problem = await r.json().catch(() => ({}));
			if (isQuiet) this.problem = problem; else this.#refused(r.status, problem);
			return null;
		}
		this.complain('the change did not reach the daemon; try again.');
		return null;
	}
	// Hands in a drawing; `onPart` hears how much of it is sent.
	send(query, blob, onPart) {
		return new Promise(done => {
			const x = new XMLHttpRequest();
			x.open('POST', `${this.#root}${this.device('jobs')}?${query}`);
			x.setRequestHeader('Content-Type', 'image/svg+xml');
			x.setRequestHeader('Idempotency-Key', key());
			x.upload.onprogress = e => { if (e.lengthComputable) onPart(e.loaded / e.total); };
			x.onload = () => {
				let answer = {};
				try { answer = JSON.parse(x.responseText); } catch { /* told below */ }
				done(x.status === 201 ? {job: answer} : {why: answer.detail || `the daemon refuses (${x.status}).`, problem: answer});
			};
			x.onerror = () => done({why: 'the daemon did not take it: no contact, or the file is too large.'});
			x.send(blob);
		});
	}
	// The form's own way of sending it is for browsers without script.
	form(id, act) {
		const e = $(id);
		if (e) e.form.addEventListener('submit', event => {
			if (event.submitter && event.submitter.id !== id) return;
			event.preventDefault();
			act();
		});
	}
	complain(text, needsKey = false) {
		const e = $('error');
		e.textContent = '';
		if (!text) return;
		const p = el('p'), b = el('b');
		b.textContent = 'Not done: ';
		p.append(b, text);
		if (needsKey) p.append(' ', el('a', {href: `${this.#root}login`, textContent: 'Give a key'}));
		e.append(p, button('×', () => { this.complain(''); openTab().focus(); }, 'Put the message away'));
	}
	// For those who listen: one message in five seconds at most.
	announce(text) {
		if (text === this.#said) return;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => { this.#said = text; this.#saidAt = Date.now(); put('announce', text); },
			Math.max(0, this.#saidAt + 5000 - Date.now()));
	}
}
