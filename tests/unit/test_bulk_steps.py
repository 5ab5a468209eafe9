"""Every step of a recipe by examples, and what is refused."""

import pytest
from bulk_kit import photo, version

from socials_lib import bulk
from socials_lib.errors import RecipeError


def after(one, *steps):
    """The changed fields of a photo."""
    found = bulk.propose([one], bulk.Recipe(steps=steps))
    return {cell.field: cell.after for cell in found.cells}


@pytest.mark.parametrize(
    ("expected", "step"),
    [
        ({"title": "New"}, bulk.Set(field="title", value=" New\r\n")),
        ({}, bulk.Set(field="title", value="New", only_missing=True)),
        ({"keywords": ("Light", "A|B")}, bulk.Set(field="keywords", value="A|B; Light;")),
        ({"headline": "Fog over the lake (March)"}, bulk.Template(
            field="headline", template="{{ title }} ({{ month }}){% if alt_text %}, x{% endif %}")),
        ({"keywords": ("Light", "2024")}, bulk.Template(
            field="keywords", template="{{ year }}; {{ keywords[1] }}")),
        ({"title": "Fog over the sea"}, bulk.Replace(field="title", find="lake", replace="sea")),
        ({"title": "Dew over the lake"}, bulk.Replace(
            field="title", find="FOG", replace="Dew", ignore_case=True)),
        ({}, bulk.Replace(field="title", find="lak", replace="x", whole_words=True)),
        ({"title": "Fog over \\1 lake"}, bulk.Replace(
            field="title", find="the", replace="\\1", whole_words=True)),
        ({"title": "lake: Fog"}, bulk.Regex(
            field="title", pattern=r"(\w+) over the (?P<what>\w+)", replace=r"\g<what>: \1")),
        ({"keywords": ("Light", "Places|Shore|Harbour")}, bulk.Regex(
            field="keywords", pattern="coast", replace="Shore", ignore_case=True)),
        ({"title": "FOG OVER THE LAKE"}, bulk.Case(field="title", to="upper")),
        ({"title": "Fog Over The Lake"}, bulk.Case(field="title", to="words")),
        ({}, bulk.Case(field="title", to="sentence")),
        ({"title": "Fog over"}, bulk.Shorten(field="title", letters=11)),
        ({}, bulk.Shorten(field="title", letters=17)),
        ({"headline": "Fog over the lake"}, bulk.Copy(field="title", to="headline")),
        ({}, bulk.Copy(field="title", to="headline", only_missing=True)),
        ({}, bulk.Copy(field="alt_text", to="title")),
        ({"title": "1201.jpg"}, bulk.Copy(field="name", to="title")),
        ({"title": "Mist"}, bulk.Map(field="title", table={"Fog over the lake": "Mist"})),
        ({"keywords": ("Places|Coast|Harbour", "Sun")}, bulk.Map(
            field="keywords", table={"LIGHT": "Sun"}, ignore_case=True)),
        ({"keywords": ("Places|Coast|Harbour", "Light", "New")},
            bulk.AddKeywords(keywords=("Light", "New"))),
        ({"keywords": ("Light",)}, bulk.RemoveKeywords(keywords=("Places",), branch=True)),
        ({}, bulk.RemoveKeywords(keywords=("Places",))),
        ({"keywords": ("Light", "Shore|Harbour")},
            bulk.RenameKeyword(keyword="Places|Coast", to="Shore")),
        ({"keywords": ("Light",)},
            bulk.RenameKeyword(keyword="Places|Coast|Harbour", to="Light")),
        ({"categories": ("Socials|flickr|_metadata",)},
            bulk.Assign(category="Socials|flickr|_metadata")),
        ({}, bulk.Assign(category="Socials|flickr")),
        ({"categories": ()}, bulk.Unassign(category="Socials", branch=True)),
        ({}, bulk.Unassign(category="Socials")),
        ({"title": "0815"}, bulk.Edit(values={"1201": {"title": "0815"}, "9": {"title": "x"}})),
    ],
)  # fmt: skip
def test_a_step_changes_this(expected, step):
    assert expected == after(photo(), step)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("“Quiet” – it’s early…", '"Quiet" - it\'s early...'),
        ("One, two", "One ,  two"),
        ("Well-known 1.5 at 10:30", "Well-known 1.5 at 10:30"),
        ("‘So’ (“said”)", "'So' (\"said\")"),
        ("One\n\nTwo", "One \n\nTwo "),
    ],
)
def test_typography(expected, text):
    found = after(photo(title=text), bulk.Typography(field="title"))

    assert expected == found.get("title", text)


def test_trimming_takes_blanks_and_control_characters():
    one = photo(description="  a \x07 b\n\n\n\nc\t\td ")

    assert {"description": "a b\n\nc d"} == after(one, bulk.Trim(field="description"))


def test_steps_work_on_what_the_one_before_made():
    found = after(
        photo(headline=""),
        bulk.Copy(field="title", to="headline"),
        bulk.Case(field="headline", to="upper"),
        bulk.Template(field="alt_text", template="{{ headline }}!"),
        bulk.Set(field="title", value="x"),
        bulk.Copy(field="headline", to="title"),
    )

    assert {
        "headline": "FOG OVER THE LAKE",
        "alt_text": "FOG OVER THE LAKE!",
        "title": "FOG OVER THE LAKE",
    } == found


def test_a_field_that_is_the_masters_is_changed_on_the_file_itself():
    change_set = bulk.propose(
        [version()], bulk.Recipe(steps=(bulk.Replace(field="title", find="Fog", replace="Dew"),))
    )

    (cell,) = change_set.cells
    assert ("", "Dew over the lake") == (cell.before, cell.after)
    assert ("Fog over the lake", "1300") == (cell.shown_before, cell.source)
    assert {} == after(version(), bulk.Set(field="title", value=""))


def test_a_change_back_and_forth_is_no_change():
    assert {} == after(
        photo(),
        bulk.Case(field="title", to="upper"),
        bulk.Set(field="title", value="Fog over the lake"),
    )


@pytest.mark.parametrize(
    "step",
    [
        bulk.Set(field="size", value="3"),
        bulk.Set(field="categories", value="x"),
        bulk.Trim(field="colour"),
        bulk.Shorten(field="title", letters=0),
        bulk.Shorten(field="keywords", letters=3),
        bulk.Replace(field="title", find=""),
        bulk.Replace(field="title", find="x", replace="x" * 1001),
        bulk.Regex(field="title", pattern=""),
        bulk.Regex(field="title", pattern="("),
        bulk.Regex(field="title", pattern="a" * 1001),
        bulk.Regex(field="title", pattern="(" * 900 + "a" + ")" * 900),
        bulk.Regex(field="title", pattern="(Fog)", replace=r"\2"),
        bulk.Regex(field="title", pattern="Fog", replace="x" * 1001),
        bulk.Copy(field="keywords", to="title"),
        bulk.Copy(field="title", to="name"),
        bulk.AddKeywords(keywords=()),
        bulk.AddKeywords(keywords=("a", " ")),
        bulk.Assign(category="@Keywords|Light"),
        bulk.Unassign(category=" "),
        bulk.Edit(values={"1": {"path": "x"}}),
        bulk.Template(field="title", template="{{ colour }}"),
        bulk.Template(field="title", template="{{ title"),
        bulk.Template(field="title", template="{{ title.__class__.__mro__ }}"),
        bulk.Template(field="title", template="{% for a in range(999999) %}x{% endfor %}"),
    ],
)
def test_a_step_that_cannot_be_used_is_refused_by_its_number(step):
    with pytest.raises(RecipeError, match=r"^Step 2[:,]"):
        after(photo(), bulk.Trim(field="title"), step)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(a|aa)+$", "a" * 200 + "b"),
        (r"(?:(?:a|a)+)+$", "a" * 60 + "b"),
        (r"((a{1,1000}){1,1000}){1,1000}b", "a" * 5000),
        (r"(?R)", "aaa"),
    ],
)
def test_a_hostile_pattern_ends_with_a_clear_message(pattern, text):
    with pytest.raises(RecipeError, match="takes too long, so it was stopped") as caught:
        after(photo(title=text), bulk.Regex(field="title", pattern=pattern, replace="x"))

    assert ("pattern_too_slow", True) == (caught.value.code, "Make it simpler" in caught.value.hint)


def test_a_pattern_that_is_slow_for_each_of_many_photos_is_stopped_too():
    ticks = iter(range(100))
    pattern = bulk.Pattern("x", clock=lambda: next(ticks))

    with pytest.raises(RecipeError, match="takes too long"):
        for _ in range(20):
            pattern.found_in("text")


def test_a_pattern_cannot_make_a_text_without_end():
    with pytest.raises(RecipeError, match="too long a text"):
        after(
            photo(title="x" * 2000),
            bulk.Regex(field="title", pattern="(?=(.*))", replace=r"\1"),
        )


def test_steps_that_double_a_text_again_and_again_are_stopped():
    doubling = bulk.Template(field="title", template="{{ title }}{{ title }}")

    with pytest.raises(RecipeError, match="Step 13, at .*100,000 letters"):
        after(photo(), *[doubling] * 40)


def test_lists_survive_being_written_as_text():
    odd = ("A;B", "C\\", "D|E", "a\\b", "\\;")

    assert odd == bulk.as_list(bulk.as_text(odd))
    assert ("a\\b", "c") == bulk.as_list("a\\b; c;;\n")
