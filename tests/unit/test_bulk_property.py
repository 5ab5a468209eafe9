"""Whatever the recipe: its undo is the identity, and what is shown is what comes of it."""

from dataclasses import fields as dataclass_fields
from dataclasses import replace

from bulk_kit import photo
from hypothesis import given, settings
from hypothesis import strategies as st

from socials_lib import bulk
from socials_lib.bulk import rendering
from socials_lib.bulk.steps import Work
from socials_lib.models import PLATFORMS, AttributeRecord, Photo, Rules

TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=30)
LEVELS = st.sampled_from(["A", "B", "A|B", "A|B|C", "Light", "Straße", "x;y", "back\\slash"])
FIELD = st.sampled_from(bulk.TEXTS)
ANY_FIELD = st.sampled_from(bulk.METADATA)
PATHS = st.sampled_from(["Socials|flickr", "Socials|flickr|_update", "Location|X", "Location"])

#: A column of the person's own, and what is ours of it.
RECORDS = st.fixed_dictionaries(
    {"note": st.just("mine")},
    optional={
        "url": st.sampled_from(["https://x.test/photos/demo/7", "https://x.test/p/demo/8"]),
        "photo_id": st.just("7"),
        "status_id": st.just("8"),
        "posted": st.just("2024-01-02"),
    },
)

STEPS = st.one_of(
    st.builds(bulk.Set, field=ANY_FIELD, value=TEXTS, only_missing=st.booleans()),
    st.builds(
        bulk.Template,
        field=ANY_FIELD,
        template=st.sampled_from(["{{ title }} {{ year }}", "x", "{{ keywords | join(';') }}"]),
        only_missing=st.booleans(),
    ),
    st.builds(
        bulk.Replace,
        field=ANY_FIELD,
        find=st.text(min_size=1, max_size=2),
        replace=TEXTS,
        ignore_case=st.booleans(),
        whole_words=st.booleans(),
    ),
    st.builds(
        bulk.Regex,
        field=ANY_FIELD,
        pattern=st.sampled_from([r"(\w)(\w)", "^", r"\s+", "[aeiou]"]),
        replace=st.sampled_from(["", "x", r"<\g<0>>"]),
    ),
    st.builds(bulk.Trim, field=ANY_FIELD),
    st.builds(
        bulk.Case, field=ANY_FIELD, to=st.sampled_from(["upper", "lower", "words", "sentence"])
    ),
    st.builds(bulk.Typography, field=ANY_FIELD),
    st.builds(bulk.Shorten, field=FIELD, letters=st.integers(1, 20)),
    st.builds(
        bulk.Copy,
        field=st.sampled_from([*bulk.TEXTS, "name", "camera"]),
        to=FIELD,
        only_missing=st.booleans(),
    ),
    st.builds(bulk.Map, field=ANY_FIELD, table=st.dictionaries(LEVELS, TEXTS, max_size=3)),
    st.builds(bulk.AddKeywords, keywords=st.lists(LEVELS, min_size=1, unique=True).map(tuple)),
    st.builds(
        bulk.RemoveKeywords,
        keywords=st.lists(LEVELS, min_size=1, unique=True).map(tuple),
        branch=st.booleans(),
    ),
    st.builds(bulk.RenameKeyword, keyword=LEVELS, to=LEVELS),
    st.builds(bulk.IdFromUrl, platform=st.sampled_from(PLATFORMS), only_missing=st.booleans()),
    st.builds(
        bulk.UrlFromId,
        platform=st.sampled_from(PLATFORMS),
        base=st.just("https://x.test/photos/demo"),
        only_missing=st.booleans(),
    ),
    st.builds(bulk.Set, field=st.sampled_from(bulk.ATTRIBUTES), value=st.just("")),
    st.builds(bulk.Assign, category=PATHS),
    st.builds(bulk.Unassign, category=PATHS, branch=st.booleans()),
    st.builds(
        bulk.Edit,
        values=st.dictionaries(
            st.sampled_from(["1", "2", "9"]), st.dictionaries(ANY_FIELD, TEXTS, max_size=2)
        ),
    ),
)
RECIPES = st.lists(STEPS, max_size=4).map(lambda steps: bulk.Recipe(steps=tuple(steps)))


@st.composite
def photos(draw) -> Photo:
    """A photo with any texts, some of them its master's."""
    words = {name: draw(TEXTS) for name in bulk.TEXTS}
    keywords = tuple(draw(st.lists(LEVELS, unique=True, max_size=4)))
    candidates = [name for name in bulk.METADATA if {**words, "keywords": keywords}[name]]
    theirs = draw(st.lists(st.sampled_from(candidates), unique=True)) if candidates else []
    return photo(
        "1",
        **{name: text for name, text in words.items()},
        keywords=keywords,
        categories=tuple(draw(st.lists(PATHS, unique=True))),
        records=tuple(
            AttributeRecord(set=name, file_id="1", instance_id=0, values=draw(RECORDS))
            for name in draw(st.lists(st.sampled_from(PLATFORMS), unique=True))
        ),
        # a text of nothing but blanks is no text: the reader would have asked the master
        sources={name: "1300" for name in theirs if name == "keywords" or words[name].strip()},
    )


def sorted_categories(one: Photo) -> Photo:
    """Nobody keeps the order of categories."""
    return replace(one, categories=tuple(sorted(one.categories, key=lambda own: own.path)))


@settings(deadline=None)
@given(photos(), RECIPES)
def test_a_recipe_followed_by_its_undo_is_the_identity(one, recipe):
    change_set = bulk.propose([one, replace(one, file_id="2")], recipe)

    changed = bulk.applied([one], change_set)
    back = bulk.applied(changed, bulk.undo_of(change_set))

    assert sorted_categories(one) == sorted_categories(back[0])


@settings(deadline=None)
@given(photos(), RECIPES)
def test_what_the_preview_shows_is_the_result_and_nothing_else_changes(one, recipe):
    change_set = bulk.propose([one], recipe)

    (after,) = bulk.applied([one], change_set)

    shown = {cell.field: cell for cell in change_set.cells}
    for own in dataclass_fields(Photo):
        if own.name in shown and own.name != "categories":
            assert shown[own.name].after == bulk.own_value(after, own.name)
            assert shown[own.name].before == bulk.own_value(one, own.name)
            assert shown[own.name].before != shown[own.name].after
        elif own.name == "records":
            untouched = set(bulk.ATTRIBUTES) - set(shown)
            assert all(bulk.value_of(one, x) == bulk.value_of(after, x) for x in untouched)
            for name in set(bulk.ATTRIBUTES) & set(shown):
                assert shown[name].after == bulk.value_of(after, name)
        elif own.name not in ("categories", "sources"):
            assert getattr(one, own.name) == getattr(after, own.name)
    left, joined = (set(getattr(shown.get("categories"), side, ())) for side in ("before", "after"))
    had = {own.path for own in one.categories}
    assert left <= had
    assert not joined & had
    assert (had - left) | joined == {own.path for own in after.categories}


@settings(deadline=None)
@given(photos(), RECIPES, st.data())
def test_what_was_left_out_stays_as_it_is(one, recipe, data):
    change_set = bulk.propose([one], recipe)
    keys = [cell.key for cell in change_set.cells]
    out = data.draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []

    (after,) = bulk.applied([one], change_set.without(*out))

    for _, name in out:
        assert bulk.value_of(one, name) == bulk.value_of(after, name)


@settings(deadline=None)
@given(RECIPES)
def test_a_recipe_survives_json_and_is_what_its_python_says(recipe):
    assert recipe == bulk.from_json(bulk.to_json(recipe))

    class Bench:
        def propose(self, photos, made):
            return made

    names = {"bulk": bulk, "wb": Bench(), "photos": ()}
    exec(bulk.as_python(recipe), names)
    assert recipe == names["change_set"]


@settings(deadline=None)
@given(st.lists(photos(), max_size=1), st.lists(TEXTS, min_size=1, max_size=5))
def test_a_table_is_read_as_it_was_written(some, texts):
    photos = [replace(one, sources={}) for one in some]
    table = bulk.photos_csv(photos, bulk.METADATA)

    read = bulk.read_csv(table, photos)

    assert ((), (), ()) == (read.change_set.cells, read.conflicts, read.faults)
    assert all(text.replace("\0", "\ufffd") == _through_a_cell(text) for text in texts)


@settings(deadline=None)
@given(
    photos(),
    st.lists(
        st.one_of(
            st.sampled_from(["{{ title }}", "{{headline}}", "{{ year }}", "{{ size }}", " ", "a "]),
            st.sampled_from(["{{ keywords }}", "{{ month }}", "\n", "x", "{# no #}"]),
        ),
        max_size=5,
    ).map("".join),
)
def test_the_short_way_of_a_template_is_the_long_way(one, source):
    work = Work(one)
    simple = rendering._simple(source)
    long = rendering._sandboxed(source, Rules(templates={"flickr_description": source}))

    if simple is not None:
        assert long(work.get, one) == simple(work.get, one)


def _through_a_cell(text: str) -> str:
    from socials_lib.bulk.table import bare, guarded

    return bare(guarded(text)).replace("\0", "\ufffd")
