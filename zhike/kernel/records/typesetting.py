"""Chinese as it is printed."""

from __future__ import annotations

import re
from functools import lru_cache

CJK = "[\u3400-\u9fff“”《》、。]"
WIDE = str.maketrans(",;:?!", "\uff0c\uff1b\uff1a\uff1f\uff01")
MARKS = re.compile(rf"(?<=[\u3400-\u9fff”》)\uff09])[,;:?!]|(?<=[0-9A-Za-z%])[,;](?={CJK})")
BRACKETS = re.compile(r"\(([^()]*[^()0-9〇零一二三四五六七八九十][^()]*)\)")


@lru_cache(maxsize=4096)
def typeset(text: str) -> str:
    """Chinese prose with the wide marks of print, whatever was typed; numbers of clauses stay as they are."""
    text = BRACKETS.sub(
        lambda match: f"\uff08{match[1]}\uff09" if re.search(CJK, match[1]) else match[0], text
    )
    return MARKS.sub(lambda match: match[0].translate(WIDE), text)
