// The sheet on the bed: the plan as it will be drawn, what is cut away, the ink so far, and where the pen is.

// From first to last, dark enough for paper.
const orderColour = u => `hsl(${Math.round(265 - 265 * u)} 85% ${Math.round(46 - 14 * Math.sin(Math.PI * u))}%)`;
const shades = 48;

// The least number below `n` from which on it holds; `n` if never.
function first(n, holds) {
	let low = 0, high = n;
	while (low < high) { const m = (low + high) >> 1; if (holds(m)) high = m; else low = m + 1; }
	return low;
}

const canvasOf = () => { const c = document.createElement('canvas'); return {c, p: c.getContext('2d')}; };

export class Picture {
	plan = null;
	// Seconds of the plot up to which it is shown drawn; null = as far as it is (`isLive`), else all.
	time = null;
	isLive = false;
	// Whether the ink is of what is shown.
	hasInk = false;
	page = null;
	// What an audience sees of the bed, as large as it fits; null = all of it.
	frame = null;
	position = null;
	picked = -1;
	backdrop = null;
	penWidth = .3;
	see = {plan: true, travel: false, order: false, ink: true};
	zoom = 1;
	#x = 0; #y = 0; #raf = 0; #strong = 0; #isStill = false; #run = {next: 0, stroke: -1, scans: 0};
	#still = canvasOf(); #done = canvasOf(); #ink = canvasOf();

	constructor(bed, canvas, size, trail, onView) {
		Object.assign(this, {bed, canvas, size, trail, onView});
		this.pen = canvas.getContext('2d');
		new ResizeObserver(() => this.fit()).observe(bed);
		matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.renew());
		this.#listen();
		this.fit();
	}

	fit() {
		const scale = Math.min(devicePixelRatio || 1, 2.5);
		const w = Math.max(1, Math.round(this.bed.clientWidth * scale)), h = Math.max(1, Math.round(this.bed.clientHeight * scale));
		for (const c of [this.canvas, this.#still.c, this.#done.c, this.#ink.c]) { c.width = w; c.height = h; }
		this.renew();
	}
	// Everything anew: the view, the plan or the colours are others.
	renew() {
		const f = this.frame, k = this.#k;
		if (f) { this.#x = f.xMillimetres - (this.canvas.width / k - f.widthMillimetres) / 2; this.#y = f.yMillimetres - (this.canvas.height / k - f.heightMillimetres) / 2; }
		this.#isStill = false; this.#strong = 0; this.trail.drawn = 0; this.show();
	}
	show() { if (!this.#raf) this.#raf = requestAnimationFrame(() => { this.#raf = 0; this.#paint(); }); }
	setPlan(plan) { this.plan = plan; this.picked = -1; this.renew(); }

	get #k() {
		const {canvas: c, frame: f, size} = this;
		return Math.min(c.width / (f ? f.widthMillimetres * 1.06 : size.width), c.height / (f ? f.heightMillimetres * 1.06 : size.height)) * this.zoom;
	}
	#place(p) { const k = this.#k; p.setTransform(k, 0, 0, k, -this.#x * k, -this.#y * k); return k; }

	#paint() {
		const {pen, canvas, plan} = this;
		if (!this.#isStill) this.#paintStill();
		pen.setTransform(1, 0, 0, 1, 0, 0);
		pen.clearRect(0, 0, canvas.width, canvas.height);
		pen.drawImage(this.#still.c, 0, 0);
		let tip = null;
		if (plan && this.see.plan && !(this.isLive && this.time === null)) {
			tip = this.#paintDone();
			pen.drawImage(this.#done.c, 0, 0);
			if (tip) tip = this.#paintTip(tip);
		}
		if (this.see.ink && this.hasInk && this.time === null) { this.#paintInk(); pen.drawImage(this.#ink.c, 0, 0); }
		const k = this.#place(pen);
		if (plan && this.picked >= 0) {
			this.#round(pen, .8, 3 / k);
			pen.strokeStyle = '#c2410c';
			pen.beginPath(); this.#trace(pen, this.picked); pen.stroke();
		}
		const at = this.time === null ? this.position && [this.position.xMillimetres, this.position.yMillimetres, this.position.penUp] : tip;
		if (at) this.#cross(at, k);
		pen.setTransform(1, 0, 0, 1, 0, 0);
	}
	#cross([x, y, isUp], k) {
		const {pen} = this, r = Math.max(1.6, 6 / k), w = Math.max(.4, 1.6 / k);
		pen.lineWidth = w; pen.strokeStyle = '#c2410c'; pen.fillStyle = isUp ? '#ffffffa0' : '#c2410c';
		pen.beginPath(); pen.arc(x, y, r, 0, 7); pen.fill(); pen.stroke();
		pen.beginPath();
		for (const [a, b] of [[-1, 0], [1, 0], [0, -1], [0, 1]]) { pen.moveTo(x + a * r, y + b * r); pen.lineTo(x + a * r * 2, y + b * r * 2); }
		pen.stroke();
	}
	#paintStill() {
		this.#isStill = true;
		const {p, c} = this.#still, {plan, page} = this, css = getComputedStyle(this.bed), of = name => css.getPropertyValue(name).trim();
		p.setTransform(1, 0, 0, 1, 0, 0);
		p.clearRect(0, 0, c.width, c.height);
		const k = this.#place(p), line = 1 / k;
		p.fillStyle = of('--bed'); p.fillRect(0, 0, this.size.width, this.size.height);
		p.strokeStyle = of('--grid'); p.lineWidth = line;
		p.beginPath();
		for (let x = 50; x < this.size.width; x += 50) { p.moveTo(x, 0); p.lineTo(x, this.size.height); }
		for (let y = 50; y < this.size.height; y += 50) { p.moveTo(0, y); p.lineTo(this.size.width, y); }
		p.stroke();
		if (page) {
			p.fillStyle = of('--paper'); p.strokeStyle = of('--line');
			p.fillRect(page.xMillimetres, page.yMillimetres, page.widthMillimetres, page.heightMillimetres);
			p.strokeRect(page.xMillimetres, page.yMillimetres, page.widthMillimetres, page.heightMillimetres);
		}
		if (this.backdrop) p.drawImage(this.backdrop, 0, 0, this.size.width, this.size.height);
		if (!plan || !this.see.plan) return;
		// Still to come.
		p.globalAlpha = .22;
		this.#lines(p, 0, plan.strokeCount, k);
		p.globalAlpha = 1;
		if (plan.lost.length && !this.frame) {
			p.strokeStyle = '#d11a0f'; p.lineWidth = Math.max(this.penWidth, 1.5 / k); p.setLineDash([4 / k, 3 / k]);
			p.beginPath();
			for (const l of plan.lost) for (let i = 0; i < l.length; i += 2) i ? p.lineTo(l[i], l[i + 1]) : p.moveTo(l[i], l[i + 1]);
			p.stroke();
			p.setLineDash([]);
		}
		if (this.see.travel) {
			const {starts, points} = plan;
			p.strokeStyle = '#0b6bcb90'; p.lineWidth = Math.max(.1, 1 / k);
			p.beginPath(); p.moveTo(0, 0);
			for (let i = 0; i < plan.strokeCount; i++) {
				p.lineTo(points[2 * starts[i]], points[2 * starts[i] + 1]);
				p.moveTo(points[2 * starts[i + 1] - 2], points[2 * starts[i + 1] - 1]);
			}
			p.stroke();
		}
	}
	// Lines of the greater of two widths, in mm.
	#round(p, a, b) { p.lineWidth = Math.max(a, b); p.lineCap = p.lineJoin = 'round'; }
	#trace(p, i) {
		const {starts, points} = this.plan, from = 2 * starts[i], to = 2 * starts[i + 1];
		p.moveTo(points[from], points[from + 1]);
		for (let j = from + 2; j < to; j += 2) p.lineTo(points[j], points[j + 1]);
		if (to - from === 2) p.lineTo(points[from], points[from + 1]);
	}
	#colour(i, byOrder = this.see.order) {
		const {plan} = this;
		if (byOrder) return orderColour(Math.floor(i * shades / plan.strokeCount) / (shades - 1));
		const {inks} = plan, at = first(inks.length, m => inks[m][0] > i);
		return inks.length ? inks[Math.max(0, at - 1)][1] : '#000';
	}
	#lines(p, from, to, k) {
		this.#round(p, this.penWidth, 1 / k);
		let colour = null, points = 0;
		for (let i = from; i < to; i++) {
			const c = this.#colour(i);
			if (c !== colour || points > 4000) {
				if (colour !== null) p.stroke();
				p.beginPath(); p.strokeStyle = colour = c; points = 0;
			}
			this.#trace(p, i);
			points += this.plan.starts[i + 1] - this.plan.starts[i];
		}
		if (colour !== null) p.stroke();
	}
	// What is drawn by the time that is looked at; the stroke after it and how much of it.
	#paintDone() {
		const {plan, time} = this, {p, c} = this.#done;
		const all = plan.strokeCount, n = time === null ? all : first(all, m => plan.ends[m] > time);
		if (n < this.#strong || !this.#strong) {
			this.#strong = 0;
			p.setTransform(1, 0, 0, 1, 0, 0); p.clearRect(0, 0, c.width, c.height);
		}
		const k = this.#place(p);
		this.#lines(p, this.#strong, n, k);
		this.#strong = n;
		return time !== null && n < all ? n : null;
	}
	// The stroke that is being drawn at the time, as far as it is; where the pen is then.
	#paintTip(i) {
		const {plan, pen, time} = this, {starts, points, begins, ends} = plan;
		const from = starts[i], to = starts[i + 1], first = [points[2 * from], points[2 * from + 1]];
		if (time < begins[i]) {
			const t0 = i ? ends[i - 1] : 0, u = Math.min(1, Math.max(0, (time - t0) / Math.max(1e-6, begins[i] - t0)));
			const a = i ? [points[2 * from - 2], points[2 * from - 1]] : [0, 0];
			return [a[0] + (first[0] - a[0]) * u, a[1] + (first[1] - a[1]) * u, true];
		}
		let whole = 0;
		for (let j = from + 1; j < to; j++) whole += Math.hypot(points[2 * j] - points[2 * j - 2], points[2 * j + 1] - points[2 * j - 1]);
		let left = whole * Math.min(1, (time - begins[i]) / Math.max(1e-6, ends[i] - begins[i])), at = first;
		const k = this.#place(pen);
		this.#round(pen, this.penWidth, 1 / k);
		pen.strokeStyle = this.#colour(i);
		pen.beginPath(); pen.moveTo(...first);
		for (let j = from + 1; j < to && left > 0; j++) {
			const x = points[2 * j], y = points[2 * j + 1], l = Math.hypot(x - at[0], y - at[1]), u = l > left ? left / l : 1;
			at = [at[0] + (x - at[0]) * u, at[1] + (y - at[1]) * u];
			pen.lineTo(...at);
			left -= l;
		}
		pen.stroke();
		return [...at, false];
	}
	// Ink as the board has said that it drew it, in the colours of the plan's pens.
	#paintInk() {
		const {p, c} = this.#ink, t = this.trail, v = t.points, n = v.length / 3;
		if (t.drawn === 0) {
			p.setTransform(1, 0, 0, 1, 0, 0); p.clearRect(0, 0, c.width, c.height);
			this.#run = {next: 0, stroke: -1, scans: 0};
		}
		const k = this.#place(p);
		this.#round(p, this.penWidth, 1 / k);
		p.strokeStyle = this.#inkColour();
		p.beginPath();
		let isDown = false;
		for (let i = Math.max(t.drawn - 1, 0); i < n; i++) {
			const x = v[3 * i], y = v[3 * i + 1];
			if (isDown) p.lineTo(x, y);
			const isNext = v[3 * i + 2] === 1;
			if (isNext && !isDown) {
				if (i >= t.drawn) { const before = p.strokeStyle; this.#meet(x, y); const now = this.#inkColour(); if (now !== before) { p.stroke(); p.beginPath(); p.strokeStyle = now; } }
				p.moveTo(x, y);
				if (i === n - 1) p.lineTo(x, y);
			}
			isDown = isNext;
		}
		p.stroke();
		t.drawn = n;
	}
	#inkColour() { return this.plan && this.#run.stroke >= 0 ? this.#colour(this.#run.stroke, false) : '#16161a'; }
	// Which stroke begins here: the next one, unless the plot went on elsewhere.
	#meet(x, y) {
		const {plan} = this, run = this.#run;
		if (!plan) return;
		const isAt = i => i < plan.strokeCount && Math.hypot(plan.points[2 * plan.starts[i]] - x, plan.points[2 * plan.starts[i] + 1] - y) < .5;
		let i = run.next;
		if (!isAt(i) && run.scans < 200) {
			run.scans++;
			i = 0;
			while (i < plan.strokeCount && !isAt(i)) i++;
		}
		if (i < plan.strokeCount && isAt(i)) { run.stroke = i; run.next = i + 1; }
	}

	// Zoom and shift; `x`, `y` in pixels of the document keep their place.
	zoomBy(factor, x, y) {
		const box = this.bed.getBoundingClientRect(), [mx, my] = this.millimetres(x ?? box.left + box.width / 2, y ?? box.top + box.height / 2);
		const before = this.zoom;
		this.zoom = Math.min(40, Math.max(1, before * factor));
		const u = before / this.zoom;
		this.#x = mx - (mx - this.#x) * u; this.#y = my - (my - this.#y) * u;
		this.#bound();
	}
	reset() { this.zoom = 1; this.#x = this.#y = 0; this.#bound(); }
	#bound() {
		const seen = 1 / this.zoom, clamp = (v, size) => Math.min(Math.max(v, 0), size * (1 - seen));
		this.#x = clamp(this.#x, this.size.width); this.#y = clamp(this.#y, this.size.height);
		this.bed.classList.toggle('zoomed', this.zoom > 1);
		this.onView(this.zoom);
		this.renew();
	}
	millimetres(x, y) {
		const box = this.canvas.getBoundingClientRect(), k = this.#k * box.width / this.canvas.width;
		return [(x - box.left) / k + this.#x, (y - box.top) / k + this.#y];
	}
	#listen() {
		const {bed} = this;
		let last = null;
		bed.addEventListener('wheel', e => {
			if (!e.ctrlKey && !e.metaKey) return;
			e.preventDefault();
			this.zoomBy(Math.exp(-e.deltaY / 200), e.clientX, e.clientY);
		}, {passive: false});
		bed.addEventListener('pointerdown', e => { last = [e.clientX, e.clientY]; this.hasMoved = false; });
		bed.addEventListener('pointermove', e => {
			if (!last || this.zoom === 1) return;
			const now = [e.clientX, e.clientY], a = this.millimetres(...last), b = this.millimetres(...now);
			if (Math.hypot(now[0] - last[0], now[1] - last[1]) > 2) this.hasMoved = true;
			this.#x += a[0] - b[0]; this.#y += a[1] - b[1];
			last = now;
			this.#bound();
		});
		for (const kind of ['pointerup', 'pointercancel', 'pointerleave']) bed.addEventListener(kind, () => { last = null; });
	}
}
