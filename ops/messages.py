"""The Chinese catalogue: extracted, checked and compiled by Babel.

python ops/messages.py extract    bring zhike/locale/zh_Hans/LC_MESSAGES/django.po up to the sources
python ops/messages.py check      fail if a message has no Chinese, or the catalogue is behind
python ops/messages.py compile    write the .mo file that the product reads
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "zhike" / "locale" / "zh_Hans" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "_lazy": None,
    "lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
METHODS = [
    ("**/tests/**", "ignore"),
    ("**/migrations/**", "ignore"),
    ("**/static/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "ops.django_templates:extract"),
]


def extracted() -> Catalog:
    """Every message of the sources, with the files it stands in."""
    catalog = Catalog(locale="zh_Hans", project="Zhike", fuzzy=False, creation_date=None)
    sys.path.insert(0, str(ROOT))
    for name, line, message, comments, context in extract_from_dir(
        ROOT / "zhike", METHODS, keywords=KEYWORDS, comment_tags=()
    ):
        del line, comments
        catalog.add(message, None, [(f"zhike/{name}", 0)], context=context)
    return catalog


def kept() -> Catalog:
    if not PO.exists():
        return Catalog(locale="zh_Hans")
    with PO.open("rb") as source:
        return read_po(source, locale="zh_Hans")


def merged() -> Catalog:
    """The messages of the sources with the Chinese that is known."""
    catalog, known = extracted(), kept()
    for message in catalog:
        found = known.get(message.id, context=message.context) if message.id else None
        if found is not None:
            message.string = found.string
    return catalog


def written(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(
        out, catalog, sort_output=True, width=110, omit_header=False, no_location=True, ignore_obsolete=True
    )
    lines = out.getvalue().decode().split("\n")
    return "\n".join(
        line for line in lines if not line.startswith(('"POT-Creation', '"PO-Revision', '"Generated'))
    ).encode()


def holes(catalog: Catalog) -> list[str]:
    """Messages without Chinese, or whose placeholders differ."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(strings):
            found.append(f"no Chinese for: {message.id}")
        found += [f"{trouble}: {message.id}" for trouble in message.check(catalog)]
    return found


def main(argv: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    if argv == ["extract"]:
        PO.write_bytes(written(merged()))
        return 0
    if argv == ["compile"]:
        with MO.open("wb") as out:
            write_mo(out, kept())
        return 0
    if argv == ["check"]:
        catalog = merged()
        troubles = holes(catalog)
        if not PO.exists() or PO.read_bytes() != written(catalog):
            troubles.append("the catalogue is behind the sources: run python ops/messages.py extract")
        print("\n".join(troubles) or "the catalogue is complete")
        return 1 if troubles else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
