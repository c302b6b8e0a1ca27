"""What the columns of a plain file hold, told by their header in Chinese or English, else by their cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhike.customers.names import SURNAMES
from zhike.kernel.parties.secret import normal_phone

Rows = Sequence[Sequence[str]]


class Kind(StrEnum):
    """How the cells of a column are compared."""

    ROW = "row"  # the row's own number: told, never compared
    NAME = "name"
    PHONE = "phone"
    NUMBER = "number"  # by which somebody is known: licence, identity card, member card
    ADDRESS = "address"
    PLACE = "place"
    CODE = "code"
    DAY = "day"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """`field` is what it says of somebody, the same in both files; `place` is where it stands."""

    field: str
    kind: Kind
    place: int


NAMES: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "row": (Kind.ROW, ("recid", "rowid", "rownumber", "id", "序号", "编号", "客户编号", "会员编号", "customerid", "recordid", "key", "no")),
    "given": (Kind.NAME, ("givenname", "firstname", "forename", "given", "名")),
    "surname": (Kind.NAME, ("surname", "lastname", "familyname", "姓")),
    "name": (Kind.NAME, ("name", "fullname", "customername", "customer", "company", "companyname", "姓名", "名称", "客户名称", "客户姓名",
                         "顾客姓名", "客户", "企业名称", "单位名称", "公司名称", "商户名称", "会员姓名", "店名")),
    "contact": (Kind.NAME, ("contact", "contactname", "contactperson", "联系人", "联系人姓名", "法人", "法定代表人", "负责人")),
    "phone": (Kind.PHONE, ("phone", "telephone", "tel", "mobile", "phonenumber", "mobilephone", "cell", "电话", "手机", "手机号", "手机号码",
                           "联系电话", "电话号码", "联系方式")),
    "phone2": (Kind.PHONE, ("phone2", "otherphone", "homephone", "workphone", "备用电话", "电话2", "固定电话", "座机", "其他电话")),
    "licence": (Kind.NUMBER, ("licence", "license", "creditcode", "uscc", "taxnumber", "taxid", "统一社会信用代码", "信用代码", "营业执照",
                              "营业执照号", "执照号", "税号", "纳税人识别号")),
    "identity": (Kind.NUMBER, ("socsecid", "ssn", "idcard", "nationalid", "identity", "身份证", "身份证号", "身份证号码", "证件号码", "证件号")),
    "member": (Kind.NUMBER, ("member", "membercard", "cardnumber", "会员卡号", "卡号", "会员号")),
    "email": (Kind.NUMBER, ("email", "mail", "emailaddress", "邮箱", "电子邮箱", "电子邮件")),
    "address": (Kind.ADDRESS, ("address", "addr", "streetaddress", "地址", "详细地址", "联系地址", "通讯地址", "住址", "经营地址", "注册地址")),
    "street": (Kind.ADDRESS, ("address1", "addressline1", "street", "街道", "路名")),
    "building": (Kind.ADDRESS, ("address2", "addressline2", "building", "楼栋", "小区")),
    "house": (Kind.CODE, ("streetnumber", "housenumber", "门牌号", "门牌")),
    "place": (Kind.PLACE, ("suburb", "city", "town", "district", "城市", "市", "区县", "区")),
    "state": (Kind.CODE, ("state", "province", "省", "省份")),
    "postcode": (Kind.CODE, ("postcode", "zip", "zipcode", "postalcode", "邮编", "邮政编码")),
    "birth": (Kind.DAY, ("dateofbirth", "birthdate", "dob", "birthday", "出生日期", "生日", "出生年月日")),
    "gender": (Kind.CODE, ("gender", "sex", "性别")),
}  # fmt: skip
KNOWN = {name: field for field, (_kind, names) in NAMES.items() for name in names}
# the commonest family names: nine of ten people bear one of these
FAMILIES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付"
    "方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪辛"
) | frozenset(SURNAMES)
SAMPLE = 200
ENOUGH = 0.7  # of the filled cells must look like it


def plain(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).lower()
    return re.sub(r"[\s_\-.:*/()]+", "", text)


def looks_like_phone(cell: str) -> bool:
    digits = re.sub(r"\D", "", normal_phone(cell))
    return bool(re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}|[48]00\d{7}|[2-8]\d{6,7}", digits))


def looks_like_name(cell: str) -> bool:
    """A Chinese person's name, or a firm's."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", cell))
    person = bool(re.fullmatch(r"[\u3400-\u9fff·\U00020000-\U000323af]{2,4}", text)) and text[0] in FAMILIES
    return person or bool(re.search(r"(公司|集团|商行|店|厂|中心|部|社)$", text))


def looks_like_address(cell: str) -> bool:
    text = unicodedata.normalize("NFKC", cell)
    return len(text) >= 6 and bool(
        re.search(r"[省市区县镇村路街道巷弄号室栋楼]|\b(street|road|avenue|lane)\b", text.lower())
    )


def looks_like_licence(cell: str) -> bool:
    return bool(re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{18}", re.sub(r"[\s-]", "", cell).upper()))


def looks_like_day(cell: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d{2}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?", cell.strip()))


LOOKS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("phone", looks_like_phone),
    ("licence", looks_like_licence),
    ("birth", looks_like_day),
    ("email", lambda cell: bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", cell.strip()))),
    ("address", looks_like_address),
    ("name", looks_like_name),
)


def share(cells: Sequence[str], looks: Callable[[str], bool]) -> float:
    """How many of the filled cells look so."""
    filled = [cell for cell in cells if cell.strip()]
    return sum(map(looks, filled)) / len(filled) if filled else 0.0


def recognise(header: Sequence[str], rows: Rows) -> list[Column]:
    """The columns that say something of somebody; each field once, by header first."""
    found: dict[str, Column] = {}
    for place, title in enumerate(header):
        field = KNOWN.get(plain(title))
        if field is not None and field not in found:
            found[field] = Column(field, NAMES[field][0], place)
    taken = {column.place for column in found.values()}
    sample = rows[:SAMPLE]
    for place, title in enumerate(header):
        if place in taken:
            continue
        field = _by_cells([row[place] for row in sample])
        if field and field not in found:
            found[field] = Column(field, NAMES[field][0], place)
        elif any(row[place].strip() for row in sample):
            found[f"text:{plain(title)}"] = Column(f"text:{plain(title)}", Kind.TEXT, place)
    return sorted(found.values(), key=lambda column: column.place)


def _by_cells(cells: Sequence[str]) -> str:
    return next((field for field, looks in LOOKS if share(cells, looks) >= ENOUGH), "")
