"""The habits of other drivers, written anew from what they put on the wire: saxi, axi, cncserver."""

import time

from board import Board, BoardTest
from wire import Wire


class Saxi(BoardTest):
    """Splits replies at any run of CR and LF, waits for OK, draws by LM without clear, moves the pen by S2."""

    def command(self, wire, text):
        wire.send(text + "\r")
        self.assertEqual(self.lines(wire, 1), ["OK"], text)

    def query(self, wire, text, count):
        wire.send(text + "\r")
        return self.lines(wire, count)

    def lines(self, wire, count):
        got = b""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            got += wire.port.read(256)
            found = [line for line in got.replace(b"\n", b"\r").split(b"\r") if line]
            if len(found) >= count and got[-1:] in b"\r\n":
                return [line.decode() for line in found]
            time.sleep(0.001)
        return [got.decode()]

    def test_plot(self):
        for version in ["2.8.1", "3.0.3"]:
            with self.subTest(firmware=version), Board("--firmware", version, "--speed", "20") as board:
                with Wire(board.path) as wire:
                    self.assertIn(f"Firmware Version {version}", self.query(wire, "V", 1)[0])
                    self.assertEqual(len(self.query(wire, "QC", 2)), 2)
                    self.command(wire, "EM,1,1")
                    self.command(wire, "S2,17750,4,0,500")  # pen up: jump, then half a second
                    self.draw(wire)
                    self.command(wire, "HM,4000")
                    while not self.query(wire, "QM", 1)[0].startswith("QM,0,0,0,0"):
                        time.sleep(0.01)
                    self.assertEqual(self.query(wire, "QS", 2), ["0,0", "OK"])
                    self.command(wire, "SR,60000000,0")
                    self.command(wire, "EM,0,0")
                summary = self.finish(board)
                self.assertEqual(summary["errors"], [])
                self.assertAlmostEqual(summary["penDownMillimetres"], 80, delta=1)
                kinds = {incident["kind"] for incident in board.incidents}
                self.assertLessEqual(kinds, {"starved", "inkDragged"})

    def draw(self, wire):
        """A square of 20 mm: each side speeds up, cruises and slows down."""
        self.lm(wire, 800, 800)
        self.command(wire, "S2,15700,4,0,500")
        for x, y in [(1600, 0), (0, 1600), (-1600, 0), (0, -1600)]:
            self.lm(wire, x, y)
        self.command(wire, "S2,17750,4,0,500")

    def lm(self, wire, x, y):
        """A trapezoid in three commands, rate and acceleration rounded apart, as saxi does it."""
        a, b = x + y, x - y
        for part, slow, fast in [(0.25, 500, 2500), (0.5, 2500, 2500), (0.25, 2500, 500)]:
            words = []
            seconds = max(abs(a), abs(b)) * part / ((slow + fast) / 2)
            for steps in [round(a * part), round(b * part)]:
                share = abs(steps) / (max(abs(a), abs(b)) * part)
                first, last = (round(value * share * 2**31 / 25000) for value in (slow, fast))
                words += [first, steps, round((last - first) / (seconds * 25000))]
            self.command(wire, "LM," + ",".join(map(str, words)))


class Axi(BoardTest):
    """Reads exactly one line for each command, a second one for some, asks QM until no 1 is in it."""

    def command(self, wire, *words):
        wire.send(",".join(str(word) for word in words) + "\r")
        return self.line(wire)

    def line(self, wire):
        got = b""
        end = time.monotonic() + 30
        while not got.endswith(b"\n") and time.monotonic() < end:
            got += wire.port.read(1)
        return got.decode().strip()

    def test_plot(self):
        for version in ["2.8.1", "3.0.3"]:
            with self.subTest(firmware=version), Board("--firmware", version, "--speed", "20") as board:
                with Wire(board.path) as wire:
                    self.assertIn("EBB", self.command(wire, "v"))
                    for words in [("SC", 4, 20000), ("SC", 5, 14000), ("SC", 11, 1600), ("SC", 12, 1000)]:
                        self.assertEqual(self.command(wire, *words), "OK")
                    self.assertEqual(self.command(wire, "EM", 1, 1), "OK")
                    self.assertEqual(self.command(wire, "SP", 1, 300), "OK")
                    self.assertEqual(self.command(wire, "SP", 0, 300), "OK")
                    for i in range(50):
                        self.assertEqual(self.command(wire, "XM", 40, 40, (-1) ** i * 30), "OK")
                    self.assertEqual(self.command(wire, "SP", 1, 300), "OK")
                    while "1" in self.command(wire, "QM"):
                        time.sleep(0.01)
                    self.assertEqual(self.command(wire, "QS"), "2000,2000")
                    self.assertEqual(self.line(wire), "OK")
                summary = self.finish(board)
                self.assertEqual(summary["errors"], [])
                self.assertEqual(summary["penLifts"], 1)
                self.assertAlmostEqual(summary["penDownMillimetres"], 31.25, delta=0.2)


class Probing(BoardTest):
    def test_modem_probes_and_other_noise_leave_the_board_well(self):
        with Board() as board, Wire(board.path) as wire:
            for noise in [b"AT\r\n", b"ATZ\r", b"AT+GCAP\r", b"\x00\xff\x80\r", b"~\x00x\xf0~\r", b"A" * 5000 + b"\r",
                          b"," * 300 + b"\r", b"SM,\r", b"SM,99999999999999999999,1,1\r", bytes(range(256)) * 8 + b"\r"]:
                wire.ask(noise)
            self.assertTrue(wire.ask("V\r").endswith(b"3.0.3\r\n"))
            wire.until_idle()
            self.finish(board)
