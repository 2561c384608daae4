"""pyserial scripts: bytes as they are, line ends of every kind, commands without waiting, questions while moving."""

import os
import signal
import stat
import subprocess
import time

from board import AXIDRAWD, Board, BoardTest
from wire import Wire

VERSION = {v: f"EBBv13_and_above EB Firmware Version {v}\r\n".encode() for v in ["2.8.1", "3.0.3"]}


class Bytes(BoardTest):
    def test_version_however_it_is_asked(self):
        for version, reply in VERSION.items():
            with self.subTest(firmware=version), Board("--firmware", version) as board, Wire(board.path) as wire:
                wire.ask("\r")  # the very first empty line is an unknown command
                for question in ["V\r", "v\r", "V\n", "v\n", "V\r\n", "\r\n\r\nv\r\n\n", "V\n\r"]:
                    self.assertEqual(wire.ask(question), reply, question)

    def test_line_ends_mixed_in_one_write(self):
        with Board() as board, Wire(board.path) as wire:
            self.assertEqual(wire.ask("QP\rqp\nQp\r\nV\n\r\rQP\r"), b"1\n\rOK\r\n" * 3 + VERSION["3.0.3"] + b"1\n\rOK\r\n")

    def test_one_byte_at_a_time(self):
        with Board() as board, Wire(board.path) as wire:
            for byte in b"sm,100,80,80\rQP\r":
                wire.send(bytes([byte]))
                time.sleep(0.002)
            self.assertEqual(wire.read(), b"OK\r\n1\n\rOK\r\n")

    def test_an_unknown_command_and_what_follows_it(self):
        with Board() as board, Wire(board.path) as wire:
            self.assertEqual(wire.ask("AT\r"), b"!8 Err: Unknown command 'AT:4154'\r\n")
            self.assertEqual(wire.ask("QB\r"), b"0\r\nOK\r\n")

    def test_the_line_is_raw_for_a_client_that_sets_nothing(self):
        """Echo would send the board's replies back to it as commands."""
        with Board() as board:
            descriptor = os.open(board.path, os.O_RDWR | os.O_NOCTTY)
            os.write(descriptor, b"V\r")
            time.sleep(0.2)
            self.assertEqual(os.read(descriptor, 100), VERSION["3.0.3"])
            time.sleep(0.2)
            os.close(descriptor)
            self.finish(board)
            self.assertEqual([record["command"] for record in board.records], ["V"])

    def test_future_syntax(self):
        with Board() as board, Wire(board.path) as wire:
            self.assertEqual(wire.ask("CU,10,1\r"), b"\n")
            self.assertEqual(wire.ask("CU,10,1\r"), b"CU\n")
            self.assertEqual(wire.ask("V\r"), b"V," + VERSION["3.0.3"].strip() + b"\n")
            self.assertEqual(wire.ask("qt\r"), b"QT,\n")
            self.assertEqual(wire.ask("CU,10,0\r"), b"CUOK\r\n")
            self.assertEqual(wire.ask("QP\r"), b"1\n\rOK\r\n")


class Motion(BoardTest):
    def test_commands_without_waiting_are_all_done_in_order(self):
        for version in VERSION:
            with self.subTest(firmware=version), Board("--firmware", version, "--speed", "50") as board:
                with Wire(board.path) as wire:
                    # One command per packet is what 2.8.1 asks for; errors apart, many in one work as well.
                    stream = "EM,1,1\r" + "".join(f"SM,20,{40 if i % 2 else -30},25\r" for i in range(200))
                    wire.send(stream)
                    self.assertEqual(wire.read_count(4 * 201, 20), b"OK\r\n" * 201)
                    wire.until_idle()
                    self.assertEqual(wire.ask("QS\r"), b"1000,5000\n\rOK\r\n")
                summary = self.finish(board)
                self.assertEqual(summary["position"], {"motor1": 1000, "motor2": 5000})
                self.assertEqual(summary["errors"], [])

    def test_questions_while_moving(self):
        with Board() as board, Wire(board.path) as wire:
            wire.ask("EM,1,1\r")
            self.assertEqual(wire.ask("SM,1500,3000,-3000\r"), b"OK\r\n")
            first = wire.ask("QS\r")
            status = wire.ask("QM\r")
            later = wire.ask("qs\r")
            place = [int(reply.split(b",")[0]) for reply in [first, later]]
            self.assertTrue(0 < place[0] < place[1] < 3000, place)
            self.assertTrue(status.startswith(b"QM,1,"), status)
            wire.until_idle()
            self.assertEqual(wire.ask("QS\r"), b"3000,-3000\n\rOK\r\n")

    def test_a_full_queue_answers_nothing_until_there_is_room(self):
        with Board() as board, Wire(board.path) as wire:
            wire.ask("EM,1,1\r")
            start = time.monotonic()
            wire.send("SM,800,80,80\rSM,10,8,8\rSM,10,8,8\rQP\r")
            self.assertEqual(wire.read_count(8, 0.5), b"OK\r\nOK\r\n")
            self.assertEqual(wire.read_count(12, 5), b"OK\r\n1\n\rOK\r\n")
            self.assertGreater(time.monotonic() - start, 0.7)

    def test_emergency_stop(self):
        with Board() as board, Wire(board.path) as wire:
            wire.ask("EM,1,1\r")
            wire.ask("SM,10000,20000,0\r")
            self.assertEqual(wire.ask("ES\r"), b"1\n\rOK\r\n")
            stopped = wire.ask("QS\r")
            self.assertTrue(0 < int(stopped.split(b",")[0]) < 20000)
            self.assertEqual(wire.ask("QM\r"), b"QM,0,0,0,0\n\r")
            self.assertEqual(wire.ask("QS\r"), stopped)


class Coming(BoardTest):
    def test_clients_come_and_go_and_motion_goes_on(self):
        with Board() as board:
            for i in range(3):
                with Wire(board.path) as wire:
                    wire.send("V\r")  # the reply is never read: the next client must not see it
                    wire.send("SM,200,100,100\r")
                    time.sleep(0.05)
            time.sleep(0.3)
            with Wire(board.path) as wire:
                self.assertEqual(wire.read(0.2), b"")
                wire.until_idle()
                self.assertEqual(wire.ask("QS\r"), b"300,300\n\rOK\r\n")
            self.finish(board)

    def test_once_ends_with_the_client_after_all_is_drawn(self):
        with Board("--once") as board:
            with Wire(board.path) as wire:
                wire.ask("EM,1,1\r")
                wire.ask("SM,60000,8000,8000\r")
            board.process.wait(timeout=40)
            summary = self.finish(board)
            self.assertEqual(summary["position"], {"motor1": 8000, "motor2": 8000})
            self.assertFalse(board.link.is_symlink(), "the link goes with the board")

    def test_signals_end_it_well(self):
        for number in [signal.SIGINT, signal.SIGTERM]:
            with Board() as board:
                board.end(number)
                self.assertEqual(board.code, 0, board.errors)
                self.assertTrue(board.picture.exists())

    def test_a_link_never_replaces_a_file(self):
        with Board() as board:
            target = board.folder_path / "precious"
            target.write_text("data")
            other = subprocess.run([AXIDRAWD, "board", "--link", target], capture_output=True, text=True, timeout=20)
            self.assertEqual(other.returncode, 73, other.stderr)
            self.assertEqual(target.read_text(), "data")

    def test_standard_streams(self):
        done = subprocess.run(
            [AXIDRAWD, "board", "--stdio", "--speed", "max", "--quiet"], input=b"V\rSM,1000,5,5\rQM\r",
            capture_output=True, timeout=20,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith(VERSION["3.0.3"] + b"OK\r\nQM,1,"), done.stdout)

    def test_a_host_that_never_reads_does_no_harm(self):
        with Board("--speed", "max") as board:
            with Wire(board.path) as wire:
                for _ in range(3000):
                    try:
                        wire.port.write_timeout = 0.5
                        wire.send("V\r" * 20)
                    except Exception:
                        break
            with Wire(board.path) as wire:
                # What the board still owes the host that went comes first, for as long as it takes.
                self.assertTrue(wire.ask_until("\rV\r", VERSION["3.0.3"]))
            self.finish(board)


class Speeds(BoardTest):
    def test_speeds_are_kept(self):
        for speed, least, most in [("realtime", 0.95, 2.5), ("4", 0.24, 1.5), ("max", 0, 0.9)]:
            with self.subTest(speed=speed), Board("--speed", speed) as board, Wire(board.path) as wire:
                wire.ask("EM,1,1\r")
                start = time.monotonic()
                wire.send("SM,500,100,100\rSM,500,100,100\r")
                wire.read_count(8)
                wire.send("SM,1,1,1\rSM,1,1,1\r")  # the second blocks until both long moves are over
                self.assertEqual(wire.read_count(8, 10), b"OK\r\nOK\r\n")
                passed = time.monotonic() - start
                self.assertGreaterEqual(passed, least)
                self.assertLess(passed, most + 5 if speed != "max" else 5)

    def test_max_is_no_cause_of_starving(self):
        with Board("--speed", "max") as board:
            with Wire(board.path) as wire:
                wire.ask("EM,1,1\r")
                for _ in range(150):
                    wire.send("SM,50,200,200\r")
                    self.assertEqual(wire.read_count(4), b"OK\r\n")
                wire.until_idle()
            self.finish(board)
            starved = [incident for incident in board.incidents if incident["kind"] == "starved"]
            self.assertLessEqual(len(starved), 1, "only the last move ends without another")
