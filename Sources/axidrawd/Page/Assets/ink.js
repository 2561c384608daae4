// What the pen has drawn at one plotter: points in mm, three numbers each: x, y, pen on paper.
export class Trail {
	job = null;
	points = [];
	// How many points are on the canvas; whoever clears it sets 0.
	drawn = 0;
	#isFetching = false;
	#name;
	#root;
	#redraw;

	constructor(name, root, redraw) {
		this.#name = name;
		this.#root = root;
		this.#redraw = redraw;
	}

	get count() { return this.points.length / 3; }

	clear(job = null) {
		this.job = job;
		this.points = [];
		this.drawn = 0;
	}

	// An `ink` event: points from one number on; what it leaves out before that is asked for.
	take(e) {
		if (e.device !== this.#name) return;
		if (e.job !== this.job) this.clear(e.job);
		this.#put(e);
		if (this.count < e.count) this.fetch();
		this.#redraw();
	}

	// Both ways may bring the same points.
	#put(e) {
		if (e.from <= this.count) for (let i = (this.count - e.from) * 3; i < e.points.length; i++) this.points.push(e.points[i]);
	}

	// All missing points, in as many answers as it takes; all anew if the daemon no longer knows these.
	async fetch() {
		if (this.#isFetching) return;
		this.#isFetching = true;
		try {
			for (;;) {
				const r = await fetch(`${this.#root}v1/devices/${encodeURIComponent(this.#name)}/ink?from=${this.count}`);
				if (r.status === 404) this.clear();
				if (!r.ok) break;
				const e = await r.json(), before = this.points.length;
				if (e.job !== this.job || e.count < this.count) { this.clear(e.job); if (e.from) continue; }
				this.#put(e);
				this.#redraw();
				if (this.count >= e.count || this.points.length === before) break;
			}
		} catch { /* the stream says when the daemon is back */ }
		this.#isFetching = false;
		this.#redraw();
	}
}
