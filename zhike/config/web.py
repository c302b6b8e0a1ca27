"""The web server of `zhike run`: Granian, with the application loaded before the workers are forked, which share it."""

from granian.cli import entrypoint

from zhike.config import wsgi  # noqa: F401

if __name__ == "__main__":
    entrypoint()  # type: ignore[no-untyped-call]
