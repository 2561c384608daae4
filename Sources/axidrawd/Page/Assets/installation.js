import {listen} from './stream.js';
import {$} from './talk.js';
const root = document.body.dataset.root;
const of = name => [...document.querySelectorAll('[data-plotter]')].find(s => s.dataset.plotter === name);
const put = (section, part, text) => { if (section) section.querySelector('.' + part).textContent = text; };
for (const form of document.forms) form.addEventListener('submit', async e => {
	e.preventDefault();
	const said = $('said');
	try {
		const answer = await fetch(form.action, {method: 'POST'});
		const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
		said.textContent = page.getElementById('said')?.textContent ?? `The daemon refuses (${answer.status}).`;
	} catch { said.textContent = 'The daemon does not answer.'; }
});
listen(root, (kind, e) => {
	if (kind === 'snapshot') for (const d of e.devices) put(of(d.name), 'state', d.sentence);
	if (kind === 'state') put(of(e.name), 'state', e.sentence);
	if (kind !== 'installation') return;
	put(of(e.device), 'waiting', e.waiting);
	if ($('next') && e.next) $('next').textContent = e.next;
});
