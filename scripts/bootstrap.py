"""Make the virtual environment: `make run` on a machine that has only Python, make and git.

Runs on the machine's own Python, before anything is installed, and on versions far too old for
Vinculo too: a wrong Python must end in a sentence, not in a syntax error. So no annotations here.
"""

import hashlib
import os
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")


class Refused(Exception):
    """Why the environment cannot be made, in one sentence."""


def main():
    """Make or complete the environment; the exit code."""
    dev = "--dev" in sys.argv[1:]
    try:
        refuse_old_python()
        install("requirements-dev.lock" if dev else "requirements.lock", dev)
    except Refused as refusal:
        sys.stderr.write("vinculo: %s\n" % refusal)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def refuse_old_python():
    """Refused when this Python cannot run Vinculo."""
    if sys.version_info[:2] < OLDEST:
        raise Refused(
            "Vinculo needs Python %d.%d or newer, and %s is %d.%d: install a newer one, or name it "
            "with PYTHON=, as in: make run PYTHON=python3.12"
            % (OLDEST + (sys.executable,) + sys.version_info[:2])
        )


def install(lock, dev):
    """Install what the lock names, unless that has been done; Refused when it cannot be."""
    # An environment for development holds everything that running needs.
    stamps = {".installed": recipe("requirements.lock")}
    if dev:
        stamps[".installed-dev"] = recipe(lock)
    done = all(read(os.path.join(VENV, name)) == wanted for name, wanted in stamps.items())
    if done and os.path.exists(PYTHON):
        return
    make_environment()
    say("Installing the packages of %s; the first time takes a minute." % lock)
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "--require-hashes", "--requirement", os.path.join(ROOT, lock)]
    run(command, "The packages of %s could not be installed" % lock)
    link_source()
    # Only now, so that an interrupted installation is taken up again.
    for name, wanted in stamps.items():
        write(os.path.join(VENV, name), wanted)


def recipe(lock):
    """What an installation depends on: the Python, the place (links hold it) and the lock."""
    return "\n".join(["%d.%d" % sys.version_info[:2], ROOT, digest(lock)])


def digest(name):
    """The digest of a lock file; Refused when it does not fit pyproject.toml."""
    try:
        with open(os.path.join(ROOT, name), "rb") as handle:
            content = handle.read()
    except IOError:
        raise Refused("%s is missing: restore it from git, or run `make lock`." % name)
    import tomllib

    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as handle:
        project = tomllib.load(handle)
    wanted = project["project"]["dependencies"]
    if "dev" in name:
        wanted = wanted + project["dependency-groups"]["dev"]
    first = "# for: %s\n" % hashlib.sha256("\n".join(sorted(wanted)).encode()).hexdigest()
    if not content.startswith(first.encode()):
        raise Refused(
            "%s is stale, pyproject.toml has other dependencies: run `make lock`, or restore both "
            "from git." % name
        )
    return hashlib.sha256(content).hexdigest()


def make_environment():
    """Make .venv when it is missing or cannot run; Refused when this Python has no venv."""
    if os.path.exists(PYTHON) and works([PYTHON, "-m", "pip", "--version"]):
        return
    say("Making a virtual environment in .venv")
    if not works([sys.executable, "-c", "import venv, ensurepip"]):
        raise Refused(
            "This Python (%s) has no venv module: on Debian or Ubuntu run "
            "`apt-get install python3-venv` as root, then start again." % sys.executable
        )
    run([sys.executable, "-m", "venv", "--clear", VENV], ".venv could not be made")


def link_source():
    """Let the environment find src/ and the command `vinculo`: no build step, nothing fetched."""
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([PYTHON, "-c", asked]).decode().strip()
    write(os.path.join(packages, "vinculo-source.pth"), os.path.join(ROOT, "src") + "\n")
    command = os.path.join(VENV, "bin", "vinculo")
    # sh rather than a shebang to the interpreter: that would break on spaces and long paths.
    write(command, '#!/bin/sh\nexec "$(dirname "$0")/python" -m vinculo "$@"\n')
    os.chmod(command, 0o755)


def works(command):
    """Whether a command succeeds."""
    nowhere = subprocess.DEVNULL
    return subprocess.call(command, stdout=nowhere, stderr=nowhere) == 0


def run(command, failure):
    """Run a command; Refused with the reason it gave."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode == 0:
        return
    said = done.stdout.decode("utf-8", "replace").strip()
    if "No space left on device" in said:
        raise Refused("The disk that holds %s is full: free some space and start again." % ROOT)
    lines = [line for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "ERROR" in line or "rror:" in line]
    raise Refused("%s: %s" % (failure, (errors or lines or ["no reason given"])[0].strip()))


def read(path):
    """A file's text, empty when it is not there."""
    try:
        with open(path) as handle:
            return handle.read()
    except IOError:
        return ""


def write(path, text):
    """Write a file at once or not at all; Refused when the machine will not."""
    draft = "%s.%d" % (path, os.getpid())
    try:
        with open(draft, "w") as handle:
            handle.write(text)
        os.rename(draft, path)
    except (IOError, OSError) as error:
        raise Refused("%s cannot be written: %s." % (path, error.strerror))


def say(sentence):
    """Tell what takes time."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
