"""Files as Word and WPS write them: styles of lists, revisions, text boxes, hidden words, marks that nobody sees."""

from __future__ import annotations

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from zhike.kernel.policy.editing.word import draft_from_docx

from .test_word import headings, saved, table

SPACES = nsdecls("w", "wp", "a") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
REVISED = 'w:id="1" w:author="安" w:date="2026-01-01T00:00:00Z"'


def xml(text):
    """An element by its text; the name spaces are put into its first tag."""
    head, rest = text.split(">", 1)
    closed = head.endswith("/")
    return parse_xml(f"{head.rstrip('/')} {SPACES}{'/' if closed else ''}>{rest}")


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def add(document, inside):
    document.element.body.insert(len(document.element.body) - 1, xml(f"<w:p>{inside}</w:p>"))


def regulation(*inside):
    document = docx.Document()
    document.add_paragraph("顾客投诉管理办法", style="Title")
    for each in inside:
        add(document, each)
    return document


def drafted(*inside):
    return draft_from_docx(saved(regulation(*inside)))


def levels(*found):
    return "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(found)
    )


def test_a_list_takes_its_numbers_from_a_style_of_lists():
    document = regulation()
    part = document.part.numbering_part.element
    given = levels(("japaneseCounting", "第%1条"), ("decimalEnclosedCircle", "%2"))
    part.insert(
        0, xml(f'<w:abstractNum w:abstractNumId="77"><w:styleLink w:val="S"/>{given}</w:abstractNum>')
    )
    part.insert(1, xml('<w:abstractNum w:abstractNumId="78"><w:numStyleLink w:val="S"/></w:abstractNum>'))
    part.append(xml('<w:num w:numId="71"><w:abstractNumId w:val="78"/></w:num>'))
    for text, level in (("目的", 0), ("权限", 0), ("店长", 1), ("经理", 1)):
        numbered = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="71"/></w:numPr></w:pPr>'
        add(document, numbered + run(text))

    draft = draft_from_docx(saved(document))

    assert headings(draft.text) == ["## 第一条 目的", "## 第二条 权限"]
    assert "\n① 店长\n\n② 经理\n" in draft.text


def test_what_a_revision_deletes_is_left_out_whole_rows_too():
    text = f"<w:del {REVISED}><w:r><w:delText>1000</w:delText></w:r></w:del><w:ins {REVISED}>{run('2000')}</w:ins>"
    document = regulation(run("货值") + text + run("元及以上由店长处理。"))
    made = table(document, ("金额", "处理人"), ("1000元以上", "旧"), ("2000元以上", "店长"))
    made.rows[1]._tr.get_or_add_trPr().append(xml(f"<w:del {REVISED}/>"))

    draft = draft_from_docx(saved(document))

    assert "\n货值2000元及以上由店长处理。\n" in draft.text
    assert "| 金额 | 处理人 |\n|---|---|\n| 2000元以上 | 店长 |\n" in draft.text
    assert "文件里有修订痕迹：新增的字已采用，删除的字已去掉" in draft.notes


def test_a_text_box_is_one_text_box_and_no_picture():
    held = "<w:txbxContent><w:p><w:r><w:t>框里的字</w:t></w:r></w:p></w:txbxContent>"
    drawn = (
        '<w:drawing><wp:inline><a:graphic><a:graphicData uri="x"><wps:wsp><wps:txbx>'
        f"{held}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    old = f"<w:pict><v:shape><v:textbox>{held}</v:textbox></v:shape></w:pict>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps">{drawn}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    )

    draft = drafted(run("框旁的字") + f"<w:r>{both}</w:r>")

    assert "框旁的字" in draft.text
    assert "框里的字" not in draft.text
    assert [note for note in draft.notes if "没有抄进来" in note] == ["没有抄进来：文本框 1 处"]


@pytest.mark.parametrize(
    ("inside", "text", "note"),
    [
        (run("规\u00ad范投\u200b诉") + "<w:r><w:softHyphen/></w:r>" + run("处理"), "规范投诉处理", ""),
        (run("看得见") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>", "看得见", "隐藏的字 1 处"),
        ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>看得见</w:t></w:r>', "看得见", ""),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>' + run(" 是"), "□ 是", ""),
        ('<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r>' + run("请签字"), "请签字", "符号 1 处"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>tóusù</w:t></w:r></w:rt>"
            "<w:rubyBase><w:r><w:t>投诉</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "投诉",
            "",
        ),
    ],
)
def test_words_are_what_a_reader_sees(inside, text, note):
    draft = drafted(inside)

    assert draft.text.endswith(f"\n{text}\n")
    assert [one for one in draft.notes if "没有抄进来" in one] == ([f"没有抄进来：{note}"] if note else [])


def test_a_file_of_wps_has_numbered_styles_and_a_contents_page_of_its_own():
    document = regulation()
    names = {"2": "heading 1", "3": "heading 2", "26": "WPSOffice手动目录 1"}
    for style, name in names.items():
        document.styles.element.append(
            xml(
                f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style}"><w:name w:val="{name}"/></w:style>'
            )
        )
    for style, text in (("26", "一、总则\t1"), ("2", "一、总则"), ("3", "（一）目的"), ("3", "（二）范围")):
        add(document, f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' + run(text))
    made = table(document, ("事项", "时限", "部门"), ("答复", "3天", "客服"), ("回访", "7天", "客服"))
    made.cell(1, 2).merge(made.cell(2, 2))

    draft = draft_from_docx(saved(document))

    assert headings(draft.text) == ["## 一、总则", "### 一(一) 目的", "### 一(二) 范围"]
    assert "没有抄进来：目录" in draft.notes
    assert "| 回访 | 7天 | 客服" in draft.text
    assert any("有合并的单元格" in note for note in draft.notes)
