// The slider over the time of the plot: dragged by people, played, or following the pen.
import {$, on, put} from './talk.js';
import {part} from './view.js';
import {exact} from './words.js';

export class Timeline {
	#picture; #isPlaying = false; #last = 0;

	constructor(picture) {
		this.#picture = picture;
		on('time', 'input', () => { this.#stop(); this.#set(+$('time').value); });
		on('play', 'click', () => { if (this.#isPlaying) this.#stop(); else this.#play(); });
	}
	get #whole() { return this.#picture.plan ? this.#picture.plan.durationSeconds : 0; }

	// Back to what is: the pen while something is drawn, else the whole plan.
	follow() { this.#stop(); this.#picture.time = null; this.#picture.show(); }
	#set(seconds) {
		const p = this.#picture;
		p.time = seconds >= this.#whole && !p.isLive ? null : seconds;
		this.#tell(seconds);
		p.show();
	}
	#tell(seconds) {
		const text = `${exact(seconds)} of ${exact(this.#whole)}`;
		put('time-text', text);
		$('time').setAttribute('aria-valuetext', text);
	}
	#name(sign, label) { put('play', sign); $('play').setAttribute('aria-label', label); }
	// The whole plot in 12 s at most; where people want less motion it stands at the end at once.
	#play() {
		if (!this.#whole) return;
		const from = this.#picture.time === null || this.#picture.time >= this.#whole ? 0 : this.#picture.time;
		this.#isPlaying = true; this.#last = 0;
		this.#name('❚❚', 'Hold the plot');
		this.#set(from);
		const speed = Math.max(1, this.#whole / 12);
		const step = t => {
			if (!this.#isPlaying) return;
			const next = (this.#picture.time ?? this.#whole) + (this.#last ? (t - this.#last) / 1000 * speed : 0);
			this.#last = t;
			this.#set(Math.min(next, this.#whole));
			$('time').value = Math.min(next, this.#whole);
			if (next < this.#whole) requestAnimationFrame(step); else this.follow();
		};
		requestAnimationFrame(step);
	}
	#stop() {
		if (!this.#isPlaying) return;
		this.#isPlaying = false;
		this.#name('▶', 'Play the plot');
	}
	render(view) {
		const p = this.#picture, job = view.shown, wasLive = p.isLive;
		p.isLive = !!job && (['plotting', 'paused', 'stopping', 'interrupted'].includes(job.state) || job.isFinal && job.id === p.trail.job);
		p.hasInk = !job || job.id === p.trail.job;
		if (p.isLive !== wasLive) p.renew();
		// Its place stays, so that nothing moves under a finger.
		$('timerow').style.visibility = p.plan ? '' : 'hidden';
		if (!p.plan) return;
		$('time').max = this.#whole;
		if (p.time !== null) return;
		const seconds = p.isLive && !job.isFinal ? part(job) * this.#whole : this.#whole;
		$('time').value = seconds;
		this.#tell(seconds);
	}
}
