"""Writing metadata through the library: what is sent, what is refused, what is read back."""

from __future__ import annotations

import json

import pytest

from socials_lib.demo.imws import ImwsStandIn
from socials_lib.demo.seed import ALT_TEXT, CIRCA_DATE, Seed, SeedFile, SeedRelation
from socials_lib.errors import ChangedSince, ImatchBusy, ImatchError, ReadBackDiffers
from socials_lib.imatch import ImwsClient, Library
from socials_lib.imatch.metadata import is_same

DAWN, RAW = 1201, 1300
WRITE = "POST /v1/metadata"


@pytest.fixture
def imws():
    seed = Seed(
        files=[
            SeedFile(
                file_id=DAWN,
                path=r"D:\Photos\dawn.jpg",
                metadata={
                    "title": 'Dawn & "dusk"',
                    "description": "One\r\ntwo",
                    "hierarchicalkeywords": ["Light|Dawn", "Places|Lake"],
                    ALT_TEXT: "Ann's lake & boats",
                },
            ),
            SeedFile(file_id=RAW, path=r"D:\Photos\raw.dng", metadata={"headline": "Heath"}),
        ],
        relations=[SeedRelation(master=RAW, version=DAWN)],
    )
    seed.category("Socials|flickr").files.append(DAWN)
    made = ImwsStandIn(seed).start()
    yield made
    made.stop()


@pytest.fixture
def library(imws):
    client = ImwsClient(base_url=imws.url, user="demo", sleep=lambda _: None, timeout=5)
    yield Library(client)
    client.close()


def sent(imws):
    return [one.params for one in imws.requests if one.operation == WRITE]


def test_several_fields_go_in_one_call_as_json_text_in_a_form(imws, library):
    library.write_metadata(
        "1201",
        {
            "title": ('Dawn & "dusk"', "Dämmerung"),
            "keywords": (("Places|Lake", "Light|Dawn"), ("Places|Lake", "New|A & B")),
            "alt_text": ("Ann's lake & boats", "<b>boats</b>"),
            "circa_date": ("", "1950"),
        },
    )

    ((form),) = sent(imws)
    assert "1201" == form["id"]
    assert [
        {"tag": "title", "op": "set", "value": "Dämmerung"},
        {"tag": "hierarchicalkeywords", "op": "remove", "value": "Light|Dawn"},
        {"tag": "hierarchicalkeywords", "op": "add", "value": "New|A & B"},
        {"tag": f"{ALT_TEXT}\\0", "op": "set", "value": "<b>boats</b>"},
        {"tag": f"{CIRCA_DATE}\\0", "op": "set", "value": "1950"},
    ] == json.loads(form["tags"])
    assert ["Places|Lake", "New|A & B"] == imws.backend.value(DAWN, "hierarchicalkeywords")
    assert "<b>boats</b>" == imws.backend.value(DAWN, ALT_TEXT)


def test_own_values_are_without_those_of_the_master(library):
    found = library.own_values(["1201", "77"], ["title", "headline", "keywords", "description"])

    assert ["1201"] == list(found)
    assert {
        "title": 'Dawn & "dusk"',
        "headline": "",
        "keywords": ("Light|Dawn", "Places|Lake"),
        "description": "One\r\ntwo",
    } == found["1201"].values
    assert r"D:\Photos\dawn.jpg" == found["1201"].path


def test_writing_again_sends_nothing(imws, library):
    for _ in range(2):
        library.write_metadata("1201", {"title": ('Dawn & "dusk"', "New")})

    assert 1 == imws.count(WRITE)


def test_line_ends_do_not_matter(imws, library):
    library.write_metadata("1201", {"description": ("One\ntwo", "One\n\ntwo")})
    library.write_metadata("1201", {"description": ("x", "One\r\n\r\ntwo")})

    assert 1 == imws.count(WRITE)


def test_a_value_that_is_not_the_expected_one_is_left_alone(imws, library):
    with pytest.raises(ChangedSince, match="headline of “Dawn” has changed since") as caught:
        library.write_metadata(
            "1201", {"title": ('Dawn & "dusk"', "New"), "headline": ("Old", "x")}, title="Dawn"
        )

    assert "expected “Old”, IMatch has “–”. It was left alone." in str(caught.value)
    assert 0 == imws.count(WRITE)


def test_a_value_that_nobody_can_read_is_left_alone(imws, library):
    imws.backend.files[DAWN].raw["title"] = {"de": "Dawn"}

    with pytest.raises(ChangedSince):
        library.write_metadata("1201", {"title": ("", "New")})
    assert 0 == imws.count(WRITE)


def test_what_imatch_did_not_keep_is_said_in_words(imws, library):
    imws.fail_next(WRITE, body=b'{"result": "ok"}', content_type="application/json")

    with pytest.raises(ReadBackDiffers) as caught:
        library.write_metadata("1201", {"headline": ("", "New")}, title="Dawn")

    expected = "IMatch did not keep the headline of “Dawn”: wrote “New”, reads “–”."
    assert expected == str(caught.value)


@pytest.mark.parametrize("how", [{"drop_answer": True}, {"status": 500, "when": "after"}])
def test_an_unclear_end_that_arrived_is_fine(imws, library, how):
    imws.fail_next(WRITE, **how)

    library.write_metadata("1201", {"headline": ("", "New")})

    assert (1, "New") == (imws.count(WRITE), imws.backend.value(DAWN, "headline"))


def test_an_unclear_end_that_did_not_arrive_is_never_repeated_blindly(imws, library):
    imws.fail_next(WRITE, status=500)

    with pytest.raises(ImatchError) as caught:
        library.write_metadata("1201", {"headline": ("", "New")})

    assert (True, 1) == (caught.value.unclear, imws.count(WRITE))


def test_a_locked_photo_is_tried_again_and_then_given_up(imws, library):
    imws.lock_next(2)
    library.write_metadata("1201", {"headline": ("", "New")})
    imws.lock_next(9)
    with pytest.raises(ImatchBusy):
        library.write_metadata("1201", {"headline": ("New", "Newer")})

    assert "New" == imws.backend.value(DAWN, "headline")


def test_a_field_that_is_no_single_tag_cannot_be_written(imws):
    client = ImwsClient(base_url=imws.url, user="demo", sleep=lambda _: None)
    library = Library(client, alt_text_expression="{File.MD.headline}{File.MD.title}")

    with pytest.raises(ImatchError, match="alt text cannot be written") as caught:
        library.check_writable(["title", "alt_text"])
    assert "not_writable" == caught.value.code
    with pytest.raises(ImatchError, match="cannot be written"):
        library.own_values(["1201"], ["camera"])
    no_circa = Library(client, circa_expression="")
    with pytest.raises(ImatchError, match="circa date"):
        no_circa.check_writable(["circa_date"])


def test_a_file_that_is_gone_is_said_so(library):
    with pytest.raises(ImatchError, match="no longer in the IMatch database"):
        library.write_metadata("77", {"title": ("", "x")})


def test_the_categories_and_the_selection_of_files(imws, library):
    imws.set_selection([RAW, DAWN])

    assert {"1201": frozenset({"Socials|flickr"}), "1300": frozenset()} == {
        file_id: frozenset(path for path in paths if not path.startswith("@"))
        for file_id, paths in library.categories_of_files(["1201", "1300"]).items()
    }
    assert {"1201", "1300"} == set(library.selected_files())
    imws.set_selection([])
    assert () == library.selected_files()


@pytest.mark.parametrize(
    ("expected", "one", "other"),
    [
        (True, "", "  "),
        (False, "a", "a "),
        (True, ("a", "b"), ("b", "a")),
        (False, ("a",), ("a", "b")),
        (True, (), ()),
    ],
)
def test_what_is_the_same(expected, one, other):
    assert expected is is_same(one, other)
