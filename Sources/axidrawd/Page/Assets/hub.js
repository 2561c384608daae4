// One stream of events for all tabs of a browser: a browser gives a site few connections, and Stop needs one of them.
const ports = new Set();
let source = null, kinds = [];

function listen() {
	if (source) source.close();
	const mine = source = new EventSource('v1/events');
	const tell = message => { if (mine === source) for (const p of ports) p.postMessage(message); };
	mine.onopen = () => tell({kind: 'open'});
	mine.onerror = () => {
		tell({kind: 'lost'});
		if (mine.readyState === 2) { mine.close(); setTimeout(() => { if (mine === source && ports.size) listen(); }, 3000); }
	};
	for (const kind of kinds) mine.addEventListener(kind, e => tell({kind, data: e.data}));
}

addEventListener('connect', ({ports: [port]}) => {
	port.onmessage = ({data}) => {
		if (data.leave) {
			ports.delete(port);
			if (!ports.size && source) { source.close(); source = null; }
			return;
		}
		ports.add(port);
		kinds = data.kinds;
		// Who comes later needs the whole, which only the beginning of a stream tells.
		listen();
	};
});
