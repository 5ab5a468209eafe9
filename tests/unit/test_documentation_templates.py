"""The cookbook of templates: every example gives the result that is shown."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from documents import Block, Documents, settings_of, table, template_examples

from socials_lib import formatting
from socials_lib.errors import SettingsError
from socials_lib.formatting.texts import _values
from socials_lib.models import DEFAULT_LIMITS, DEFAULT_TAG_RULES, Category, Photo, Rules
from socials_lib.settings import Settings

PAGE = Documents(Path(__file__).resolve().parents[2])["docs/templates.md"]
EXAMPLES = template_examples(PAGE)
TEXTS = {
    "flickr_title": ("flickr", "title"),
    "flickr_description": ("flickr", "description"),
    "pixelfed_caption": ("pixelfed", "caption"),
    "pixelfed_alt_text": ("pixelfed", "alt_text"),
}


def sample() -> Photo:
    """The photo of the page, read from its table."""
    fields = {name: value for name, value in table(PAGE.text, "field").items() if value}
    paths = _list(fields.pop("categories"))
    return Photo(
        path=fields["name"],
        keywords=_list(fields.pop("keywords")),
        categories=tuple(Category(path=one) for one in paths),
        date_time=datetime.fromisoformat(fields.pop("date_time")),
        **fields,
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(";"))


def rendered(name: str, rules: Rules) -> str:
    """What a photo's text of this name is."""
    photo = sample()
    if name == "tags":
        return ", ".join(formatting.tags(photo, rules))
    if name == "hashtags":
        return " ".join(f"#{one}" for one in formatting.hashtags(photo, rules))
    if name == "camera_line":  # the last line of the description
        return rendered("flickr_description", rules).splitlines()[-1]
    platform, field = TEXTS[name]
    text = formatting.photo_text(photo, platform, rules, DEFAULT_LIMITS[platform])
    return getattr(text, field)


def rules_of(block, folder: Path) -> Rules:
    (folder / "settings.toml").write_text(block.text, encoding="utf-8")
    environ = {"SOCIALS_HOME": str(folder), "SOCIALS_MODE": "demo"}
    return Settings.load(environ=environ).rules


def trouble(block: Block, results: list[Block], folder: Path) -> str:
    """Why an example does not give what is shown, "" if it does."""
    if not results:
        return f"{block.where} shows no result"
    try:
        rules = rules_of(block, folder)
        made = [rendered(shown.words, rules) for shown in results]
    except SettingsError as error:
        return f"{block.where}: {error}"
    wrong = [one for one, text in zip(results, made, strict=True) if one.text != text]
    return f"{wrong[0].where} shows another text" if wrong else ""


@pytest.mark.parametrize(
    ("block", "results"), EXAMPLES, ids=lambda one: getattr(one, "where", "results")
)
def test_an_example_gives_the_result_that_is_shown(block, results, tmp_path):
    assert "" == trouble(block, results, tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("March 19, 2024: Dawn", "March 19, 2024; Dawn", "shows another text"),
        ("{{ title }}\n\n{{ hashtags }}", "{{ caption }}\n\n{{ hashtags }}", "cannot be used"),
        ("Water, Lake, Dawn, Family\n", "Water, Lake, Dawn\n", "shows another text"),
        ("```text camera_line", "```text", "shows no result"),
    ],
)
def test_an_example_that_is_wrong_is_found(old, new, complaint, tmp_path):
    assert old in PAGE.text
    spoiled = replace(PAGE, text=PAGE.text.replace(old, new, 1))

    found = [trouble(*one, tmp_path) for one in template_examples(spoiled)]

    [one] = [one for one in found if one]
    assert complaint in one


def test_the_table_names_every_template_there_is():
    named = [name for name in formatting.DEFAULT_TEMPLATES if f"| `{name}` |" in PAGE.text]

    assert list(formatting.DEFAULT_TEMPLATES) == named


def test_every_template_appears_in_an_example_or_as_a_result():
    used = {
        name
        for block, results in EXAMPLES
        for name in (
            *settings_of(block).get("text", {}).get("templates", {}),
            *(one.words for one in results),
        )
    }

    assert set(formatting.DEFAULT_TEMPLATES) <= used


def test_the_rules_called_the_default_ones_are_the_default_ones(tmp_path):
    block = next(one for one, _ in EXAMPLES if one.text.count("[[text.tag_rules]]") == 5)

    assert DEFAULT_TAG_RULES == rules_of(block, tmp_path).tag_rules


def test_the_variables_of_the_page_are_those_of_the_templates(tmp_path):
    listed = [
        name
        for names in table(PAGE.text, "variable")
        for name in names.replace("`", "").split(", ")
    ]
    whole = "".join(f"{{{{ {name} }}}}" for name in listed)

    photo_text = formatting.photo_text(
        sample(),
        "pixelfed",
        Rules(templates={"pixelfed_caption": whole}),
        DEFAULT_LIMITS["pixelfed"],
    )

    assert "Dawn over the lake" in photo_text.caption  # an unknown name would have raised
    promised = formatting.__doc__ or ""
    assert [] == [name for name in listed if name not in promised]
    assert set(_values(sample(), Rules())) == set(listed)
