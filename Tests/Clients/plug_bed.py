"""Boards as libudev shows them: the tests of plug_test.py, run inside umockdev's test bed.

The daemon is on its true path: event of udev, device node, open, termios, commands. The ports are pseudo-terminals of
the test bed with a virtual board at the other end.
"""

import itertools
import json
import os
import pathlib
import subprocess
import time
import tty
import unittest

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import UMockdev  # noqa: E402

from board import AXIDRAWD  # noqa: E402
from host import Host  # noqa: E402

USB = "/devices/pci0000:00/0000:00:14.0/usb1"


def description(socket, port, name, vendor="04d8", product="fd92", text="EiBotBoard"):
    """A board in a USB socket (`1-2`) as `udevadm info` tells it, all its parents included."""
    number = int(socket.split("-")[1])
    serial = f"A: serial={name}\\n\n" if name else ""
    return f"""P: {USB}/{socket}
N: bus/usb/001/{number:03}
E: DEVNAME=/dev/bus/usb/001/{number:03}
E: DEVTYPE=usb_device
E: MAJOR=189
E: MINOR={number - 1}
E: SUBSYSTEM=usb
A: bNumInterfaces= 2\\n
A: idVendor={vendor}\\n
A: idProduct={product}\\n
A: product={text}{"," + name if name else ""}\\n
{serial}
P: {USB}/{socket}/{socket}:1.0
E: DEVTYPE=usb_interface
E: SUBSYSTEM=usb
A: bInterfaceNumber=00\\n

P: {USB}/{socket}/{socket}:1.0/tty/ttyACM{port}
N: ttyACM{port}
L: device=../../../{socket}:1.0
E: DEVNAME=/dev/ttyACM{port}
E: MAJOR=166
E: MINOR={port}
E: SUBSYSTEM=tty
A: dev=166:{port}\\n
"""


class Plugged:
    """A virtual board in a socket of the test bed."""

    ports = itertools.count()

    def __init__(self, bed, socket, name, **numbers):
        # The test bed gives a port's number once only.
        self.bed, self.socket, self.port = bed, socket, next(Plugged.ports)
        port = self.port
        bed.add_from_string(description(socket, port, name, **numbers))
        # Held open: a pseudo-terminal that nobody has open is at its end, and the board would leave.
        self.held = os.open(f"/dev/ttyACM{port}", os.O_RDWR | os.O_NOCTTY)
        master = bed.get_dev_fd(f"/dev/ttyACM{port}")
        tty.setraw(master)
        environment = {key: value for key, value in os.environ.items() if key != "LD_PRELOAD"}
        flags = ["--name", name] if name else []
        self.process = subprocess.Popen(
            [AXIDRAWD, "board", "--stdio", *flags], stdin=master, stdout=master, stderr=subprocess.DEVNULL,
            env=environment,
        )
        for place in self.places:
            bed.uevent(place, "add")

    @property
    def places(self):
        usb = f"/sys{USB}/{self.socket}"
        return [usb, f"{usb}/{self.socket}:1.0", f"{usb}/{self.socket}:1.0/tty/ttyACM{self.port}"]

    def end(self):
        self.process.kill()
        self.process.wait()
        os.close(self.held)

    def pull(self):
        self.end()
        for place in reversed(self.places):
            self.bed.uevent(place, "remove")
            self.bed.remove_device(place)


class Bare(Plugged):
    """A board of which only udev tells, in one socket for good."""

    def __init__(self, bed, socket):
        self.bed, self.socket, self.port = bed, socket, next(Plugged.ports)
        bed.add_from_string(description(socket, self.port, "West"))

    def tell(self, action):
        for place in self.places if action == "add" else reversed(self.places):
            self.bed.uevent(place, action)


class PlugTests(unittest.TestCase):
    def setUp(self):
        self.bed = UMockdev.Testbed.new()
        self.boards = []
        environment = {key: os.environ[key] for key in ["LD_PRELOAD", "UMOCKDEV_DIR"] if key in os.environ}
        environment.setdefault("UMOCKDEV_DIR", self.bed.get_root_dir())
        self.host = Host(environment=environment)
        self.host.flags = ["serve", "--config", str(self.host.config), "--listen", "127.0.0.1:0"]

    def tearDown(self):
        for board in self.boards:
            if board.process.returncode is None:
                board.end()

    def plug(self, *words, **numbers):
        board = Plugged(self.bed, *words, **numbers)
        self.boards.append(board)
        return board

    def devices(self):
        """Name and state of every plotter that the daemon knows."""
        status, _, text = self.host.ask("GET", "/v1/devices")
        self.assertEqual(status, 200, text)
        return {device["name"]: device["state"] for device in json.loads(text)["items"]}

    def wait(self, expected):
        self.host.wait_for(lambda: self.devices() == expected, f"not {expected}")

    def test_boards_come_and_go(self):
        """Found at the start and while running; gone, and back in another port under the name it had."""
        self.plug("1-1", "East")
        with self.host:
            self.wait({"East": "raised"})
            other = self.plug("1-2", "")
            self.wait({"East": "raised", "plot1": "raised"})
            other.pull()
            self.wait({"East": "raised", "plot1": "absent"})
            self.plug("1-2", "")
            self.wait({"East": "raised", "plot1": "raised"})

    def test_names_follow_boards_that_swap_their_sockets(self):
        first, second = self.plug("1-1", "East"), self.plug("1-2", "West")
        with self.host:
            self.wait({"East": "raised", "West": "raised"})
            first.pull()
            second.pull()
            self.wait({"East": "absent", "West": "absent"})
            self.plug("1-1", "West")
            self.wait({"East": "absent", "West": "raised"})
            self.plug("1-2", "East")
            third = self.plug("1-3", "North")
            self.wait({"East": "raised", "West": "raised", "North": "raised"})
            # Each name has its own board at the other end, not only the state of one.
            for name, board in [("West", self.boards[2]), ("East", self.boards[3]), ("North", third)]:
                self.assertEqual(self.raw(name, "QT"), name)
                self.assertIsNone(board.process.poll())

    def test_other_devices_are_left_alone(self):
        self.plug("1-1", "", vendor="2341", product="0043", text="Arduino")
        with self.host:
            self.plug("1-2", "East")
            self.wait({"East": "raised"})

    def test_a_thousand_cycles_leave_nothing_behind(self):
        """Neither descriptors nor memory grow; every plugging is seen, for it is waited for."""
        with self.host:
            board = self.plug("1-1", "East")
            self.wait({"East": "raised"})
            board.pull()
            self.wait({"East": "absent"})
            bare = Bare(self.bed, "1-4")
            bare.tell("add")
            self.cycle(bare, 100)
            before = self.figures()
            self.cycle(bare, 900)
            after = self.figures()
            bare.tell("remove")
            self.plug("1-1", "East")
            self.wait({"East": "raised", "West": "absent"})
            self.assertLessEqual(after[0], before[0] + 4, "descriptors")
            self.assertLessEqual(after[1], before[1] + (8 << 20), "bytes of memory")

    def raw(self, name, text):
        """What a plotter's board answers to a command."""
        status, _, answer = self.host.ask("POST", f"/v1/devices/{name}/command?text={text}")
        self.assertEqual(status, 200, answer)
        return json.loads(answer)["reply"]

    def cycle(self, board, count):
        """Tells of a board's going and coming, and waits until each has been seen."""
        for k in range(count):
            for action, words in [("remove", "board gone"), ("add", "board seen")]:
                seen = len(self.host.lines)
                board.tell(action)
                self.host.wait_for(lambda: self.told(seen, words), f"cycle {k}: not {words}")

    def told(self, since, text):
        return any(text in line for line in self.host.lines[since:])

    def figures(self):
        """Open descriptors and resident bytes of the daemon."""
        place = pathlib.Path(f"/proc/{self.host.process.pid}")
        pages = int((place / "statm").read_text().split()[1])
        return len(list((place / "fd").iterdir())), pages * os.sysconf("SC_PAGESIZE")
