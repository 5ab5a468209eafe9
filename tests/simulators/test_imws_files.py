"""Reading files, their values, relations, categories and collections."""

import html

import pytest
from imws_calls import BARE, DUSK, HARBOUR, ODD, RAW, WEB, Caller, known, small_library

from socials_lib.demo.seed import Seed, SeedFile


class TestFields:
    def test_asked_fields_come_back_under_their_documented_names(self, ask):
        fields = "id,filename,name,format,size,datetime,width,height"
        assert {
            "id": HARBOUR,
            "fileName": r"D:\Fotos\Häfen\harbour [000417].jpg",
            "name": "harbour [000417].jpg",
            "format": "JPEG",
            "size": 6_291_456,
            "dateTime": "2024-03-09T17:42:10",
            "width": 6000,
            "height": 4000,
        } == known(ask.file(HARBOUR, fields=fields))

    def test_the_id_comes_back_only_when_asked_for(self, ask):
        assert {"name"} == set(known(ask.file(HARBOUR, fields="name")))

    def test_without_fields_there_are_few_members(self, ask):
        assert {"id", "name", "fileName"} == set(known(ask.file(HARBOUR)))

    def test_empty_fields_leave_only_tags_and_variables(self, ask):
        assert {"title": "Dusk"} == ask.file(DUSK, fields="", tagtitle="title")

    def test_unknown_fields_are_left_out(self, ask):
        assert {"id": DUSK} == known(ask.file(DUSK, fields="id,fileName,thumbnail"))

    def test_names_of_unc_paths_and_plain_paths(self, ask):
        assert "dusk.png" == ask.file(DUSK, fields="name")["name"]

    def test_the_size_is_that_on_the_disk_unless_the_library_says_another(self, imws, tmp_path):
        path = tmp_path / "photo.jpg"
        path.write_bytes(b"x" * 1234)
        files = [SeedFile(file_id=1, path=str(path)), SeedFile(file_id=2, path="gone.jpg")]
        imws.load(Seed(files=files))
        found = Caller(imws).files(id="1,2", fields="size,name")
        imws.load(small_library())
        assert [("photo.jpg", 1234), ("gone.jpg", 0)] == [(o["name"], o["size"]) for o in found]


class TestSelecting:
    def test_answers_come_by_ascending_id_once_each_without_unknown_ones(self, ask):
        found = ask.files(id=f"{BARE},{HARBOUR},999999,{HARBOUR}, {DUSK}", fields="id")
        assert [HARBOUR, DUSK, BARE] == [one["id"] for one in found]

    def test_only_unknown_ids_are_an_empty_answer(self, ask):
        assert [] == ask.files(id=999)

    def test_exactly_one_selector_is_needed(self, ask):
        assert 400 == ask.refused("GET", "/v1/files", fields="id")
        assert 400 == ask.refused("GET", "/v1/files", id=HARBOUR, idlist="@IMWS.allfiles")
        assert 400 == ask.refused("GET", "/v1/files", idlist="")
        assert 400 == ask.refused("GET", "/v1/files", idlist="@imatch.filewindow.selection")

    def test_lists_of_the_file_window(self, imws, ask):
        def ids(name: str) -> list[int]:
            found = ask.files(idlist=f"@imatch.filewindow.active.{name}", fields="id")
            return [one["id"] for one in found]

        assert [] == ids("selection") == ids("focusedfile")
        assert 6 == len(ids("files"))
        imws.set_selection([DUSK, HARBOUR])
        assert [HARBOUR, DUSK] == ids("selection")
        assert [DUSK] == ids("focusedfile")
        imws.set_selection([], focused=BARE, window=[BARE, DUSK])
        assert ([], [BARE], [DUSK, BARE]) == (ids("selection"), ids("focusedfile"), ids("files"))

    def test_lists_come_in_pages_that_start_at_0(self, imws):
        imws.load(Seed(files=[SeedFile(file_id=n, path="a", size=1) for n in range(1, 251)]))
        ask = Caller(imws)

        def ids(**page: object) -> list[int]:
            return [f["id"] for f in ask.files(idlist="@IMWS.allfiles", fields="id", **page)]

        pages = [ids(page=n, pagesize=120) for n in range(4)]
        found = (ids(), ids(page=2), ids(pagesize=500))
        some = [f["id"] for f in ask.files(id="1,2,3", fields="id", page=1, pagesize=2)]
        many = [f["id"] for f in ask.files(id=",".join(map(str, range(1, 251))), fields="id")]
        imws.load(small_library())

        assert [120, 120, 10, 0] == [len(page) for page in pages]
        assert list(range(1, 251)) == sum(pages, [])
        assert (list(range(1, 101)), list(range(201, 251)), list(range(1, 251))) == found
        assert [3] == some
        assert 250 == len(many)

    @pytest.mark.parametrize("page", [{"page": -1}, {"pagesize": 0}, {"page": "x"}, {"page": ""}])
    def test_pages_are_numbers(self, ask, page):
        assert 400 == ask.refused("GET", "/v1/files", idlist="@IMWS.allfiles", **page)


class TestTagsAndVariables:
    def test_they_differ_in_three_ways(self, ask):
        """Facts 4.3: what is missing, what lists look like, what is escaped."""
        given = {
            "tagtitle": "title",
            "tagkeywords": "hierarchicalkeywords",
            "tagnone": "jobid",
            "vartitle_text": "{File.MD.title}",
            "varkeywords_text": "{File.MD.hierarchicalkeywords}",
            "varnone_text": "{File.MD.jobid}",
        }
        assert {
            "title": 'Harbour & "pier"',
            "keywords": ["Places|Coast|Harbour", "Light|Dusk"],
            "title_text": "Harbour &amp; &quot;pier&quot;",
            "keywords_text": "Places|Coast|Harbour;Light|Dusk",
            "none_text": "",
        } == ask.file(HARBOUR, fields="", **given)

    def test_five_characters_are_escaped_in_variables(self, ask):
        found = ask.file(HARBOUR, fields="", varx="{File.MD.headline}", tagy="headline")
        assert not set("<>'") & set(found["x"])
        assert found["y"] == html.unescape(found["x"]) == "Boats & cranes aren't <small>"

    def test_a_single_keyword_is_a_list_too(self, ask):
        found = ask.file(DUSK, fields="", taghierarchical_keywords="hierarchicalkeywords")
        assert {"hierarchical_keywords": ["Light|Dusk"]} == found

    def test_a_keyword_stored_as_text_is_a_list_too(self, imws):
        file = SeedFile(file_id=1, path="a", metadata={"hierarchicalkeywords": "Day"})
        imws.load(Seed(files=[file]))
        found = Caller(imws).file(1, fields="", tagk="hierarchicalkeywords")
        imws.load(small_library())
        assert {"k": ["Day"]} == found

    def test_empty_values_are_missing_values(self, imws):
        metadata = {"title": "", "hierarchicalkeywords": [], "headline": "h"}
        imws.load(Seed(files=[SeedFile(file_id=1, path="a", metadata=metadata)]))
        found = Caller(imws).file(
            1, fields="", taga="title", tagb="hierarchicalkeywords", tagc="headline"
        )
        imws.load(small_library())
        assert {"c": "h"} == found

    def test_numbers_of_tags_are_plain_text(self, ask):
        assert {"r": "5", "a": "6.3"} == ask.file(
            HARBOUR, fields="", tagr="rating", taga="aperture"
        )

    def test_line_breaks_survive(self, ask):
        found = ask.file(HARBOUR, fields="", tagd="description", vare="{File.MD.description}")
        assert "Two lines\nof text <here>" == found["d"]
        assert "Two lines\nof text &lt;here&gt;" == found["e"]

    def test_the_language_can_be_switched(self, imws, ask):
        given = {
            "fields": "",
            "varf": "{File.MD.aperture}",
            "vark": "{File.MD.hierarchicalkeywords}",
        }
        assert "6,30" == ask.file(HARBOUR, **given)["f"]
        imws.language = "en"
        assert {"f": "6.30", "k": "Places|Coast|Harbour,Light|Dusk"} == ask.file(HARBOUR, **given)

    def test_twenty_three_columns_in_one_call(self, ask):
        given = {f"var{n:02}": f"{n} {{File.MD.lens}}" for n in range(20)}
        found = ask.file(HARBOUR, fields="id", taga="title", tagb="headline", tagc="jobid", **given)
        assert "19 RF-S 18-45mm" == found["19"]


class TestMalformedRecords:
    def test_members_are_answered_as_the_library_wants_them(self, ask):
        assert {"id": ODD, "size": "big", "dateTime": "yesterday"} == known(
            ask.file(ODD, fields="id,size,format,datetime")
        )

    def test_so_are_values_by_member_name_or_by_the_tag_behind_it(self, ask):
        found = ask.file(
            ODD,
            fields="",
            tagtitle="title",
            tagcaption=r"XMP::dc\title\Title\0",
            vartext="{File.MD.title}",
            varaperture="{File.MD.aperture}",
            varf="{File.MD.aperture|value:rawfrm}",
            variso="{File.MD.iso}",
            taghierarchical_keywords="hierarchicalkeywords",
            varline="f {File.MD.aperture} ISO {File.MD.iso}",
        )
        assert {
            "title": 7,
            "caption": 7,
            "text": 7,
            "aperture": "f/wide",
            "f": "f/wide",
            "hierarchical_keywords": "one text",
            "line": "f f/wide ISO ",
        } == found


class TestRelations:
    def test_versions_come_in_one_group_per_rule(self, ask):
        (found,) = ask.get("/v1/files/relations", id=RAW, type="versions")["files"]
        assert RAW == found["id"]
        assert [
            (3, "Raw to JPEG", [HARBOUR, WEB]),
            (9, "Web copies", [WEB]),
        ] == [
            (one["id"], one["name"], [file["id"] for file in one["files"]])
            for one in found["versions"]
        ]

    def test_related_files_have_five_members_by_default(self, ask):
        (found,) = ask.get("/v1/files/relations", id=WEB, type="masters")["files"]
        assert {
            "id": RAW,
            "name": "raw.dng",
            "fileName": r"D:\Photos\raw.dng",
            "format": "DNG",
            "size": 30_000_000,
        } == known(found["masters"][0]["files"][0])

    def test_several_ids_each_get_an_entry_empty_without_relation(self, ask):
        found = ask.get("/v1/files/relations", id=f"{DUSK},{WEB},77", type="masters")["files"]
        assert [(DUSK, 0), (WEB, 2)] == [(one["id"], len(one["masters"])) for one in found]

    def test_fields_tags_and_variables_work_for_related_files(self, ask):
        (found,) = ask.get(
            "/v1/files/relations",
            id=RAW,
            type="versions",
            fields="id",
            tagtitle="title",
            variso="{File.MD.iso|value:formatted}",
        )["files"]
        assert {"id": HARBOUR, "title": 'Harbour & "pier"', "iso": "3200"} == known(
            found["versions"][0]["files"][0]
        )

    @pytest.mark.parametrize("kind", ["buddies", "Masters", ""])
    def test_other_types_are_refused(self, ask, kind):
        assert 400 == ask.refused("GET", "/v1/files/relations", id=RAW, type=kind)
        assert 400 == ask.refused("GET", "/v1/files/relations", id=RAW)
        assert 400 == ask.refused("GET", "/v1/files/relations", type="masters")


class TestCategoriesOfFiles:
    def test_only_assigned_ones_are_listed_with_the_mirror_of_the_keywords(self, ask):
        (found,) = ask.get("/v1/files/categories", id=HARBOUR, fields="path,description")["files"]
        assert HARBOUR == found["id"]
        assert [
            {"path": "@Keywords|Light|Dusk", "description": ""},
            {"path": "@Keywords|Places|Coast|Harbour", "description": ""},
            {"path": "Socials|flickr", "description": ""},
            {"path": "Socials|flickr|_update", "description": ""},
            {
                "path": "Socials|flickr|albums|Harbours & (old) ones.",
                "description": "72157700000000001",
            },
        ] == [known(one) for one in found["categories"]]

    def test_a_file_without_categories_has_an_empty_list(self, ask):
        found = ask.get("/v1/files/categories", id=f"{RAW},{WEB},5", fields="path")["files"]
        assert [{"id": RAW, "categories": []}, {"id": WEB, "categories": []}] == found

    def test_id_and_name_can_be_asked_for(self, ask):
        (found,) = ask.get("/v1/files/categories", id=BARE, fields="id,name")["files"]
        (one,) = found["categories"]
        assert "_delete" == one["name"]
        (same,) = ask.get("/v1/categories", id=one["id"], fields="path")["categories"]
        assert "Socials|flickr|_delete" == same["path"]


class TestCollections:
    def test_those_of_a_file_are_ids(self, ask):
        found = ask.get("/v1/files/collections", id=f"{HARBOUR},{DUSK},9")["files"]
        assert [{"id": HARBOUR, "collections": [53]}, {"id": DUSK, "collections": []}] == found

    def test_all_of_them_have_ids_and_paths(self, ask):
        found = ask.get("/v1/collections", id="all", fields="id,path")["collections"]
        paths = {one["id"]: one["path"] for one in found}
        assert ("Flags|Set", "Dots|Red", "Pins|Blue") == (paths[11], paths[31], paths[53])
        assert {5, 77, 97, 117} < set(paths)
        some = ask.get("/v1/collections", id="51,31", fields="path")["collections"]
        assert [{"path": "Dots|Red"}, {"path": "Pins|Red"}] == some
