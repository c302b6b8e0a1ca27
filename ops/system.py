"""What a fresh machine may lack: installed with Debian's packages where that is allowed, else named in one line.

    python3 ops/system.py venv font browser

Uses the standard library only, since it runs before anything is installed.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable

updated = False


def has_venv() -> bool:
    return importlib.util.find_spec("ensurepip") is not None and importlib.util.find_spec("venv") is not None


def has_font() -> bool:
    """A Chinese face for printing: asked of fontconfig, or looked for where systems keep their fonts."""
    if shutil.which("fc-list"):
        found = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False)
        return bool(found.stdout.strip())
    homes = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/Library/Fonts",
        "/System/Library/Fonts",
        "C:/Windows/Fonts",
    ]
    wanted = ("cjk", "simsun", "songti", "sourcehan", "pingfang", "msyh")
    return any(
        word in name.lower()
        for home in homes
        for _folder, _folders, names in os.walk(home)
        for name in names
        for word in wanted
    )


def has_browser() -> bool:
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


PARTS: dict[str, tuple[Callable[[], bool], list[str], str, bool]] = {
    # what, how to tell, Debian packages, what is lost without, whether one can go on
    "venv": (
        has_venv,
        [f"python3.{sys.version_info.minor}-venv", "python3-venv"],
        "Python's venv module is missing",
        False,
    ),
    "font": (has_font, ["fonts-noto-cjk"], "no Chinese font: forms cannot be printed as PDF", True),
    "browser": (has_browser, ["chromium"], "no Chromium: browser tests are skipped", True),
}


def install(packages: list[str]) -> bool:
    """With apt-get, if this is root on a Debian system; the first package that exists wins."""
    global updated
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    if not updated:
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        updated = True
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return any(
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", name], env=env, **quiet
        ).returncode
        == 0
        for name in packages
    )


def main(names: list[str]) -> int:
    status = 0
    for name in names:
        present, packages, trouble, can_go_on = PARTS[name]
        if present():
            continue
        print(f"installing {packages[-1]}", flush=True)
        importlib.invalidate_caches()
        if install(packages) and present():
            continue
        print(f"{trouble}; install it with: apt-get install {packages[-1]}", file=sys.stderr)
        status = status if can_go_on else 1
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
