"""Somebody else's web server in front of daemons, with a configuration of its own folder: starts, is asked, and stops."""

import http.client
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time


def free_ports(count):
    links = [socket.socket() for _ in range(count)]
    for link in links:
        link.bind(("127.0.0.1", 0))
    ports = [link.getsockname()[1] for link in links]
    for link in links:
        link.close()
    return ports


def program(name):
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise AssertionError(f"{name} is not installed; ./test --ci installs it")
    return found


def replaced(text, changes):
    """An example that ships, with its addresses exchanged; each must be there as often as said."""
    for shipped, (count, new) in changes.items():
        assert text.count(shipped) == count, f"the example has changed: {shipped}"
        text = text.replace(shipped, new)
    return text


# What nginx needs around a `server` to run as anybody, in a folder.
NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


class Proxy:
    """A program in front of daemons. Subclasses write their files and say how it is started. Use as a context manager."""

    secure = None

    def __init__(self):
        self.held = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.held.name)
        # Started by root, workers may be somebody else and keep bodies here.
        self.folder.chmod(0o755)
        (self.port,) = free_ports(1)
        self.log = open(self.folder / "log", "w+")
        command = self.command()
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=self.log,
            env=dict(os.environ, HOME=self.held.name, XDG_DATA_HOME=self.held.name, XDG_CONFIG_HOME=self.held.name))

    def command(self):
        raise NotImplementedError

    def nginx(self, site):
        """The command of nginx with these lines for a site."""
        (self.folder / "nginx.conf").write_text(NGINX.format(folder=self.folder, site=site))
        return [program("nginx"), "-e", f"{self.folder}/error.log", "-c", f"{self.folder}/nginx.conf", "-p", self.held.name]

    def __enter__(self):
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    self.log.seek(0)
                    raise AssertionError(f"it does not start: {self.log.read()}")
                time.sleep(0.02)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        self.log.close()
        self.held.cleanup()

    def connection(self, secure=False):
        if not secure:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.secure, timeout=60, context=context)

    def ask(self, method, path, body=None, secure=False, **headers):
        """One request; an underscore in the name of a field stands for a hyphen."""
        link = self.connection(secure)
        link.request(method, path, body=body, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = link.getresponse()
        text = answer.read().decode()
        link.close()
        return answer.status, answer.headers, text
