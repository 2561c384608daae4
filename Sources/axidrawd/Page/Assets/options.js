// The form of plot options from the daemon's table of them (`GET /v1/options`): none can be forgotten.
import {el} from './talk.js';
import {label} from './words.js';

// What most people change, first; all others stand below in the table's own groups.
export const often = ['page', 'orientation', 'margin', 'fit', 'rotate', 'preset', 'pen-down-speed', 'copies', 'text', 'hatch', 'hatch-angle', 'hatch-pattern', 'occlude'];
// What is of one drawing only: not kept for the next one.
export const ofDrawing = ['layers', 'page-number', 'copies', 'scribble'];

// Every field of the form: for each option of the table one, the frequent ones in a group of their own.
export function fields(table) {
	const all = table.groups.flatMap(g => g.options.map(o => ({...o, group: g.title})));
	const first = often.map(n => all.find(o => o.name === n)).filter(Boolean);
	const groups = [{title: '', fields: first.map(field)}];
	for (const g of table.groups) {
		const rest = all.filter(o => o.group === g.title && !first.includes(o));
		if (rest.length) groups.push({title: g.title, fields: rest.map(field)});
	}
	return groups;
}

function field(o) {
	const isChoice = o.kind === 'choice', isNumber = ['number', 'integer', 'length'].includes(o.kind) && !o.words.length;
	return {
		name: o.name, label: label(o.name), help: o.help, unit: o.unit || '', expected: o.expected, standard: o.standard || '',
		// A switch that is off and an empty field say nothing: the plotter's or the program's figure counts.
		control: o.kind === 'switch' ? 'switch' : isChoice ? 'select' : 'text', isNumber, words: o.words, low: o.low, high: o.high,
	};
}

// What is wrong with a text, as far as that is known here; the daemon decides.
export function mistake(f, text) {
	const t = text.trim();
	if (t === '' || f.control !== 'text' || !f.isNumber) return '';
	const bare = t.replace(/(mm|cm|in)$/, '').trim();
	if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(bare)) return `${f.label} must be ${f.expected}, not “${t}”.`;
	if (bare !== t || f.low === null) return '';
	return +bare < f.low || +bare > f.high ? `${f.label} must be ${f.expected}.` : '';
}

// The form itself; `onChange(name, text or null)` for each change that may be tried.
export class OptionForm {
	#inputs = new Map();

	constructor(table, box, onChange) {
		for (const group of fields(table)) {
			const inside = el('div');
			inside.className = 'grid';
			for (const f of group.fields) inside.append(this.#row(f, onChange));
			if (!group.title) { box.append(inside); continue; }
			const details = el('details'), summary = el('summary');
			summary.textContent = group.title;
			details.append(summary, inside);
			box.append(details);
		}
	}
	#row(f, onChange) {
		const row = el('div'), id = `option-${f.name}`, text = el('label');
		row.className = `option ${f.control}`;
		text.htmlFor = id;
		text.textContent = f.label + (f.unit && f.control === 'text' ? `, ${f.unit}` : '');
		const help = el('small', {id: `${id}-help`, textContent: f.help});
		const wrong = el('small', {id: `${id}-wrong`, className: 'wrong'});
		wrong.setAttribute('role', 'alert');
		let e;
		if (f.control === 'select') {
			e = el('select');
			e.append(new Option(f.standard ? `– (${f.standard})` : '–', ''));
			for (const w of f.words) e.append(new Option(w, w));
		} else {
			e = el('input');
			e.type = f.control === 'switch' ? 'checkbox' : 'text';
			if (f.control === 'text') {
				e.placeholder = f.standard || '–'; e.autocomplete = 'off'; e.spellcheck = false;
				if (f.isNumber) e.inputMode = f.low < 0 ? 'text' : 'decimal';
				if (f.words.length) {
					const list = el('datalist', {id: `${id}-words`});
					for (const w of f.words) list.append(new Option(w));
					row.append(list);
					e.setAttribute('list', list.id);
				}
			}
		}
		e.id = id;
		e.setAttribute('aria-describedby', `${id}-help ${id}-wrong`);
		let timer = 0;
		const tell = () => {
			clearTimeout(timer);
			const value = f.control === 'switch' ? (e.checked ? 'true' : null) : e.value.trim() || null;
			const why = mistake(f, value || '');
			this.blame(f.name, why);
			if (!why && value !== (e.dataset.known || null)) onChange(f.name, value);
		};
		e.addEventListener('change', tell);
		if (f.control === 'text') e.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(tell, 700); });
		if (f.control === 'switch') row.append(e, text); else row.append(text, e);
		row.append(help, wrong);
		this.#inputs.set(f.name, {e, f, wrong});
		return row;
	}
	// Shows these values; what is being typed stays.
	set(values) {
		for (const [name, {e, f}] of this.#inputs) {
			const value = values[name] ?? '', isBusy = document.activeElement === e && e.value !== (e.dataset.known || '');
			if (f.control === 'switch') e.checked = value === 'true';
			else {
				if (f.control === 'select' && value && ![...e.options].some(o => o.value === value)) e.append(new Option(value, value));
				if (!isBusy && e.value !== value && !e.hasAttribute('aria-invalid')) e.value = value;
			}
			e.dataset.known = value;
		}
	}
	blame(name, why) {
		const field = this.#inputs.get(name);
		if (!field) return false;
		field.wrong.textContent = why;
		if (why) field.e.setAttribute('aria-invalid', 'true'); else field.e.removeAttribute('aria-invalid');
		return true;
	}
	// Forgets what could not be used.
	clearMistakes() { for (const [name, {e}] of this.#inputs) if (e.hasAttribute('aria-invalid')) { this.blame(name, ''); e.value = e.dataset.known || ''; } }
	enable(isOn) { for (const {e} of this.#inputs.values()) e.disabled = !isOn; }
	get names() { return [...this.#inputs.keys()]; }
}
