// The daemon's events, through one connection for all tabs where the browser can share one; else while the tab is seen.
const kinds = ['snapshot', 'state', 'job', 'queue', 'progress', 'position', 'ink', 'layer', 'installation', 'incident'];

let heardAt = 0, isLost = false;
// Says on the page that it may be old.
function tell() {
	const gone = document.getElementById('gone'), age = heardAt ? `what you see is ${Math.round((Date.now() - heardAt) / 1000)} s old` : 'nothing is known yet';
	document.body.classList.toggle('stale', isLost);
	if (gone) gone.textContent = isLost ? `No contact with the daemon; ${age}. Trying again.` : '';
}

// `take(kind, event)` is called for each event.
export function listen(root, take) {
	const heard = (kind, data) => {
		if (kind !== 'lost') heardAt = Date.now();
		if (isLost !== (kind === 'lost')) { isLost = !isLost; tell(); }
		if (data) take(kind, JSON.parse(data));
	};
	let ticks = 0;
	setInterval(() => {
		if (!isLost) return;
		tell();
		// A key that has expired is asked for anew, instead of waiting for ever.
		if (++ticks % 5 === 0) fetch(`${root}v1/devices`).then(r => { if (r.status === 401) location.reload(); }, () => {});
	}, 1000);
	if (typeof SharedWorker === 'function') share(root, heard); else alone(root, heard);
}

function share(root, heard) {
	let worker = null;
	try { worker = new SharedWorker(`${root}hub.js`, {name: 'axidrawd events'}); } catch { return alone(root, heard); }
	const port = worker.port;
	let isJoined = false;
	const join = () => { if (!isJoined) { isJoined = true; port.postMessage({kinds}); } };
	worker.onerror = () => { if (isJoined) { isJoined = false; alone(root, heard); } };
	port.onmessage = ({data}) => heard(data.kind, data.data);
	addEventListener('pagehide', () => { isJoined = false; port.postMessage({leave: true}); });
	addEventListener('pageshow', join);
	join();
}

function alone(root, heard) {
	let source = null, timer = 0;
	const open = () => {
		clearTimeout(timer);
		if (source) source.close();
		const mine = source = new EventSource(`${root}v1/events`);
		mine.onopen = () => heard('open');
		mine.onerror = () => { heard('lost'); if (mine.readyState === 2) timer = setTimeout(open, 3000); };
		for (const kind of kinds) mine.addEventListener(kind, e => { if (mine === source) heard(kind, e.data); });
	};
	const close = () => { clearTimeout(timer); if (source) source.close(); source = null; };
	document.addEventListener('visibilitychange', () => { if (document.hidden) close(); else if (!source) open(); });
	if (!document.hidden) open();
}
