"""Fault scripts as a client feels them."""

import time

import serial

from board import Board, BoardTest
from wire import Wire

VERSION = b"EBBv13_and_above EB Firmware Version 3.0.3\r\n"


class Faults(BoardTest):
    def test_delay(self):
        with Board(faults="command 1 delay 400ms\n") as board, Wire(board.path) as wire:
            wire.ask("V\r")
            start = time.monotonic()
            wire.send("V\r")
            self.assertEqual(wire.read_count(len(VERSION)), VERSION)
            self.assertGreater(time.monotonic() - start, 0.35)

    def test_split(self):
        with Board(faults="now split 5\n") as board, Wire(board.path) as wire:
            # A host that comes late finds both pieces at once, so it asks again.
            for _ in range(200):
                wire.send("V\r")
                first = b""
                while not first:
                    first = wire.port.read(100)
                self.assertEqual(first + wire.read_count(len(VERSION) - len(first), 30), VERSION)
                if len(first) < len(VERSION):
                    return
            self.fail("no reply came in two pieces")

    def test_lost_doubled_garbled(self):
        with Board(faults="command 0 lose 1 to-board\ncommand 2 double 1 to-board\ncommand 4 lose 3\n") as board:
            with Wire(board.path) as wire:
                self.assertEqual(wire.ask("QP\r"), b"!8 Err: Unknown command 'P:50'\r\n")
                self.assertEqual(wire.ask("QP\r"), b"1\n\rOK\r\n")
                self.assertEqual(wire.ask("V\r"), b"!8 Err: Unknown command 'VV:5656'\r\n")
                self.assertEqual(wire.ask("V\r"), VERSION)
                self.assertEqual(wire.ask("V\r"), VERSION[3:])

    def test_silence_then_well_again(self):
        with Board(faults="command 1 silence 300ms\n") as board, Wire(board.path) as wire:
            self.assertEqual(wire.ask("V\r"), VERSION)
            self.assertEqual(wire.ask("V\r"), b"")
            time.sleep(0.4)
            self.assertEqual(wire.ask("V\r"), VERSION)

    def test_unplug_and_replug_keeps_or_resets(self):
        for how, expected in [("keep", b"42\r\nOK\r\n"), ("reset", b"0\r\nOK\r\n")]:
            with self.subTest(how=how), Board(faults=f"reply 1 unplug 300ms {how}\n") as board:
                with Wire(board.path) as wire:
                    self.assertEqual(wire.ask("SL,42\r"), b"OK\r\n")
                    with self.assertRaises((OSError, serial.SerialException)):
                        wire.ask("QL\r")
                        wire.ask("QL\r")
                self.assertTrue(self.comes_back(board))
                with Wire(board.link) as wire:
                    self.assertEqual(wire.ask("QL\r"), expected)
                self.finish(board)

    def comes_back(self, board):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if board.link.exists():
                return True
            time.sleep(0.01)
        return False

    def test_power_and_button(self):
        with Board(faults="command 1 power off\ncommand 3 button\n") as board, Wire(board.path) as wire:
            self.assertEqual(wire.ask("QC\r"), b"394,300\r\nOK\r\n")
            self.assertEqual(wire.ask("QC\r"), b"394,0\r\nOK\r\n")
            self.assertEqual(wire.ask("QB\r"), b"0\r\nOK\r\n")
            self.assertEqual(wire.ask("QB\r"), b"1\r\nOK\r\n")
            self.assertEqual(wire.ask("QB\r"), b"0\r\nOK\r\n")

    def test_random_faults_are_the_same_for_a_seed(self):
        def session(seed):
            with Board("--seed", seed, "--speed", "max", faults="random 0.3 garbage 2\n") as board:
                with Wire(board.path) as wire:
                    return [wire.ask("QB\r") for _ in range(12)]

        first = session(5)
        self.assertEqual(first, session(5))
        self.assertNotEqual(first, session(6))
        self.assertTrue(any(reply != b"0\r\nOK\r\n" for reply in first))

    def test_switched_while_running(self):
        with Board(control=True) as board, Wire(board.path) as wire:
            with open(board.control, "w", buffering=1) as control:
                control.write("now say hello\\r\\n\n")
                self.assertEqual(wire.read(), b"hello\r\n")
                control.write("every 1 lose 1\n")
                self.assertEqual(wire.ask("\rV\r")[-len(VERSION) + 1 :], VERSION[1:])
                control.write("off\n")
                time.sleep(0.1)
                self.assertEqual(wire.ask("V\r"), VERSION)
                control.write("on\n")
                time.sleep(0.1)
                self.assertEqual(wire.ask("V\r"), VERSION[1:])
                control.write("clear\n")
                time.sleep(0.1)
                self.assertEqual(wire.ask("V\r"), VERSION)

    def test_a_bad_script_is_refused_with_its_line(self):
        with self.assertRaisesRegex(RuntimeError, "line 2: .*explode"):
            Board(faults="# fine\nnow explode\n")
