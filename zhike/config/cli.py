"""The `zhike` command: one word, one module in `commands/`."""

from __future__ import annotations

import importlib
import os
import sys

COMMANDS = {
    "run": "start the web server, the worker and the watch",
    "demo": "fill the database with the demo enterprise",
    "init": "make the enterprise, the first administrator, a department and a calendar",
    "policy": "check, decide, diff, install manuals; to Excel and back, from Word",
    "due": "due dates from JSON lines",
    "customers": "grade and value all customers, pair rows of files",
    "import": "bring customers in from a file",
    "suggest": "evaluate and train the proposals of classes",
    "routes": "solve published routing problems and say how good the answer is",
    "mail": "read the mailboxes",
    "watch": "look after duties and the outbox until stopped",
    "doctor": "say what is missing or broken",
    "migrate": "bring the database to the present version",
}
# commands whose word is no name in Python
MODULES = {"import": "bring"}


def main(argv: list[str] | None = None) -> int:
    """Run a command; the exit status is 0, or 1 when it found errors, or 2 for a wrong call."""
    args = list(sys.argv[1:] if argv is None else argv)
    if not args or args[0] in {"-h", "--help", "help"}:
        print("zhike COMMAND [options]\n")
        for name, text in COMMANDS.items():
            print(f"  {name:<10}{text}")
        return 0
    name, *rest = args
    if name not in COMMANDS:
        print(f"zhike: there is no command {name!r}; see zhike --help", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    module = importlib.import_module(f"zhike.config.commands.{MODULES.get(name, name)}")
    try:
        status: int = module.main(rest)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    return status


if __name__ == "__main__":
    raise SystemExit(main())
