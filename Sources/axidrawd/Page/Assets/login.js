// A key is typed here; a screen that has no keyboard shows a code that is typed elsewhere.
import {$, put} from './talk.js';

const json = {'Content-Type': 'application/json'};
function open() {
	// A path below this site, whatever the address says.
	const to = (new URLSearchParams(location.search).get('to') || '').replace(/^[/\\]+/, '');
	location.replace(/^[\w.~?-][\w.~\/?=&%-]*$/.test(to) ? './' + to : './');
}
$('form').addEventListener('submit', async e => {
	e.preventDefault();
	const key = $('key').value.trim();
	if (!/^[\x21-\x7e]+$/.test(key)) { put('said', 'That is no key.'); return; }
	try {
		const r = await fetch('v1/session', {method: 'POST', headers: {Authorization: `Bearer ${key}`}});
		if (r.ok) open(); else put('said', (await r.json()).detail);
	} catch { put('said', 'The daemon does not answer.'); }
});
// The code stays until it is typed or too old; then there is another, for as long as this page is open.
let token = null;
async function step() {
	try {
		if (!token) {
			const made = await (await fetch('v1/screens', {method: 'POST'})).json();
			token = made.token;
			put('code', token ? made.code.replace(/^..../, '$& ') : '');
		}
		const r = token && await fetch('v1/screens/claim', {method: 'POST', headers: json, body: JSON.stringify({token})});
		if (r && r.status === 204) return open();
		if (r && r.status === 410) token = null;
	} catch { put('code', '…'); token = null; }
	setTimeout(step, 2000);
}
step();
