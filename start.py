"""Everything from one command, on Linux, macOS and Windows, with nothing but Python 3.11 or newer.

python start.py                    make the environment if needed, then open the app in the browser
python start.py test [--full]      run every check
python start.py COMMAND ...        run a command, like `value arrivals` or `ingest FILE`
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-dev.lock"}
FIRST_PORT = 8501


def main(arguments: list[str]) -> int:
    """The exit code of the app, of the checks or of the command."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python may run
        say(f"Plumbline needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 1
    is_test = arguments[:1] == ["test"]
    try:
        port = 0 if arguments else asked_port()
        prepare("test" if is_test else "run")
    except ValueError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"The environment could not be made: {error}")
        return 1
    except subprocess.CalledProcessError:
        say("The environment could not be made; the lines above say why. Then run it again.")
        return 1
    if not arguments:
        return serve(port or free_port())
    if arguments[0] in ("-h", "--help"):
        say(__doc__)
    script = ROOT / "tests" / "checks.py" if is_test else ROOT / "cli.py"
    return subprocess.call([PYTHON, script, *arguments[is_test:]])


def prepare(purpose: str) -> None:
    """Make the environment, or bring it up to date when the pinned requirements changed."""
    stamp = VENV / f"{purpose}.stamp"
    wanted = hashlib.sha256(LOCKS[purpose].read_bytes()).hexdigest()
    config = VENV / "pyvenv.cfg"
    is_whole = PYTHON.exists() and config.exists()
    if is_whole and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say("Installing what Plumbline needs. This happens once and takes a minute or two.")
    uv = shutil.which("uv")
    if not is_whole or (not uv and "\nuv = " in config.read_text(encoding="utf-8")):
        maker = [uv, "venv", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
        install(*maker, "--clear", str(VENV))
    pip = [uv, "pip"] if uv else [str(PYTHON), "-m", "pip"]
    into = ["--python", str(PYTHON)] if uv else ["--disable-pip-version-check"]
    install(*pip, "install", *into, "--quiet", "--require-hashes", "-r", str(LOCKS[purpose]))
    stamp.write_text(wanted, encoding="utf-8")


def install(*command: str) -> None:
    """Run one step of the installation; its words go to stderr, so that `--json` stays clean."""
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def asked_port() -> int:
    """The port that PLUMBLINE_PORT names; 0 without one."""
    text = os.environ.get("PLUMBLINE_PORT") or "0"
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise ValueError(f"PLUMBLINE_PORT={text} is not a port; write a number like 8501.")
    return int(text)


def serve(port: int) -> int:
    """Run the server until it is stopped; open the browser when it answers."""
    url = f"http://localhost:{port}"
    environment = {**os.environ, "PLUMBLINE_PORT": str(port)}
    server = subprocess.Popen([PYTHON, ROOT / "serve.py"], cwd=ROOT, env=environment)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        if answers(server, f"http://127.0.0.1:{port}/api/ready"):
            say(f"\nPlumbline is ready: {url}\nStop it with Ctrl+C.")
            if has_screen():
                webbrowser.open(url)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()


def answers(server: subprocess.Popen[bytes], url: str) -> bool:
    """Whether the server came up; False when it ended first."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while server.poll() is None:
        try:
            with direct.open(url, timeout=5):
                return True
        except urllib.error.HTTPError as error:
            say(f"The app is up but not ready: {error.read().decode(errors='replace')}")
            return True
        except OSError:
            time.sleep(0.1)
    return False


def free_port() -> int:
    """8501, or the next port that nobody uses."""
    for port in (*range(FIRST_PORT, FIRST_PORT + 50), 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")


def has_screen() -> bool:
    """Whether a browser window can be opened here without asking anyone."""
    if "CI" in os.environ:
        return False
    on_desktop = sys.platform in ("win32", "darwin")
    return on_desktop or any(name in os.environ for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def say(text: str | None) -> None:
    """Tell the person, beside the output of a command."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
