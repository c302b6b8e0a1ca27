"""One measurement on the database that the environment names, without the others.

python -m bench.alone grading
"""

from __future__ import annotations

import argparse
import importlib
import os


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.alone")
    parser.add_argument("module", choices=("watch", "customers", "grading"))
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    from .database import rows_of
    from .figures import as_text

    print(as_text(given.module, rows_of(importlib.import_module(f"bench.{given.module}").run())))


if __name__ == "__main__":
    main()
