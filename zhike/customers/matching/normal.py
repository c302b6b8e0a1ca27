"""The forms in which names, addresses, numbers and days are compared. Pure, no clock, no database."""

from __future__ import annotations

import re
import unicodedata

from zhike.customers import names

_MARKS = re.compile(r"[\W_]+")
# what most names of firms share and nobody is told by
_LEGAL = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|股份公司|集团公司|总公司|分公司|公司|集团|合作社|工作室|经营部|商行|商店|门市部|"
    r"个体工商户|\b(?:co|ltd|inc|llc|corp|company|limited)\b)"
)
_TRADE = re.compile(r"(商贸|贸易|实业|科技|服饰|餐饮|食品|电器|文化|传媒|管理|咨询|发展|投资|工贸|百货)")
_PROVINCE = re.compile(
    r"^(中国|中华人民共和国)?((北京|天津|上海|重庆)市?|(河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|"
    r"海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省?|(内蒙古|广西|西藏|宁夏|新疆)(壮族|回族|维吾尔)?(自治区)?|(香港|澳门)(特别行政区)?)"
)
_CITY = re.compile(r"^[\u4e00-\u9fff]{2,4}?(市|地区|自治州)")
_NUMBERS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_SAID = {
    "号楼": "栋",
    "幢": "栋",
    "座": "栋",
    "弄": "弄",
    "号": "#",
    "室": "",
    "房": "",
    "单元": "-",
    "栋": "-",
    "层": "-",
    "楼": "-",
}
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")


def folded(text: str) -> str:
    """Full width as half width, capitals as small letters, no blanks around."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def name(text: str) -> str:
    """A name without marks and, in Chinese, without blanks: "王 小明" and "王小明" are one."""
    plain = _MARKS.sub(" ", folded(text)).strip()
    return plain.replace(" ", "") if re.search(r"[\u3400-\u9fff]", plain) else plain


def core(text: str) -> str:
    """The part of a firm's name by which it is told from others: no place, trade or legal form.

    Where nothing would be left, the name.
    """
    plain = name(text)
    short = _LEGAL.sub("", re.sub(r"[(（].*?[)）]", "", plain))
    short = _CITY.sub("", _PROVINCE.sub("", short))
    left = _TRADE.sub("", short)
    return (left if len(left) >= 2 else short if len(short) >= 2 else plain).strip()


def sound(text: str, *, person: bool = True) -> str:
    """Pinyin of a Chinese name, which homophones share; of others the name itself."""
    return names.sort_key(text, person=person)


def address(text: str) -> str:
    """An address without province and city, with one way of writing numbers, houses and rooms.

    >>> address("广东省深圳市南山区科技园一路9号楼３０１室") == address("南山区科技园1路9幢-301")
    True
    """
    plain = re.sub(r"[\s,，。.;；、()（）]+", "", unicodedata.normalize("NFKC", text).casefold())
    short = _CITY.sub("", _PROVINCE.sub("", plain))
    plain = (short if len(short) >= 4 else plain).translate(_NUMBERS)
    for said, one in _SAID.items():
        plain = plain.replace(said, one)
    return re.sub(r"[-#]+", "-", plain).strip("-")


def code(text: str) -> str:
    """Letters and digits alone, such as of a licence or a postal code."""
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]+", "", folded(text))


def day(text: str) -> str:
    """Eight digits of a date that begins with the year; what is none, as it stands."""
    plain = folded(text)
    found = _DAY.fullmatch(plain.partition(" ")[0])
    return f"{found[1]}{int(found[2]):02}{int(found[3]):02}" if found else code(plain)
