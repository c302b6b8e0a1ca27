"""`zhike suggest evaluate`: files of labelled cases, honest figures, clear refusals; no database."""

import json
import random

import numpy as np
import pytest
import xlsxwriter

from zhike.complaints.suggest import evaluating, folds, grams, learning, linear, shell
from zhike.complaints.suggest.files import BadFile, read_cases

GOODS = ["酸奶", "面包", "大衣", "皮鞋", "洗衣机", "电饭煲", "行李箱", "童车", "口红", "手表"]
WRONG = {
    "过期": ["已经过期两天", "保质期过了还在卖", "日期不对,是过期货", "临期没有标出来,早过期了"],
    "质量": ["用了两次就坏了", "开线掉色", "漏水,修了又漏", "裂了一道口子"],
    "态度": ["营业员爱理不理", "导购说话难听", "店员态度恶劣,当众吵架", "服务员白眼"],
}


def cases(each=24, seed=5):
    dice = random.Random(seed)
    rows = []
    for label, said in WRONG.items():
        for number in range(each):
            rows.append(
                (
                    f"{dice.choice(GOODS)}{dice.choice(said)},第{'一二三四五六七八九十'[number % 10]}柜{dice.choice(GOODS)}",
                    label,
                )
            )
    return rows


def written(path, rows, header=("text", "label"), encoding="utf-8"):
    lines = [",".join(header), *(f'"{text}","{label}"' for text, label in rows)]
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def answer(capsys, *args):
    status = shell.main(["evaluate", *map(str, args)])
    said = capsys.readouterr()
    return status, said.out, said.err


# ---- figures


def test_the_figures_of_a_file(tmp_path, capsys):
    status, out, _err = answer(capsys, written(tmp_path / "a.csv", cases()), "--json")

    found = json.loads(out)
    assert status == 0
    assert (found["rows"], found["classes"], found["folds"], found["skipped_rows"]) == (72, 3, 5, 0)
    assert found["macro_f1"] > 0.9
    assert {row["label"]: row["rows"] for row in found["per_class"]} == dict.fromkeys(WRONG, 24)
    assert found["top3_accuracy"] == 1.0
    assert found["macro_f1"] == pytest.approx(sum(row["f1"] for row in found["per_class"]) / 3, abs=1e-3)
    assert 0 <= found["expected_calibration_error"] <= 1


def test_the_same_file_gives_the_same_figures(tmp_path, capsys):
    path = written(tmp_path / "a.csv", cases())
    first, second = (json.loads(answer(capsys, path, "--json")[1]) for _time in range(2))

    first.pop("seconds"), second.pop("seconds")
    assert first == second


def test_texts_without_any_bearing_on_their_class_are_not_learned(tmp_path, capsys):
    """Nothing of a test row leaks: with classes by lot the figure is that of chance."""
    dice = random.Random(1)
    rows = [(text, dice.choice("甲乙丙")) for text, _label in cases(60)]
    found = json.loads(answer(capsys, written(tmp_path / "a.csv", rows), "--json")[1])

    assert found["macro_f1"] < 0.5


def test_the_same_text_stands_in_one_fold_so_that_copies_do_not_help(tmp_path, capsys):
    dice = random.Random(2)
    once = [
        ("".join(chr(dice.randint(0x4E00, 0x9000)) for _c in range(12)), dice.choice("甲乙"))
        for _r in range(20)
    ]
    found = json.loads(answer(capsys, written(tmp_path / "a.csv", once * 5), "--json")[1])

    assert (found["rows"], found["same_text"]) == (100, 80)
    assert found["accuracy"] < 0.9  # by heart it would be 1


def test_folds_keep_texts_together_and_classes_even():
    numbers = np.asarray([0] * 50 + [1] * 5)
    groups = np.asarray([*range(40), *([7] * 10), *range(100, 105)])
    part = folds.divided(numbers, groups, 5)

    assert len(set(part[groups == 7].tolist())) == 1
    assert sorted(part[numbers == 1].tolist()) == [0, 1, 2, 3, 4]


def test_rare_classes_are_said_and_those_of_one_text_left_out(tmp_path, capsys):
    rows = [
        *cases(),
        ("停车场抬杆砸了车", "设施"),
        ("停车场出口砸坏车灯", "设施"),
        ("发票开错", "发票"),
        ("发票开错", "发票"),
    ]
    found = json.loads(answer(capsys, written(tmp_path / "a.csv", rows), "--json")[1])

    assert found["rare"] == [{"label": "设施", "texts": 2}]
    assert found["left_out"] == [{"label": "发票", "rows": 2}]
    assert (found["rows"], found["classes"]) == (74, 4)


def test_confused_pairs_and_plain_print(tmp_path, capsys):
    status, out, _err = answer(capsys, written(tmp_path / "a.csv", cases()))

    assert status == 0
    assert out.startswith("macro-F1 ")


# ---- kinds of files


@pytest.mark.parametrize("header", [("text", "label"), ("内容", "类别"), ("Text", "LABEL")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_names_of_columns_and_encodings(tmp_path, header, encoding):
    path = written(tmp_path / "a.csv", cases(2), header, encoding)

    assert read_cases(path.name, path.read_bytes()).labels == ["过期"] * 2 + ["质量"] * 2 + ["态度"] * 2


def test_columns_may_be_named(tmp_path, capsys):
    path = written(tmp_path / "a.csv", cases(), ("诉求", "科目"))

    assert answer(capsys, path)[0] == 1
    assert answer(capsys, path, "--text", "诉求", "--label", "科目")[0] == 0


def test_json_lines_tabs_and_workbooks(tmp_path):
    rows = cases(2)
    lines = "\n".join(
        json.dumps({"sentence": text, "label": 7, "id": 1}, ensure_ascii=False) for text, _l in rows
    )
    tabs = "\n".join(["text\tlabel", *("\t".join(row) for row in rows)])
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([("内容", "类别"), *rows]):
            sheet.write_row(number, 0, row)

    assert read_cases("a.jsonl", b"\xef\xbb\xbf" + lines.encode()).labels == ["7"] * 6
    assert read_cases("a.tsv", tabs.encode()).texts == [text for text, _label in rows]
    assert read_cases("a.xlsx", (tmp_path / "a.xlsx").read_bytes()).texts == [text for text, _label in rows]


def test_rows_without_text_or_class_are_skipped_and_said(tmp_path, capsys):
    path = written(tmp_path / "a.csv", [*cases(), ("", "过期"), ("只有文字", " ")])
    found = json.loads(answer(capsys, path, "--json")[1])

    assert [row["row"] for row in found["skipped"]] == [74, 75]
    assert found["rows"] == 72


def test_a_cell_of_three_megabytes_is_judged_by_its_beginning(tmp_path, capsys):
    path = written(tmp_path / "a.csv", [*cases(), ("已经过期" * 800_000, "过期")])
    found = json.loads(answer(capsys, path, "--json")[1])

    assert (found["rows"], found["shortened"]) == (73, 1)


BAD = [
    (b"", None),
    (b"text,label\n", None),
    (b"a,b\n1,2\n", "text"),
    ("text,label\n好,甲\n坏,甲\n".encode(), "甲"),
    ("text,label\n好,甲\n坏,乙\n".encode(), "0"),
    ('text,label\n"好,甲\n'.encode(), "2"),
    (b'{"text": "a", "label": "b"}\n{"text": \n', "2"),
    (b'{"text": "a", "label": "b"}\n[1]\n', "2"),
    (b'{"text": "\xff", "label": "b"}\n', "1"),
    (b"<html><table></table>", None),
]


@pytest.mark.parametrize(("data", "names"), BAD)
def test_bad_files_are_refused_with_one_sentence(tmp_path, capsys, data, names):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    status, out, err = answer(capsys, path, "--json")

    assert (status, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("zhike: ")
    assert names is None or names in err.removeprefix(f"zhike: {path}")


def test_a_file_that_is_not_there(tmp_path, capsys):
    assert answer(capsys, tmp_path / "none.csv")[0] == 1


def test_text_and_class_in_one_column_are_refused():
    with pytest.raises(BadFile):
        read_cases("a.csv", b"text,label\n1,2\n", text="label")


# ---- the pure prediction


def test_pure_prediction_is_that_of_the_library():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    texts, labels = zip(*cases(40), strict=True)
    data = evaluating.labelled(texts, labels)
    counts = learning.Counts(data.texts)
    way = learning.Way(2, 1.0, 1.0)
    trained = learning.fit(counts, np.arange(len(texts)), data.numbers, way)
    head = learning.head_of(trained, data.labels, 0.3, [0.2, -0.1, 0.0])
    rows = dict(learning.rows_of(trained, counts))

    vectoriser = TfidfVectorizer(analyzer=lambda text: grams.runs(text, 2), sublinear_tf=True, min_df=2)
    matrix = vectoriser.fit_transform(data.texts)
    assert set(vectoriser.vocabulary_) == set(rows)
    order = [vectoriser.vocabulary_[counts.tokens[place]] for place in trained.vectoriser.kept]
    machine = LinearSVC()
    machine.fit(matrix, data.numbers)  # for its shape; its weights are those that were trained
    machine.coef_[:, order], machine.intercept_ = trained.weights, trained.bias
    for text in [*texts[::9], "酸奶酸奶过期过期", "完全不同的话", "Ｚ"]:
        scores = machine.decision_function(vectoriser.transform([grams.folded(text)]))[0]
        wanted = linear.softmax(
            [score / 0.3 + shift for score, shift in zip(scores, head.shift, strict=True)]
        )
        found = linear.opinion(head, text, lambda tokens: {one: rows[one] for one in tokens if one in rows})
        chances = {guess.label: guess.confidence for guess in found.guesses}
        assert [chances[label] for label in data.labels] == pytest.approx(wanted, abs=1e-6)
        assert found.guesses[0].label == data.labels[int(scores.argmax())]


def test_two_classes_have_scores_of_their_own():
    data = evaluating.labelled(*zip(*[row for row in cases() if row[1] != "态度"], strict=True))
    found = evaluating.evaluate(data)

    assert found.figures["macro_f1"] > 0.8
    assert len(found.shift) == 2


def test_words_are_pieces_of_the_text_itself():
    texts, labels = zip(*cases(40), strict=True)
    data = evaluating.labelled(texts, labels)
    counts = learning.Counts(data.texts)
    trained = learning.fit(counts, np.arange(len(texts)), data.numbers, learning.Way(3, 1.0, 1.0))
    rows = dict(learning.rows_of(trained, counts))
    head = learning.head_of(trained, data.labels, 0.3, [0.0, 0.0, 0.0])
    text = "昨天买的牛奶已经过期两天 13800138000"
    found = linear.opinion(head, text, lambda tokens: {one: rows[one] for one in tokens if one in rows})

    assert found.guesses[0].label == "过期"
    assert any("过期" in word for word in found.words)
    assert all(word in text for word in found.words)


def test_numbers_are_no_tokens_of_their_own():
    assert grams.folded("Ａ座 2026年 １３８") == "a座 0000年 000"


# ---- when it is silent


def test_the_threshold_is_the_lowest_that_is_right_often_enough():
    sure = [(0.9, True)] * 12 + [(0.7, True)] * 4 + [(0.7, False)] * 4 + [(0.5, False)] * 20

    assert evaluating.threshold_of(sure, 0.8) == (0.7, 0.5, 0.8)
    assert evaluating.threshold_of(sure, 0.81) == (0.9, 0.3, 1.0)
    assert evaluating.threshold_of([(0.9, False)] * 30, 0.8)[0] > 1
    assert evaluating.threshold_of([(0.9, True)] * 9, 0.8)[0] > 1
    assert evaluating.threshold_of([(0.5, True)] * 10 + [(0.49, True)] * 10, 0.8) == (0.5, 0.5, 1.0)
