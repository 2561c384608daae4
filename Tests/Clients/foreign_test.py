"""Another board answers where ours was, in the middle of a plot: through the daemon, as a person sees it."""

import json
import os
import tempfile
import unittest

from board import Board
from host import SQUARE, Host

LONG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200mm" height="150mm" viewBox="0 0 200 150">'
    + "".join(f'<path d="M5 {y}H195" fill="none" stroke="black"/>' for y in range(5, 145, 2))
    + "</svg>"
)
KIND = {"Content-Type": "image/svg+xml"}


class Foreign(unittest.TestCase):
    def board(self, name):
        board = Board("--name", name)
        self.addCleanup(board.folder.cleanup)
        self.addCleanup(lambda: (board.process.kill(), board.process.communicate(timeout=60)))
        return board

    def show(self, board):
        """Lets the port be this board's."""
        os.symlink(board.path, self.port + ".new")
        os.rename(self.port + ".new", self.port)

    def get(self, path):
        status, _, text = self.host.ask("GET", path)
        self.assertEqual(status, 200, text)
        return json.loads(text)

    def devices(self):
        return {device["name"]: device["state"] for device in self.get("/v1/devices")["items"]}

    def wait(self, what, condition):
        self.host.wait_for(condition, what, seconds=120)

    def start(self, board):
        """A daemon whose plotter is in the middle of a long plot on this board; the job."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.port = folder.name + "/port"
        self.show(board)
        self.host = Host()
        self.host.flags = ["serve", "--device", self.port, "--config", str(self.host.config), "--listen", "127.0.0.1:0"]
        self.enterContext(self.host)
        self.wait("the board is not seen", lambda: self.devices() == {"plot1": "raised"})
        job = self.submit(LONG)
        self.wait("it does not draw", lambda: self.get(f"/v1/jobs/{job}")["progress"]["strokes"] >= 1)
        return job

    def submit(self, drawing):
        status, _, text = self.host.ask("POST", "/v1/devices/plot1/jobs", drawing, KIND)
        self.assertEqual(status, 201, text)
        return json.loads(text)["id"]

    def cancel(self, job):
        status, _, text = self.host.ask("POST", f"/v1/jobs/{job}/cancel")
        self.assertEqual(status, 200, text)
        self.wait("the cancel does not end it", lambda: self.get(f"/v1/jobs/{job}")["state"] == "cancelled")

    def strokes(self, board):
        """Pen-downs that wait for the pen; one that does not comes before the carriage has arrived."""
        board.end()
        downs = [line.get("command", "") for line in board.records if line.get("command", "").startswith("SP,0,")]
        return sum(not down.startswith("SP,0,0") for down in downs)

    def test_another_is_named_and_takes_what_comes_after_a_cancel_whole(self):
        east, west = self.board("East"), self.board("West")
        first = self.start(east)
        self.show(west)
        east.process.kill()
        self.wait("the other is not named", lambda: "West" in self.get("/v1/devices/plot1")["sentence"])
        self.cancel(first)
        # Whose port is named by a person is whatever board answers there; a board that udev shows keeps its own name.
        second = self.submit(SQUARE)
        self.wait("the next is not drawn", lambda: self.get(f"/v1/jobs/{second}")["state"] == "done")
        self.assertEqual(self.strokes(west), 1)

    def test_where_nobody_answers_the_next_job_waits_until_somebody_does(self):
        east = self.board("East")
        first = self.start(east)
        os.unlink(self.port)
        east.process.kill()
        self.wait("the loss is not told", lambda: self.devices() == {"plot1": "paused"})
        self.cancel(first)
        self.wait("it is thought to be there", lambda: self.devices() == {"plot1": "absent"})
        second = self.submit(SQUARE)
        again = self.board("East")
        self.show(again)
        self.wait("the next is not drawn", lambda: self.get(f"/v1/jobs/{second}")["state"] == "done")
        self.assertEqual(self.strokes(again), 1)


if __name__ == "__main__":
    unittest.main()
