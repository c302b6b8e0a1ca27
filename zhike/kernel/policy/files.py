"""Files that the shell commands read and write. No Django."""

from pathlib import Path

MOST_BYTES = 20_000_000


class Refusal(ValueError):
    """Something that was asked for cannot be done; the message is one sentence for the person who asked."""


def read_text(path: str | Path) -> str:
    """The text of a manual. Raises Refusal when there is no such file or it is not UTF-8."""
    data = read_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise Refusal(f"文件 {path} 不是 UTF-8 编码(第{line}行)，请另存为 UTF-8") from problem


def read_bytes(path: str | Path) -> bytes:
    """Raises Refusal."""
    file = Path(path)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Refusal(f"文件太大：{file}")
        return file.read_bytes()
    except OSError as problem:
        raise Refusal(f"读不到文件 {file}：{problem.strerror}") from problem


def write(path: str | Path, data: str | bytes) -> None:
    """Raises Refusal."""
    try:
        Path(path).write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    except OSError as problem:
        raise Refusal(f"写不了文件 {path}：{problem.strerror}") from problem
