"""The difference of two texts: nothing is lost on either side, and equal texts have none."""

from hypothesis import given
from hypothesis import strategies as st

from core.terms.differences import compare, show_whole, split_paragraphs

OLD = "# Sign-in\n\nUsers keep their password to themselves.\n\nThe caisse may change these terms.\n\nOld rule."
NEW = "# Sign-in\n\nUsers keep their password and codes to themselves.\n\nThe caisse may change these terms.\n\nNew rule about keys."


def side(paragraphs, *kinds):
    texts = []
    for part in paragraphs:
        text = "".join(piece.text for piece in part.pieces if piece.kind in kinds)
        if any(piece.kind in kinds for piece in part.pieces):
            texts.append(f"# {text}" if part.heading else text)
    return texts


def test_changed_words_stand_within_their_paragraph():
    changed = [part for part in compare(OLD, NEW) if part.changed]
    assert [piece.text for piece in changed[0].pieces if piece.kind == "added"] == ["and codes "]
    assert side(changed, "same", "removed")[-1] == "Old rule."


def test_headings_are_told_from_text():
    assert [part.heading for part in show_whole(NEW)] == [True, False, False, False]
    assert show_whole(NEW)[0].pieces[0].text == "Sign-in"


TEXTS = st.lists(st.lists(st.sampled_from(["a", "b", "terms", "user", "#"]), min_size=1, max_size=8), max_size=5)


@given(old=TEXTS, new=TEXTS)
def test_both_texts_can_be_read_out_of_the_difference(old, new):
    before, after = ("\n\n".join(" ".join(words) for words in text) for text in (old, new))
    found = compare(before, after)
    assert side(found, "same", "added") == split_paragraphs(after)
    assert sorted(side(found, "same", "removed")) == sorted(split_paragraphs(before))


@given(text=TEXTS)
def test_equal_texts_do_not_differ(text):
    whole = "\n\n".join(" ".join(words) for words in text)
    assert not any(part.changed for part in compare(whole, whole))
