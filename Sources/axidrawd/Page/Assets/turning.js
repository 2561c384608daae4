// The design in space: a turn around the main axis in 20 s, a rest of 5 s; still where people want less motion.
const still = matchMedia('(prefers-reduced-motion: reduce)');
function angle(now) {
	const t = now % 25000, u = t / 20000;
	return still.matches || t > 20000 ? 0 : 2 * Math.PI * u * u * (3 - 2 * u);
}
export class Turning {
	constructor(space) {
		this.space = space; this.pen = space.getContext('2d'); this.scene = null; this.frame = 0;
		new ResizeObserver(() => this.go()).observe(document.body);
	}
	go() { if (this.scene && !this.space.hidden && !this.frame) this.frame = requestAnimationFrame(now => this.turn(now)); }
	turn(now) {
		this.frame = 0;
		const {space, pen, scene} = this;
		if (!scene || space.hidden) return;
		const scale = Math.min(devicePixelRatio || 1, 2);
		// Which also clears it.
		const w = space.width = Math.round(space.clientWidth * scale), h = space.height = Math.round(space.clientHeight * scale);
		const k = Math.min(w / scene.width, h / scene.height) * .94, [mx, my] = scene.middle;
		const a = angle(now), c = Math.cos(a), s = Math.sin(a);
		pen.setTransform(k, 0, 0, k, (w - k * scene.width) / 2, (h - k * scene.height) / 2);
		pen.lineWidth = Math.max(.3, 1 / k); pen.lineCap = pen.lineJoin = 'round';
		for (const l of scene.layers) {
			pen.strokeStyle = l.colour;
			pen.beginPath();
			for (const q of l.strokes) for (let i = 0; i < q.length; i += 3) {
				const y = q[i + 1] * c - q[i + 2] * s, z = q[i + 1] * s + q[i + 2] * c, near = scene.eye / (scene.eye - z);
				pen[i ? 'lineTo' : 'moveTo'](mx + (q[i] - mx) * near, my + y * near);
			}
			pen.stroke();
		}
		if (!still.matches) this.go();
	}
}
