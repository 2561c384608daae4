"""plotink, the library of the AxiDraw software, as PyPI has it."""

import functools
import time
import unittest
import unittest.mock

from plotink import ebb3_motion, ebb3_serial, ebb_calc, ebb_motion, ebb_serial

from board import Board, BoardTest


def on_both_firmwares(*flags):
    """Runs a test against 2.8.1 and 3.0.3, each with a fresh board and a port that testPort has opened."""

    def wrap(test):
        @functools.wraps(test)
        def run(self):
            for version in ["2.8.1", "3.0.3"]:
                with self.subTest(firmware=version), Board("--firmware", version, *flags) as board:
                    port = ebb_serial.testPort(board.path)
                    self.assertIsNotNone(port, "testPort did not recognise the board")
                    try:
                        test(self, version, board, port)
                    finally:
                        ebb_serial.closePort(port)

        return run

    return wrap


class Legacy(BoardTest):
    """ebb_serial and ebb_motion: what AxiDraw software calls, on both firmware families."""

    @on_both_firmwares("--name", "East EBB")
    def test_identity(self, version, board, port):
        self.assertIn(f"Firmware Version {version}", ebb_serial.queryVersion(port))
        self.assertTrue(ebb_serial.min_version(port, "2.5.5"))
        self.assertFalse(ebb_serial.min_version(port, "9.0.0"))
        self.assertEqual(ebb_serial.query_nickname(port, verbose=False), "East EBB")
        self.assertTrue(ebb_serial.write_nickname(port, "West"))
        self.assertEqual(ebb_serial.query_nickname(port, verbose=False), "West")
        self.assertTrue(ebb_motion.queryVoltage(port))

    @on_both_firmwares()
    def test_a_board_without_a_name_says_so(self, version, board, port):
        self.assertIn("does not have a nickname", ebb_serial.query_nickname(port))

    def test_open_port_finds_the_board(self):
        with Board() as board:
            listed = [(board.path, "EiBotBoard,North", "USB VID:PID=04D8:FD92 SER=North LOCATION=1-2")]
            with unittest.mock.patch.object(ebb_serial, "comports", lambda: listed):
                port = ebb_serial.openPort()
                self.assertIsNotNone(port)
                ebb_serial.closePort(port)
                port = ebb_serial.open_named_port("North")
                self.assertIsNotNone(port)
                ebb_serial.closePort(port)

    @on_both_firmwares()
    def test_motors(self, version, board, port):
        self.assertEqual(ebb_motion.query_enable_motors(port), (0, 0))
        for mode in [1, 2, 3, 4, 5]:
            ebb_motion.sendEnableMotors(port, mode)
            wait_until_idle(port)
            self.assertEqual(ebb_motion.query_enable_motors(port), (mode, mode))
        ebb_motion.sendDisableMotors(port)
        wait_until_idle(port)
        self.assertEqual(ebb_motion.query_enable_motors(port)[0], 0)

    @on_both_firmwares("--speed", "20")
    def test_pen(self, version, board, port):
        ebb_motion.setPenUpPos(port, 20641)
        ebb_motion.setPenDownPos(port, 15248)
        ebb_motion.setPenUpRate(port, 1618)
        ebb_motion.setPenDownRate(port, 1078)
        ebb_motion.servo_timeout(port, 60000, 1)
        ebb_motion.sendPenUp(port, 300)
        wait_until_idle(port)
        self.assertTrue(ebb_motion.QueryPenUp(port))
        ebb_motion.sendPenDown(port, 300)
        wait_until_idle(port)
        self.assertFalse(ebb_motion.QueryPenUp(port))
        ebb_motion.TogglePen(port)
        wait_until_idle(port)
        self.assertTrue(ebb_motion.QueryPenUp(port))
        ebb_serial.closePort(port)
        summary = self.finish(board)
        self.assertEqual(summary["errors"], [])
        self.assertEqual(summary["penLifts"], 1)

    @on_both_firmwares("--speed", "20")
    def test_moves_and_positions(self, version, board, port):
        ebb_motion.sendEnableMotors(port, 1)
        ebb_motion.doXYMove(port, 800, 400, 500)  # SM: axis 1 is y here
        ebb_motion.doABMove(port, 400, 100, 300)
        ebb_motion.doTimedPause(port, 1600)
        ebb_motion.doLowLevelMove(port, 85899346, 100, 0, 85899346, 100, 0, 3)
        wait_until_idle(port)
        self.assertEqual(ebb_motion.query_steps(port), (400 + 500 + 100, 800 + 300 + 100))
        ebb_motion.doAbsMove(port, 3000)
        wait_until_idle(port)
        self.assertEqual(ebb_motion.query_steps(port), (0, 0))
        ebb_motion.doAbsMove(port, 3000, 640, 320)
        wait_until_idle(port)
        self.assertEqual(ebb_motion.query_steps(port), (640, 320))
        ebb_serial.closePort(port)
        summary = self.finish(board)
        self.assertEqual(summary["errors"], [])
        self.assertEqual(summary["position"], {"motor1": 640, "motor2": 320})

    @on_both_firmwares("--speed", "20")
    def test_lm_takes_the_ticks_that_plotink_computes(self, version, board, port):
        """plotink's own integer model of LM against the board's trace."""
        moves = [(1000, 42949673, 0), (250, 8589935, 17180), (60, 3865471, 1732), (75, 17179000, 0)]
        for steps, rate, acceleration in moves:
            ebb_motion.doLowLevelMove(port, rate, steps, acceleration, rate, steps, acceleration, 3)
        wait_until_idle(port)
        ebb_serial.closePort(port)
        self.finish(board)
        ran = [record for record in board.records if record["command"].startswith("LM")]
        self.assertEqual(len(ran), len(moves))
        for (steps, rate, acceleration), record in zip(moves, ran):
            ticks, _, _ = ebb_calc.calculate_lm(steps, rate, acceleration, accum="clear")
            self.assertEqual(record["ticks"], ticks, record)

    @on_both_firmwares()
    def test_variable_button_and_pins(self, version, board, port):
        self.assertEqual(ebb_motion.queryEBBLV(port), 0)
        ebb_motion.setEBBLV(port, 137)
        self.assertEqual(ebb_motion.queryEBBLV(port), 137)
        self.assertEqual(ebb_motion.QueryPRGButton(port).strip(), "0")
        ebb_motion.PBOutConfig(port, 3, 0)
        ebb_motion.PBOutValue(port, 3, 1)
        self.assertEqual(ebb_serial.query(port, "PI,B,3\r").strip(), "PI,1")

    @on_both_firmwares("--name", "Phoenix")
    def test_reboot_brings_another_port_behind_the_same_link(self, version, board, port):
        ebb_motion.setEBBLV(port, 9)
        ebb_serial.reboot(port)
        ebb_serial.closePort(port)
        self.assertTrue(eventually(board.link.exists))
        again = ebb_serial.testPort(str(board.link))
        self.assertIsNotNone(again)
        self.assertEqual(ebb_motion.queryEBBLV(again), 0)
        self.assertEqual(ebb_serial.query_nickname(again, verbose=False), "Phoenix")
        ebb_serial.closePort(again)


class Future(BoardTest):
    """ebb3_serial and ebb3_motion: what NextDraw software calls; firmware 3 only."""

    def connect(self, board):
        machine = ebb3_motion.EBBMotionWrap()
        listed = [(board.path, "EiBotBoard,Nova", "USB VID:PID=04D8:FD92 SER=Nova LOCATION=1-2")]
        with unittest.mock.patch.object(ebb3_serial, "comports", lambda: listed):
            self.assertTrue(machine.connect(), machine.err)
        return machine

    def test_session(self):
        with Board("--name", "Nova", "--speed", "20") as board:
            machine = self.connect(board)
            self.assertEqual(machine.name, "Nova")
            self.assertEqual(machine.version, "3.0.3")
            machine.motors_enable(1, 1)
            settle(machine)
            self.assertEqual(machine.motors_query_enabled(), (1, 1))
            machine.pen_pos_up(20641)
            machine.pen_pos_down(15248)
            machine.pen_rate_up(1618)
            machine.pen_rate_down(1078)
            machine.servo_timeout(60000, 1)
            machine.pen_raise(250)
            machine.pen_lower(250)
            machine.xy_move(1600, 800, 1000)
            machine.timed_pause(900)
            machine.pen_raise(250)
            machine.abs_move(4000)
            settle(machine)
            self.assertEqual(machine.query_steps(), (0, 0))
            machine.var_write(77, 3)
            self.assertEqual(machine.var_read(3), 77)
            machine.var_write_int32(-123456, 8)
            self.assertEqual(machine.var_read_int32(8), -123456)
            self.assertTrue(machine.query_voltage())
            self.assertIsNotNone(machine.query_current())
            self.assertIsNone(machine.err)
            machine.disconnect()
            summary = self.finish(board)
            self.assertEqual(summary["errors"], [])
            self.assertEqual(summary["penLifts"], 1)
            self.assertGreater(summary["penDownMillimetres"], 15)

    def test_old_firmware_is_refused_by_the_client(self):
        with Board("--firmware", "2.8.1") as board:
            machine = ebb3_motion.EBBMotionWrap()
            listed = [(board.path, "EiBotBoard", "USB VID:PID=04D8:FD92")]
            with unittest.mock.patch.object(ebb3_serial, "comports", lambda: listed):
                self.assertFalse(machine.connect())
            self.assertIn("not supported", machine.err)
            machine.disconnect()

    def test_status_byte(self):
        with Board() as board:
            machine = self.connect(board)
            machine.motors_enable(1, 1)
            machine.xy_move(400, 400, 400)
            self.assertTrue(machine.query_statusbyte() & 8, "something is executing")
            settle(machine)
            self.assertFalse(machine.query_statusbyte() & 15)
            machine.disconnect()


def wait_until_idle(port):
    """Asks QG until nothing runs and nothing is queued.

    Not QM: its reply ends with LF CR, and plotink would find the CR at the head of the next reply.
    """
    idle = lambda: int(ebb_serial.query(port, "QG\r"), 16) & 9 == 0
    assert eventually(idle), "the board does not come to rest"


def settle(machine):
    assert eventually(lambda: machine.query_statusbyte() & 9 == 0), "the board does not come to rest"


def eventually(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False
