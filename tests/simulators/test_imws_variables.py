"""Variable expressions: what IMatch makes of `{File.MD.aperture}` under a Windows language."""

import pytest
from imws_calls import BARE, HARBOUR, ODD, small_library

from socials_lib.demo.imws import ImwsBackend
from socials_lib.demo.imws.variables import LOCALES, evaluate, parse
from socials_lib.demo.seed import Seed, SeedFile

BACKEND = ImwsBackend(small_library())


def text(expression: str, file_id: int = HARBOUR, language: str = "de") -> str:
    return evaluate(parse(expression), BACKEND.files[file_id], LOCALES[language])


@pytest.mark.parametrize(
    ("expression", "comma", "dot"),
    [
        ("{File.MD.aperture}", "6,30", "6.30"),
        (r"{File.MD.Composite\Exif-Aperture\Aperture\0}", "6,30", "6.30"),
        ("{File.MD.shutterspeed}", "0,01", "0.01"),
        ("{File.MD.focallength}", "45,00", "45.00"),
        ("{File.MD.rating}", "5,00", "5.00"),
        ("{File.Rating}", "5,00", "5.00"),
        ("{File.Size}", "6,0 MB", "6.0 MB"),
        ("{File.DateTime}", "09.03.2024 17:42:10", "03/09/2024 05:42:10 PM"),
        ("{File.MD.gpslatitude|numformat:float,0,4}", "-33,8568", "-33.8568"),
        ("{File.MD.hierarchicalkeywords}", "Places|Coast|Harbour;Light|Dusk", None),
    ],
)
def test_the_windows_language_decides_about_numbers_dates_and_lists(expression, comma, dot):
    dot = dot or comma.replace(";", ",")
    assert (comma, dot) == (text(expression), text(expression, language="en"))


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("{File.MD.iso|value:formatted}", "3200"),
        ("{File.MD.shutterspeed|value:formatted}", "1/100"),
        ("{File.MD.focallength|value:formatted}", "45.0 mm"),
        ("{File.MD.aperture|value:rawfrm}", "6.3"),
        ("{File.MD.gpslatitude|value:rawfrm}", "-33.8567844"),
        ("{File.MD.gpslongitude|value:rawfrm}", "151.2152967"),
        ("{File.MD.gpslatitude|value:rawfrm|numformat:float,0,4}", "-33.8568"),
        ("{File.MD.iso|numformat:integer,6}", "003200"),
        ("{File.Size|value:rawfrm}", "6291456"),
    ],
)
def test_formatted_and_raw_values_are_the_same_everywhere(expression, expected, language):
    assert expected == text(expression, language=language)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("{File.MD.lens}", "RF-S 18-45mm"),
        ("{File.MD.title}", 'Harbour & "pier"'),
        (r"{File.MD.XMP::dc\title\Title\0}", 'Harbour & "pier"'),
        (r"{File.MD.XMP::dc\title\Title}", 'Harbour & "pier"'),
        (r"{File.MD.XMP::iptcExt\CircaDateCreated\CircaDateCreated\0}", "1950"),
        (
            r"{File.MD.XMP::iptcCore\AltTextAccessibility\AltTextAccessibility\0}",
            "Boats in the evening",
        ),
        (r"{File.MD.Composite\MWG-City\City\0}", "Sydney"),
        ("{File.MD.AI.description}", "boats"),
        (r"{File.MD.photools.com::IMatch\200020\AI.description\0}", "boats"),
        ("{File.Name}", "harbour [000417].jpg"),
        ("{File.FullName}", r"D:\Fotos\Häfen\harbour [000417].jpg"),
    ],
)
def test_tags_are_found_by_shortcode_and_by_full_key(expression, expected):
    assert expected == text(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "{File.MD.headline}",
        "{File.MD.gpslatitude|value:rawfrm}",
        "{File.MD.iso|numformat:float,0,4}",
        "{File.MD.hierarchicalkeywords}",
        "{File.MD.Title}",
        "{File.MD.nosuchtag}",
        "{No.Such.Variable}",
        "{File.DateTime|format:}",
        "",
    ],
)
def test_what_is_missing_or_unknown_is_empty(expression):
    assert "" == text(expression, BARE)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("YYYY", "2024"), ("DD.MM.YY", "09.03.24"), ("YYYY-MM-DD hh:mm:ss", "2024-03-09 17:42:10")],
)
def test_dates_are_taken_apart(pattern, expected):
    assert expected == text(f"{{File.DateTime|format:{pattern}}}")


def test_a_date_that_is_none_is_empty():
    assert "" == text("{File.DateTime}", ODD)
    assert "" == text("{File.DateTime|format:YYYY}", ODD)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ISO {File.MD.iso|value:formatted}, {File.MD.lens}!", "ISO 3200, RF-S 18-45mm!"),
        ("no variable at all", "no variable at all"),
        ("open { brace {File.MD.lens}", "open { brace {File.MD.lens}"),
        ("closed } brace {File.MD.lens}", "closed } brace RF-S 18-45mm"),
        ("{File.MD.lens}{File.MD.lens}", "RF-S 18-45mmRF-S 18-45mm"),
    ],
)
def test_text_around_variables_is_kept(expression, expected):
    assert expected == text(expression)


@pytest.mark.parametrize(
    ("expression", "full", "empty"),
    [
        ("{File.MD.lens|default:no lens}", "RF-S 18-45mm", "no lens"),
        ("{File.MD.lens|default:{File.Name}}", "RF-S 18-45mm", "bare.webp"),
        ("{File.MD.lens|hasvalue:yes}", "yes", ""),
        ("{File.MD.lens|hasvalue:yes|default:no}", "yes", "no"),
        ("{File.MD.hierarchicalkeywords|hasvalue:|default:none}", "", "none"),
        ("{File.MD.lens|replace:RF-S=EF}", "EF 18-45mm", ""),
        ("{File.MD.hierarchicalkeywords|replace:;==, }", "Places|Coast|Harbour, Light|Dusk", ""),
        ("{File.MD.lens|nosuchfunction:1}", "RF-S 18-45mm", ""),
        ("{File.MD.lens|nosuchfunction}", "RF-S 18-45mm", ""),
    ],
)
def test_functions(expression, full, empty):
    assert (full, empty) == (text(expression), text(expression, BARE))


@pytest.mark.parametrize(
    ("stored", "formatted", "localised"),
    [
        (1 / 60, "1/60", "0,02"),
        (1 / 16000, "1/16000", "0,00"),
        (0.5, "1/2", "0,50"),
        (0.8, "0.8", "0,80"),
        (2.5, "2.5", "2,50"),
        (30.0, "30", "30,00"),
        ("1/100", "1/100", "0,01"),
        ("bulb", "bulb", "bulb"),
    ],
)
def test_shutter_speeds(stored, formatted, localised):
    file = SeedFile(file_id=1, path="a", metadata={"shutterspeed": stored})
    source = ImwsBackend(Seed(files=[file])).files[1]
    both = "{File.MD.shutterspeed|value:formatted} {File.MD.shutterspeed}"
    assert f"{formatted} {localised}" == evaluate(parse(both), source, LOCALES["de"])
