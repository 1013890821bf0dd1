"""Where the embedded database lives, and which user of the machine owns it.

PostgreSQL refuses to run as root, and the user it drops to often cannot enter the checkout (a
home directory is closed). So root's cluster lives under /var/lib/vinculo, unless the chosen data
directory can be entered by everybody; see docs/adr.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from vinculo.config.datadir import (
    CHECKOUT,
    data_dir,
    ensure_installation,
    is_default,
    make_folder,
    read_installation,
)
from vinculo.config.problems import SetupProblem

SHARED = Path("/var/lib/vinculo")
RUNNER = "vinculo"
FALLBACK_RUNNERS = ("postgres", "nobody")
# A socket's whole path must fit in 107 bytes; PostgreSQL adds "/.s.PGSQL.5432".
LONGEST_SOCKET_DIR = 90


@dataclass(frozen=True)
class Owner:
    """A user of this machine."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The folders of one embedded database."""

    home: Path
    socket_dir: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.home / "database"

    @property
    def locks(self) -> Path:
        """Lock files that say who uses this database."""
        return self.home / "locks"

    @property
    def is_made(self) -> bool:
        """Whether the cluster exists; it comes into its place whole."""
        return self.data.exists()


def places() -> Places:
    """The places of this installation's database; makes nothing but the installation's identity."""
    home = _home()
    return Places(home=home, socket_dir=_socket_dir(home))


def _home() -> Path:
    here = data_dir()
    try:
        if (here / "database").exists():
            return here
    except PermissionError:
        raise SetupProblem(
            f"The data directory {here} belongs to another user: run as that user, or set "
            "VINCULO_DATA to another folder."
        ) from None
    found = read_installation()
    if found and found.database_home:
        return Path(found.database_home)
    if os.geteuid() != 0 or (not is_default() and _everybody_may_enter(here)):
        return here
    name = re.sub(r"[^a-z0-9]+", "-", CHECKOUT.name.lower()).strip("-")[:24] or "crm"
    return SHARED / f"{name}-{ensure_installation().id[:8]}"


def _everybody_may_enter(folder: Path) -> bool:
    present = [place for place in (folder, *folder.parents) if place.exists()]
    return all(place.stat().st_mode & stat.S_IXOTH for place in present)


def _socket_dir(home: Path) -> Path:
    plain = home / "run"
    if len(os.fsencode(plain)) <= LONGEST_SOCKET_DIR:
        return plain
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    if os.geteuid() == 0:
        return SHARED / f"run-{digest}"
    return Path("/tmp") / f"vinculo-{os.geteuid()}-{digest}"  # noqa: S108 - checked in own_folder


def database_owner(made: Places) -> Owner:
    """The user PostgreSQL runs as: whoever owns the cluster, else the one a new one would get.

    SetupProblem when that is somebody this user cannot become.
    """
    me = os.geteuid()
    if made.data.exists():
        owner = owner_of(made.data.stat().st_uid)
        if me not in (0, owner.uid):
            raise SetupProblem(
                f"The database in {made.home} belongs to the user {owner.name}: run as that user, "
                "as root, or set VINCULO_DATA to another folder."
            )
        return owner
    return _unprivileged_user() if me == 0 else owner_of(me)


def owner_of(uid: int) -> Owner:
    """The user with this id; SetupProblem when the machine has no name for it."""
    try:
        found = pwd.getpwuid(uid)
    except KeyError:
        raise SetupProblem(
            f"User id {uid} has no name on this machine, and PostgreSQL needs one: add it to "
            "/etc/passwd, or set DATABASE_URL."
        ) from None
    return Owner(found.pw_name, found.pw_uid, found.pw_gid)


def _unprivileged_user() -> Owner:
    for name in (RUNNER, *(() if _make_runner() else FALLBACK_RUNNERS)):
        try:
            return owner_of(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    raise SetupProblem(
        "PostgreSQL does not run as root and no user could be made for it: create a user named "
        f"{RUNNER}, run Vinculo as an ordinary user, or set DATABASE_URL."
    )


def _make_runner() -> bool:
    try:
        pwd.getpwnam(RUNNER)
        return True
    except KeyError:
        pass
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if useradd is None:
        return False
    shell = "/usr/sbin/nologin" if Path("/usr/sbin/nologin").exists() else "/bin/false"
    made = subprocess.run(
        [
            useradd,
            "--system",
            "--user-group",
            "--no-create-home",
            "--home-dir",
            str(SHARED),
            "--shell",
            shell,
            RUNNER,
        ],
        capture_output=True,
        check=False,
    )
    return made.returncode == 0


def own_folder(folder: Path, owner: Owner) -> None:
    """Make the folder, mode 0700, for that owner alone.

    SetupProblem when something else stands there: in a shared folder such as /tmp, another user
    may have put a link or a folder of theirs under the name we need.
    """
    make_folder(folder.parent)
    try:
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, owner.uid, owner.gid)
    except FileExistsError:
        pass
    except OSError as error:
        from vinculo.config.datadir import why_not_written

        raise SetupProblem(why_not_written(folder, error)) from None
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.uid:
        raise SetupProblem(f"{folder} is not a folder of the user {owner.name}: remove it.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
