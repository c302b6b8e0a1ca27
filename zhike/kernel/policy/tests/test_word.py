"""Word regulations to drafts: clauses by their numbers, tables as illustrations, everything else said in notes."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from zhike.kernel.policy.editing.clauses import Tree
from zhike.kernel.policy.editing.word import BadDocument, draft_from_docx
from zhike.kernel.policy.editing.word_numbers import chinese
from zhike.kernel.policy.manual.reader import read


def saved(document):
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def plain(*lines):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return document


def table(document, *rows):
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    for n, row in enumerate(rows):
        for m, text in enumerate(row):
            made.cell(n, m).text = text
    return made


def headings(text):
    return [line for line in text.split("\n") if line.startswith("##")]


def test_plain_numbered_paragraphs_become_clauses():
    document = plain(
        "商场顾客投诉处理规定",
        "一、总则",
        "接待投诉要礼貌待人。",
        "二、职责与权限",
        "(一)重视投诉",
        "每位员工都要认真对待投诉。",
        "(五)处理权限",
        "1.由店长处理",
        "货值两千元及以上。",
        "2.货值五百元以上、不满两千元的,由客服经理处理。",
    )

    draft = draft_from_docx(saved(document))

    assert headings(draft.text) == [
        "## 一、总则",
        "## 二、职责与权限",
        "### 二(一) 重视投诉",
        "### 二(五) 处理权限",
        "#### 二(五)1 由店长处理",
        "#### 二(五)2",
    ]
    assert "#### 二(五)2\n\n货值五百元以上、不满两千元的,由客服经理处理。\n" in draft.text
    found = read(draft.text)
    assert found.title == "商场顾客投诉处理规定"
    assert [finding.message for finding in found.errors] == []
    assert [clause.number for clause in found.clauses] == [
        "",
        "一",
        "二",
        "二(一)",
        "二(五)",
        "二(五)1",
        "二(五)2",
    ]


def test_articles_keep_what_stands_under_them():
    document = plain(
        "售后服务管理办法",
        "第一章 总则",
        "第一条 目的",
        "第二条 为了规范售后服务,制定本办法。",
        "第三条所说的服务,包括:",
        "(一)安装;",
        "第二章 附则",
        "第三条本办法自发布之日起施行。",
    )

    draft = draft_from_docx(saved(document))

    assert headings(draft.text) == [
        "## 第一章 总则",
        "### 第一条 目的",
        "### 第二条",
        "## 第二章 附则",
        "### 第三条",
    ]
    assert "### 第三条\n\n本办法自发布之日起施行。\n" in draft.text
    assert "(一)安装;" in draft.text


def test_decimal_numbers_and_styles_of_headings():
    document = docx.Document()
    document.add_paragraph("客户投诉处理程序", style="Title")
    document.add_heading("1 目的", 1)
    document.add_heading("2 程序", 1)
    document.add_heading("2.1 受理", 2)
    document.add_heading("2.1.1 登记", 3)
    document.add_paragraph("电话投诉都要登记,3.5 小时内完成。")
    document.add_paragraph("3.5元以上的不在此列。")
    document.add_heading("附则", 1)

    draft = draft_from_docx(saved(document))

    assert draft.text.startswith(
        "---\nmanual: draft\ntitle: 客户投诉处理程序\nversion: 1\n---\n\n# 客户投诉处理程序\n"
    )
    assert headings(draft.text) == ["## 1 目的", "## 2 程序", "### 2.1 受理", "#### 2.1.1 登记", "## 附则"]
    assert "\n3.5元以上的不在此列。\n" in draft.text


def numbered(document, *levels):
    """A list definition with these (format, text) of its levels; gives its number."""
    numbering = document.part.numbering_part.element
    body = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (style, text) in enumerate(levels)
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{body}</w:abstractNum>')
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return "77"


def in_list(paragraph, number, level):
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = int(number)
    properties.get_or_add_ilvl().val = level


def test_numbers_that_word_counts_by_itself_are_read():
    document = docx.Document()
    number = numbered(
        document,
        ("chineseCounting", "%1、"),
        ("chineseCounting", "(%2)"),
        ("decimal", "%3."),
        ("bullet", "•"),
    )
    document.add_paragraph("办法")
    for text, level in (
        ("总则", 0),
        ("权限", 0),
        ("店长", 1),
        ("大额", 2),
        ("小额", 2),
        ("说明", 3),
        ("经理", 1),
        ("附则", 0),
    ):
        in_list(document.add_paragraph(text), number, level)

    draft = draft_from_docx(saved(document))

    assert headings(draft.text) == [
        "## 一、总则",
        "## 二、权限",
        "### 二(一) 店长",
        "#### 二(一)1 大额",
        "#### 二(一)2 小额",
        "### 二(二) 经理",
        "## 三、附则",
    ]
    assert "\n- 说明\n" in draft.text


def test_chinese_numerals():
    assert [chinese(n) for n in (1, 10, 11, 20, 23, 100, 105, 110, 112, 121)] == [
        "一", "十", "十一", "二十", "二十三", "一百", "一百零五", "一百一十", "一百一十二", "一百二十一",
    ]  # fmt: skip


def test_merged_cells_are_filled_and_said_so():
    document = plain("办法", "一、权限")
    made = table(
        document,
        ("情形", "金额", "处理人"),
        ("换货", "500元以上", "店长"),
        ("", "不满500元", "主管"),
        ("合计", "", "x"),
    )
    made.cell(1, 0).merge(made.cell(2, 0))
    made.cell(3, 0).merge(made.cell(3, 1))

    draft = draft_from_docx(saved(document))

    at = draft.text.split("\n").index("| 情形 | 金额 | 处理人 |")
    assert draft.text.split("\n")[at : at + 5] == [
        "| 情形 | 金额 | 处理人 |",
        "|---|---|---|",
        "| 换货 | 500元以上 | 店长 |",
        "| 换货 | 不满500元 | 主管 |",
        "| 合计 | 合计 | x |",
    ]
    assert f"第{at + 1}行的表有合并的单元格，已在每一格里重复写上，请核对" in draft.notes
    assert (
        f"第{at + 1}行的表像判定表：可在上面加“@判定 权限 命中=首行”，结论列的表头写成“→ …”，再加一列“条款”"
        in draft.notes
    )
    assert read(draft.text).tables == ()


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ((("步骤", "负责人", "完成时间"), ("登记", "前台", "当天")), "@阶段"),
        ((("项目", "标准"), ("答复期限", "3个工作日"), ("起点", "2000元")), "@参数"),
        ((("投诉金额", "处理人"), ("2000元以上", "店长"), ("2000元以下", "主管")), "@判定"),
        ((("过失类别", "处分"), ("争吵", "警告")), "@判定"),
        ((("名称", "说明"), ("价格", "标价不符"), ("品质", "")), "@清单"),
    ],
)
def test_the_note_says_which_kind_a_table_looks_like(rows, kind):
    document = plain("办法", "一、条")
    table(document, *rows)

    notes = draft_from_docx(saved(document)).notes

    assert [note for note in notes if kind in note and "第11行的表" in note], notes


@pytest.mark.rule("FM002-41")
def test_the_cover_tells_owner_number_and_date():
    document = docx.Document()
    document.add_paragraph("某某有限公司")
    document.paragraphs[0].style = document.styles["Title"]
    document.add_paragraph("文件编号:QP-08    版次:A/0")
    document.add_paragraph("归口部门：品质部")
    document.add_paragraph("生效日期：2025年3月1日")
    table(document, ("编制", "张三", "审核", "李四"), ("批准", "王五", "批准日期", "2025.2.20"))
    document.add_paragraph("一、目的")

    draft = draft_from_docx(saved(document))

    found = read(draft.text)
    assert (found.name, found.version, found.owner) == ("qp-08", "A/0", "品质部")
    assert str(found.effective) == "2025-03-01"
    assert [f.message for f in found.errors] == []
    assert (
        "封面上的文件编号：QP-08；编制：张三；审核：李四；批准：王五；批准日期：2025.2.20，没有写进正文，登记这份规定时填写"
        in draft.notes
    )
    assert "张三" not in draft.text


def test_what_is_left_out_is_said():
    document = plain("办法", "一、条")
    paragraph = document.add_paragraph("看图")
    for xml in (
        "<w:r {ns}><w:drawing/></w:r>",
        '<w:r {ns}><w:footnoteReference w:id="2"/></w:r>',
        "<w:ins {ns}><w:r><w:t>新增</w:t></w:r></w:ins>",
        "<w:del {ns}><w:r><w:delText>删去</w:delText></w:r></w:del>",
    ):
        paragraph._p.append(parse_xml(xml.format(ns=nsdecls("w"))))
    outer = table(document, ("名称", "说明"), ("甲", ""))
    outer.cell(1, 1).add_table(1, 1).cell(0, 0).text = "内"
    document.sections[0].header.paragraphs[0].text = "内部资料"

    draft = draft_from_docx(saved(document))

    assert "看图新增\n" in draft.text
    assert "删去" not in draft.text
    assert "没有抄进来：页眉、图片 1 处、脚注 1 处、表格里的表格 1 处" in draft.notes
    assert "文件里有修订痕迹：新增的字已采用，删除的字已去掉" in draft.notes


def test_numbers_that_stand_twice_and_missing_ones_are_said():
    twice = draft_from_docx(saved(plain("办法", "第一章 甲", "一、条", "第二章 乙", "一、条")))
    none = draft_from_docx(saved(plain("通知", "各部门注意。")))

    assert "条款编号“一”出现了不止一次，引用时分不清，请改" in twice.notes
    assert any(note.startswith("没有找到带编号的标题") for note in none.notes)
    assert none.text.endswith("# 通知\n\n各部门注意。\n")


def test_lines_that_a_manual_would_execute_are_only_text():
    draft = draft_from_docx(saved(plain("办法", "一、条", "@判定 表", "# 号", "| 竖线", "---")))

    assert read(draft.text).findings == tuple(f for f in read(draft.text).findings if f.level != "error")
    assert "\n\\@判定 表\n" in draft.text


def test_a_contents_page_is_left_out():
    document = docx.Document()
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("办法", style="Title")
    document.add_paragraph("一、总则 1", style="toc 1")
    document.add_paragraph("一、总则")

    draft = draft_from_docx(saved(document))

    assert headings(draft.text) == ["## 一、总则"]
    assert "没有抄进来：目录" in draft.notes


def _zip(name):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, b"")
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "文件是空的"),
        (OLE, "这是旧的 .doc 格式：请在 Word 或 WPS 里另存为 .docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "文件有密码保护：请在 Word 里去掉密码再保存"),
        (b"{\\rtf1 x}", "这是 RTF 格式：请在 Word 或 WPS 里另存为 .docx"),
        (b"plain text", "这不是 Word 文件(.docx)"),
        (b"PK\x03\x04broken", "Word 文件已损坏，打不开"),
        (_zip("mimetype"), "这是 ODT 格式：请另存为 .docx"),
        (_zip("xl/workbook.xml"), "这不是 Word 文件(.docx)"),
        (_zip("word/document.xml"), "Word 文件已损坏，打不开"),
        (saved(docx.Document()), "文件里没有文字"),
    ],
)
def test_other_files_are_refused_in_one_sentence(data, message):
    with pytest.raises(BadDocument) as refusal:
        draft_from_docx(data)

    assert str(refusal.value) == message


def test_a_frame_of_one_cell_is_text_and_content_controls_are_read():
    document = plain("办法", "一、条")
    table(document, ("框里的话",))
    control = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>控件里的话</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    document.element.body.insert(len(document.element.body) - 1, control)
    assert document.element.body[-1].tag == qn("w:sectPr")

    draft = draft_from_docx(saved(document))

    assert draft.text.endswith("## 一、条\n\n框里的话\n\n控件里的话\n")


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["三(五)1 由店长处理"], ["## 三(五)1 由店长处理"]),
        (["附件一 表单"], ["## 附件一 表单"]),
        (
            ["1、目的", "1.1 范围", "1.2范围", "1.5倍以上"],
            ["## 1 目的", "### 1.1 范围", "### 1.2 范围", None],
        ),
        (["2025年起施行", "一是认真", "第三条所说的"], [None, None, None]),
        (["（二）完成", "１．开始"], ["## (二) 完成", "### (二)1 开始"]),
        (["第十二条之一 补充"], ["## 第十二条之一 补充"]),
    ],
)
def test_numbers_of_clauses(lines, wanted):
    tree = Tree()

    found = [tree.heading(line) for line in lines]

    assert [each.line if each else None for each in found] == wanted
