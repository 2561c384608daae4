"""Hidden lines and hatching against what Chromium paints of the same drawings, pixel by pixel."""

import base64
import json
import math
import pathlib
import random
import subprocess
import tempfile
import unittest

from board import AXIDRAWD
from browser import Browser, executable

WIDTH, HEIGHT, SCALE = 60, 40, 10

# Both pictures as masks of what is dark, then how many pixels of the one have none of the other within a radius.
COMPARE = """
(async ({svg, png, width, height, radius, reach}) => {
  const data = async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(width, height), context = canvas.getContext("2d", {willReadFrequently: true});
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, width, height).data;
  };
  const mask = (pixels, isIn) => {
    const result = new Uint8Array(width * height);
    for (let i = 0; i < result.length; i++) result[i] = isIn(pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]);
    return result;
  };
  const grown = (set, radius) => {
    const result = new Uint8Array(set.length);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (set[y * width + x])
      for (let v = -radius; v <= radius; v++) for (let u = -radius; u <= radius; u++)
        if (u * u + v * v <= radius * radius && x + u >= 0 && x + u < width && y + v >= 0 && y + v < height)
          result[(y + v) * width + x + u] = 1;
    return result;
  };
  const lacking = (set, near) => set.reduce((sum, is, i) => sum + (is && !near[i]), 0);
  const isDark = (r, g, b) => r + g + b < 200;
  const painted = mask(await data(svg), isDark), ink = mask(await data(png), isDark);
  const count = (set) => set.reduce((sum, is) => sum + is, 0);
  return {painted: count(painted), ink: count(ink), beside: lacking(ink, grown(painted, radius)),
          missing: lacking(painted, grown(ink, reach))};
})
"""


def shapes(chance, count, lightest, darkest=0):
    """Filled shapes of every kind over one another; the largest first, so that something of each is seen."""
    made = []
    for k in range(count):
        size = 16 - 11 * k / count
        x, y = chance.uniform(size, WIDTH - size), chance.uniform(size, HEIGHT - size)
        turn = f'transform="rotate({chance.randrange(180)} {x:.2f} {y:.2f})"'
        corners = [(x + size * math.cos(4 * math.pi * i / 5), y + size * math.sin(4 * math.pi * i / 5)) for i in range(5)]
        star = "M" + "L".join(f"{u:.2f} {v:.2f}" for u, v in corners) + "Z"
        body = [
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{size:.2f}"',
            f'<rect x="{x - size:.2f}" y="{y - size / 2:.2f}" width="{2 * size:.2f}" height="{size:.2f}" {turn}',
            f'<ellipse cx="{x:.2f}" cy="{y:.2f}" rx="{size:.2f}" ry="{size / 3:.2f}" {turn}',
            f'<path fill-rule="evenodd" d="{star}"',
            f'<path d="{star}"',
            f'<path d="M{x - size:.2f} {y:.2f}c0 {size:.2f} {2 * size:.2f} {size:.2f} {2 * size:.2f} 0'
            f's{-size:.2f} {-size:.2f} {-2 * size:.2f} 0z"',
        ][k % 6]
        colour = "#%02x%02x%02x" % tuple(chance.randrange(darkest, lightest) for _ in range(3))
        made.append(f'{body} fill="{colour}"/>')
    return "".join(made)


class Painted(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not executable():
            raise AssertionError("there is no chromium; ./test --ci installs it")
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        cls.tab = cls.browser.tab("about:blank")

    def compare(self, body, root, words, **bounds):
        """What the two pictures lack of each other, in pixels."""
        svg = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm"'
               f' viewBox="0 0 {WIDTH} {HEIGHT}" {root}>{body}</svg>')
        # A picture's own size is that of the pixels it is compared in.
        pixels = svg.replace(f'"{WIDTH}mm"', f'"{WIDTH * SCALE}"').replace(f'"{HEIGHT}mm"', f'"{HEIGHT * SCALE}"')
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder)
            (place / "drawing.svg").write_text(svg)
            done = subprocess.run(
                [AXIDRAWD, "plan", place / "drawing.svg", "--scale", str(SCALE), *words, "-o", place / "ink.png"],
                capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)
            png = (place / "ink.png").read_bytes()
        size = {"width": WIDTH * SCALE, "height": HEIGHT * SCALE}
        given = {"svg": "data:image/svg+xml;base64," + base64.b64encode(pixels.encode()).decode(),
                 "png": "data:image/png;base64," + base64.b64encode(png).decode(), **size, **bounds}
        found = self.tab.run(f"({COMPARE})({json.dumps(given)})")
        self.assertGreater(min(found["painted"], found["ink"]), 1000, svg)
        return found, svg

    def test_nothing_visible_is_hidden_and_nothing_hidden_is_drawn(self):
        for seed in range(1, 5):
            with self.subTest(seed=seed):
                body = shapes(random.Random(seed), 14, 240, 110)
                found, svg = self.compare(
                    body, 'stroke="#000" stroke-width="0.2"', ["--occlude", "--pen-width", "0.2"], radius=2, reach=3)
                self.assertEqual((found["beside"], found["missing"]), (0, 0), f"{found}\n{svg}")

    def test_hatching_stays_inside_and_covers(self):
        spacing, pen = 1.2, 0.3
        for seed in range(11, 14):
            with self.subTest(seed=seed):
                # Travel and the paper's edge are light in the picture of a plan.
                body = shapes(random.Random(seed), 3, 60)
                found, svg = self.compare(
                    body, 'stroke="none"',
                    ["--occlude", "--hatch", f"{spacing},{seed * 17 % 180}", "--pen-width", str(pen)], radius=3,
                    reach=round((spacing / 2 + pen) * SCALE) + 2)
                self.assertEqual((found["beside"], found["missing"]), (0, 0), f"{found}\n{svg}")


if __name__ == "__main__":
    unittest.main()
