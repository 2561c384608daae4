"""A port that is opened, written and read without any library's opinions."""

import time

import serial


class Wire:
    """Raw bytes to and from a board."""

    def __init__(self, path):
        self.port = serial.Serial(str(path), timeout=0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.port.close()

    def send(self, data):
        self.port.write(data if isinstance(data, bytes) else data.encode("ascii"))

    def read(self, quiet=0.15, limit=5.0):
        """What comes until nothing has come for `quiet` seconds."""
        got = b""
        last = start = time.monotonic()
        while time.monotonic() - last < quiet and time.monotonic() - start < limit:
            piece = self.port.read(4096)
            if piece:
                got += piece
                last = time.monotonic()
            else:
                time.sleep(0.002)
        return got

    def read_count(self, count, seconds=5.0):
        """So many bytes, or fewer when they do not come in time."""
        got = b""
        end = time.monotonic() + seconds
        while len(got) < count and time.monotonic() < end:
            piece = self.port.read(count - len(got))
            got += piece
            if not piece:
                time.sleep(0.002)
        return got

    def ask(self, data):
        self.send(data)
        return self.read()

    def ask_until(self, data, ending, seconds=30.0):
        """Asks again and again until an answer ends so; False when none does in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.ask(data).endswith(ending):
                return True
        return False

    def until_idle(self, seconds=20.0):
        """Asks QG until nothing runs or waits."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            reply = self.ask("QG\r")
            digits = reply.strip().split(b",")[-1]
            if digits and int(digits, 16) & 9 == 0:
                return
            time.sleep(0.02)
        raise AssertionError("the board does not come to rest")
