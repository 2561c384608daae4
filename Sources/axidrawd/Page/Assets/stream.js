// The daemon's events, through one connection for all tabs where the browser can share one; else while the tab is seen.
const kinds = ['snapshot', 'state', 'job', 'queue', 'progress', 'position', 'ink', 'layer', 'installation', 'incident'];

// `take(kind, event)` is called for each event, `contact(isThere)` when the stream is opened or lost.
export function listen(root, take, contact) {
	const heard = (kind, data) => {
		if (kind === 'open') return contact(true);
		if (kind === 'lost') return contact(false);
		contact(true);
		take(kind, JSON.parse(data));
	};
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
