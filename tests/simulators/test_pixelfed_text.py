"""What happens to words: `strip_tags` when a post is made, the purifier when it is edited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socials_lib.demo.pixelfed import lexer, text
from socials_lib.demo.pixelfed.ids import shortcode

BASE = "https://pixelfed.example"

#: sent, stored after create, stored after edit (facts, section 8; recorded from 0.11.13)
TABLE = [
    ("I <3 you #x", "I ", "I &lt;3 you #x"),
    ("5<6 and 7>3", "53", "5&lt;6 and 7&gt;3"),
    ("a < b > c", "a < b > c", "a &lt; b &gt; c"),
    ("tag <foo bar", "tag ", "tag "),
    ("x <-- y", "x ", "x &lt;-- y"),
    ("a & b", "a & b", "a &amp; b"),
    ("a &amp; b &copy;", "a &amp; b &copy;", "a &amp; b \xa9"),
    ("<b>x</b> <i>y</i>", "x y", "x y"),
    (
        '<a href="https://a.b/c">l</a> t',
        "l t",
        '<a href="https://a.b/c" rel="nofollow noreferrer noopener" target="_blank">l</a> t',
    ),
    ("<script>alert(1)</script>z", "alert(1)z", "z"),
    ("<!-- c -->z", "z", "z"),
    ("l1\r\nl2", "l1\r\nl2", "l1\nl2"),
    ("ctrl \x07 x", "ctrl \x07 x", "ctrl  x"),
    ("&#39;x&#39;", "&#39;x&#39;", "'x'"),
    ("\"q\" 'a' `t`", "\"q\" 'a' `t`", "\"q\" 'a' `t`"),
    (
        "nb\xa0sp tab\tx  two e\u0301",
        "nb\xa0sp tab\tx  two e\u0301",
        "nb\xa0sp tab\tx  two e\u0301",
    ),
    ("a<b >c", "ac", "ac"),
    ("\u2039angle\u203a 1 < 2", "\u2039angle\u203a 1 < 2", "\u2039angle\u203a 1 &lt; 2"),
]


@pytest.mark.parametrize(("sent", "created", "edited"), TABLE)
def test_words_change_in_two_different_ways(sent: str, created: str, edited: str) -> None:
    assert (created, edited) == (text.strip_tags(sent), text.purify(sent))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ('<b title="a>b">x</b>y', "xy"),
        ("<b title='it''s'>x", "x"),
        ("<<b>>x", "x"),
        ("<!DOCTYPE html>x", "x"),
        ("<!-- a > b --> c", " c"),
        ("<?php echo '>' ?>x", "x"),
        ("a <\tb", "a <\tb"),
        ("last <", "last "),
        ("1 > 0", "1 > 0"),
    ],
)
def test_strip_tags_knows_quotes_comments_and_declarations(sent: str, kept: str) -> None:
    assert kept == text.strip_tags(sent)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<p>one<p>two</p>", "<p>one<p>two</p></p>"),
        ('<span class="mention evil">x</span>', '<span class="mention">x</span>'),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="/here" onclick="x()">x</a>', '<a href="/here">x</a>'),
        ("<div>a<br/>b</div>", "a<br>b"),
        ("</b>stray", "stray"),
        ("<b don't> go <i>on</i>", " go on"),
        ('open <a href="x> swallows all', "open "),
        ("<foo <b>x", "x"),
        ("<style>p {}</style>x", "x"),
        ("a <? b", "a &lt;? b"),
        ("&lt;b&gt;", "&lt;b&gt;"),
        ("", ""),
    ],
)
def test_the_purifier_lets_links_and_paragraphs_live(sent: str, kept: str) -> None:
    assert kept == text.purify(sent)


def test_newer_alt_text_loses_its_line_feeds() -> None:
    sent = "one\n two <b>three</b>four<br>five\t\tsix "
    assert "one two three four<br> five six" == text.purify_collapsed(sent)
    assert "" == text.purify_collapsed(None)


@given(st.text(alphabet=st.characters(exclude_characters="<>&\0", exclude_categories=["C"])))
def test_words_without_markup_are_never_touched(words: str) -> None:
    assert words == text.strip_tags(words) == text.purify(words)


@given(st.text())
def test_what_was_purified_once_stays(words: str) -> None:
    once = text.purify(words)
    assert once == text.purify(once)


def test_line_breaks_keep_the_line_end() -> None:
    assert "a<br />\nb<br />\r\nc" == text.line_breaks("a\nb\r\nc")


@pytest.mark.parametrize(
    ("caption", "tags"),
    [
        ("#black-and-white #C++ #foo.bar #O'Neill #a/b #B&W", ["black", "C", "foo", "O", "a", "B"]),
        ("##double #1st #2024year #_lead", ["double", "1st", "2024year", "_lead"]),
        ("#\u65e5\u672c #\xc5lesund", ["\u65e5\u672c", "\xc5lesund"]),
        ("#2024 #1 #_ x#y &#35;x #", []),
        ("#a#b (#paren) #end.", ["paren", "end"]),
        ("#x https://example.org/#anchor", ["x"]),
        ("#" + "x" * 125, []),
        ("#same #same #Same", ["same", "Same"]),
    ],
)
def test_hashtags_are_found_like_the_server_finds_them(caption: str, tags: list[str]) -> None:
    assert tags == lexer.hashtags(caption)


def test_two_spellings_share_a_slug() -> None:
    assert "nature-photo" == lexer.slug("nature_photo") == lexer.slug("Nature_Photo")
    assert ("lead", "\xe4\xf6\xfc") == (lexer.slug("_lead"), lexer.slug("\xc4\xd6\xdc"))


def test_only_addresses_with_a_scheme_become_links() -> None:
    sent = (
        "ex.com https://ex.org/a?b=1&c=2#f (https://ex.org/p_(q)). https://a.b http://127.0.0.1/x"
    )
    links = [one.value for one in lexer.entities(sent)]

    assert ["https://ex.org/a?b=1&c=2#f", "https://ex.org/p_(q)"] == links


def test_links_after_a_hashtag_have_no_target() -> None:
    made = lexer.autolink("https://ex.org #tag https://ex.org @other", BASE)

    before, after = made.split("#tag</a>")
    assert 1 == before.count('target="_blank"')
    assert "target" not in after
    assert f'href="{BASE}/discover/tags/tag?src=hash"' in before
    assert f'<a class="u-url mention" href="{BASE}/other"' in after


def test_mentions_are_names_of_this_server_only() -> None:
    caption = "@Other mail a@b.com @them@ex.org \uff20wide @\u2060quiet"
    assert ["other", "wide"] == lexer.mentions(caption)


def test_text_beside_links_is_not_escaped() -> None:
    assert "a & b < c" == lexer.autolink("a & b < c", BASE)


def test_addresses_of_old_have_short_ids() -> None:
    assert "5LfUbNecAD" == shortcode("1030054682832781315")
