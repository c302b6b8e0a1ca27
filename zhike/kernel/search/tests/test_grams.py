import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhike.kernel.search import grams

TEXT = st.text(alphabet=st.sampled_from("过期酸奶张三AbcＡ１23TS-。 \n鲲𠮷İßﬁ"), max_size=40)


@given(TEXT, st.data())
def test_every_substring_needs_only_tokens_that_its_text_has(text, data):
    folded = grams.folded(text)
    runs = [run for run in folded.split() if len(run) >= 2]
    if not runs:
        return
    run = data.draw(st.sampled_from(runs))
    start = data.draw(st.integers(0, len(run) - 2))
    end = data.draw(st.integers(start + 2, len(run)))

    assert set(grams.needed(run[start:end])) <= grams.tokens(folded)


@given(TEXT)
def test_a_folded_text_stays_as_it_is(text):
    assert grams.folded(grams.folded(text)) == grams.folded(text)


@given(st.characters(exclude_categories=["Cs"]), st.characters(exclude_categories=["Cs"]))
def test_different_characters_have_different_digits_below_the_marks(one, two):
    assert (grams.digits(one) == grams.digits(two)) == (one == two)
    assert len(grams.digits(one)) == 4
    assert grams.digits(one)[0] <= "n"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  酸奶　过期 酸奶 ", ["酸奶", "过期"]),
        ("ＡＢＣ abc", ["abc"]),
        ("", []),
        ("\0", []),
        ("一 二 三 四 五 六 七 八 九", ["一", "二", "三", "四", "五", "六", "七", "八"]),
    ],
)
def test_words_of_a_query(typed, words):
    assert grams.words(typed) == words


def test_a_number_is_looked_for_by_fours_and_not_by_its_pairs_of_digits():
    assert grams.needed("ts-202611") == [
        "w2026",
        "w0261",
        "w2611",
        *(grams.digits(a) + grams.digits(b) for a, b in ("ts", "s-", "-2")),
    ]


def test_digits_outside_ascii_fold_to_ascii():
    assert unicodedata.normalize("NFKC", "２０２６") == "2026"
    assert grams.tokens(grams.folded("２０２６")) == grams.tokens("2026")
