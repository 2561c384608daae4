// Opens a page anew when it has changed: until a plotter is there, or while another daemon drives it.
import {$, load, show} from './talk.js';
import {Turning} from './turning.js';
const look = () => fetch(location).then(r => r.ok || r.status === 404 ? r.text() : '').catch(() => '');
const {scene} = document.body.dataset;
let last = '';
async function again() {
	const next = await look();
	if (next && last && next !== last) location.reload();
	last ||= next;
}
setInterval(again, 3000);
again();
if (scene) {
	const turning = new Turning($('space'));
	turning.scene = await load(scene);
	show('flat', !turning.scene);
	show('space', !!turning.scene);
	turning.go();
}
