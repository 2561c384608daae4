// What belongs to a drawing on the sheet and comes by no event: its plan, and the ink from before.
import {load} from './talk.js';

export class Sheet {
	#picture; #root; #changed; #planOf = ''; #inkOf = ''; #tries = 0;

	constructor(picture, root, changed) { this.#picture = picture; this.#root = root; this.#changed = changed; }

	// The daemon may have been another one meanwhile.
	forget() { this.#planOf = ''; this.#tries = 0; }

	// Shows this job, or an empty sheet; asks only for what is new.
	show(job) {
		const p = this.#picture;
		if (!job) { p.page = null; this.#planOf = ''; if (p.plan) p.setPlan(null); this.#fetchInk(''); return; }
		const s = job.summary;
		if (s) p.page = s.page;
		p.penWidth = +job.options['pen-width'] || .3;
		// The plan is another when the job is, its options or its length.
		const key = s || job.isFinal ? `${job.id} ${JSON.stringify(job.options)} ${s ? s.durationSeconds : ''} ${s ? s.strokes : ''}` : '';
		if (key && key !== this.#planOf) { this.#planOf = key; this.#fetchPlan(job.id, key); }
		// Ink from before: of a drawing that was cut off, or that has ended long ago.
		const isOld = job.startedAt && (job.state === 'interrupted' || job.firstStroke > 0 || job.isFinal && p.trail.job !== job.id);
		this.#fetchInk(isOld ? job.id : '');
	}
	async #fetchPlan(id, key) {
		const wait = setTimeout(() => this.#picture.bed.classList.add('waiting'), 400);
		const plan = await load(`${this.#root}v1/jobs/${id}/plan`);
		clearTimeout(wait);
		if (key !== this.#planOf) return;
		this.#picture.bed.classList.remove('waiting');
		this.#picture.setPlan(plan);
		if (!this.#picture.isLive) this.#picture.time = null;
		this.#changed();
	}
	#fetchInk(id) {
		if (id === this.#inkOf) return;
		const p = this.#picture, image = new Image();
		this.#inkOf = id;
		p.backdrop = null;
		p.renew();
		if (!id) return;
		image.onload = () => { if (this.#inkOf === id) { p.backdrop = image; p.renew(); } };
		// While the daemon plans it again there is no picture yet.
		image.onerror = () => setTimeout(() => { if (this.#inkOf === id && this.#tries++ < 9) { this.#inkOf = ''; this.#fetchInk(id); } }, 2000);
		image.src = `${this.#root}v1/jobs/${id}/drawn.svg?seen=${Date.now()}`;
	}
}
