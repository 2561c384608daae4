const said = document.getElementById('said');
document.getElementById('form').addEventListener('submit', async e => {
	e.preventDefault();
	const key = document.getElementById('key').value.trim();
	// A path below this site, whatever the address says.
	const to = (new URLSearchParams(location.search).get('to') || '').replace(/^[/\\]+/, '');
	if (!/^[\x21-\x7e]+$/.test(key)) { said.textContent = 'That is no key.'; return; }
	try {
		const r = await fetch('v1/session', {method: 'POST', headers: {Authorization: `Bearer ${key}`}});
		if (r.ok) { location.replace(/^[\w.~?-][\w.~\/?=&%-]*$/.test(to) ? './' + to : './'); return; }
		said.textContent = (await r.json()).detail;
	} catch { said.textContent = 'The daemon does not answer.'; }
});
