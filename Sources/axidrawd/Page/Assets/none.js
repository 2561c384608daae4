import {listen} from './stream.js';
// The page of a plotter opens as soon as it is there.
const {root, wanted} = document.body.dataset, look = name => { if (!wanted || name === wanted) location.reload(); };
listen(root, (kind, e) => {
	if (kind === 'snapshot') for (const d of e.devices) look(d.name);
	if (kind === 'state') look(e.name);
});
