"""Categories, metadata and collections: reading them, changing them, being refused."""

import json

import pytest
from imws_calls import BARE, DUSK, HARBOUR, RAW, Caller, known

ALBUM = "Socials|flickr|albums|Harbours & (old) ones."


class TestCategories:
    def test_files_hold_those_of_all_levels_direct_files_only_their_own(self, ask):
        found = ask.category("Socials|flickr", "files,directfiles,description")
        assert {
            "files": [HARBOUR, DUSK, BARE],
            "directFiles": [HARBOUR, DUSK],
            "description": "",
        } == known(found)

    def test_children_are_one_level_with_the_same_members(self, ask):
        found = ask.category("Socials|flickr", "children,name,path,files,directfiles,description")
        children = [known(one) for one in found["children"]]
        assert ["__errors", "_delete", "_update", "albums", "groups"] == [
            c["name"] for c in children
        ]
        assert {
            "name": "albums",
            "path": "Socials|flickr|albums",
            "files": [HARBOUR],
            "directFiles": [],
            "description": "",
        } == children[3]
        assert {"children"} == set(known(ask.category("Socials|flickr|_update", "children")))

    def test_parents_exist_though_the_library_named_only_their_child(self, ask):
        assert {"path": "Socials", "files": [HARBOUR, DUSK, BARE]} == known(
            ask.category("Socials", "path,files")
        )

    def test_an_album_carries_its_id_as_description(self, ask):
        assert "72157700000000001" == ask.category(ALBUM, "description")["description"]

    @pytest.mark.parametrize("path", ["socials|flickr", "Socials|Flickr", "Socials|none", "x"])
    def test_missing_ones_are_an_empty_list_case_matters(self, ask, path):
        assert [] == ask.get("/v1/categories", path=path, fields="path")["categories"]
        assert [] == ask.get("/v1/categories", id=1, fields="path")["categories"]

    def test_a_path_or_an_id_is_needed(self, ask):
        assert 400 == ask.refused("GET", "/v1/categories", fields="path")
        assert 400 == ask.refused("GET", "/v1/categories", path="", fields="path")

    def test_system_trees_can_be_read(self, ask):
        assert 6 == len(ask.category("@All", "files")["files"])
        keywords = ask.category("@Keywords", "files,directfiles,children,path")
        assert ([HARBOUR, DUSK], []) == (keywords["files"], keywords["directFiles"])
        assert ["@Keywords|Light", "@Keywords|Places"] == [c["path"] for c in keywords["children"]]
        assert [HARBOUR, DUSK] == ask.category("@Keywords|Light|Dusk", "directfiles")["directFiles"]


class TestAssigning:
    def test_one_file_or_many(self, imws, ask):
        path = "Socials|pixelfed"
        assert "ok" == ask.post("/v1/categories/assign", path=path, fileid=BARE)["result"]
        ask.post("/v1/categories/assign", path=path, fileid=f"{HARBOUR},{RAW}")
        assert [HARBOUR, DUSK, RAW, BARE] == imws.backend.files_in(path)
        ask.post("/v1/categories/unassign", path=path, fileid=f"{HARBOUR},{DUSK}")
        assert [RAW, BARE] == imws.backend.files_in(path)
        assert ["Socials|flickr|_delete", path] == imws.backend.categories_of(BARE)

    def test_doing_it_twice_or_without_need_is_fine(self, imws, ask):
        before = imws.backend.snapshot()
        for path in ("Socials|flickr", ALBUM):
            ask.post("/v1/categories/assign", path=path, fileid=HARBOUR)
        ask.post("/v1/categories/unassign", path="Socials|pixelfed", fileid=f"{BARE},{RAW}")
        assert before == imws.backend.snapshot()

    def test_parents_and_children_keep_their_files(self, imws, ask):
        ask.post("/v1/categories/unassign", path="Socials|flickr", fileid=HARBOUR)
        assert [HARBOUR] == imws.backend.files_in("Socials|flickr|_update")
        assert [DUSK] == imws.backend.files_in("Socials|flickr")

    @pytest.mark.parametrize("verb", ["assign", "unassign"])
    @pytest.mark.parametrize(
        ("form", "status"),
        [
            ({"path": "Socials|nowhere", "fileid": HARBOUR}, 404),
            ({"path": "socials|flickr", "fileid": HARBOUR}, 404),
            ({"path": "Socials|flickr", "fileid": ""}, 400),
            ({"path": "Socials|flickr"}, 400),
            ({"path": "Socials|flickr", "id": HARBOUR}, 400),
            ({"path": "Socials|flickr", "fileid": f"{BARE},x"}, 400),
            ({"path": "Socials|flickr", "fileid": f"{BARE},999"}, 404),
            ({"path": "", "fileid": HARBOUR}, 400),
            ({"path": "@All", "fileid": HARBOUR}, 400),
            ({"path": "@Keywords|New", "fileid": HARBOUR}, 404),
        ],
    )
    def test_a_refusal_changes_nothing(self, imws, ask, verb, form, status):
        before = imws.backend.snapshot()
        assert status == ask.refused("POST", f"/v1/categories/{verb}", **form)
        assert before == imws.backend.snapshot()

    def test_a_keyword_category_changes_the_keywords(self, imws, ask):
        path = "@Keywords|Places|Coast|Harbour"
        ask.post("/v1/categories/assign", path=path, fileid=DUSK)
        assert ["Light|Dusk", "Places|Coast|Harbour"] == (
            imws.backend.value(DUSK, "hierarchicalkeywords")
        )
        ask.post("/v1/categories/unassign", path=path, fileid=f"{DUSK},{HARBOUR}")
        assert ["Light|Dusk"] == imws.backend.value(HARBOUR, "hierarchicalkeywords")
        assert [] == ask.get("/v1/categories", path=path, fields="path")["categories"]
        assert [] == ask.get("/v1/categories", path="@Keywords|Places", fields="path")["categories"]

    def test_a_removed_category_takes_its_children_along(self, imws, ask):
        imws.remove_category("Socials|flickr")
        assert ["Socials", "Socials|pixelfed"] == list(imws.backend.snapshot()["categories"])
        assert [] == imws.backend.categories_of(HARBOUR)
        assert [DUSK] == ask.category("Socials", "files")["files"]
        with pytest.raises(KeyError):
            imws.backend.files_in("Socials|flickr")


def change(ask: Caller, operations: list, **which: object) -> dict:
    return ask.post("/v1/metadata", tags=json.dumps(operations), **which)


class TestMetadata:
    def test_rating_label_and_texts_are_set_and_cleared(self, imws, ask):
        change(
            ask,
            [
                {"tag": "rating", "op": "set", "value": 3},
                {"tag": "label", "op": "set", "value": "Red"},
                {"tag": "title", "op": "set", "value": "New <title>"},
                {"tag": r"XMP::photoshop\Headline\0", "op": "set", "value": "Head"},
                {"tag": r"XMP::iptcCore\AltText\AltText\0", "op": "set", "value": "Alt"},
                {"tag": "description", "op": "set", "value": ""},
            ],
            id=HARBOUR,
        )
        found = ask.file(
            HARBOUR,
            fields="",
            tagtitle="title",
            tagrating="rating",
            taglabel="label",
            tagdescription="description",
            varheadline="{File.MD.headline}",
            vartitle_text="{File.MD.title}",
            varalt=r"{File.MD.XMP::iptcCore\AltText\AltText\0}",
        )
        assert {
            "title": "New <title>",
            "title_text": "New &lt;title&gt;",
            "rating": "3",
            "label": "Red",
            "headline": "Head",
            "alt": "Alt",
        } == found

    def test_keywords_are_added_removed_and_set(self, imws, ask):
        def keywords() -> object:
            return imws.backend.value(DUSK, "hierarchicalkeywords")

        tag = {"tag": "hierarchicalkeywords"}
        change(ask, [{**tag, "op": "add", "value": "Sky|Cloud"}], id=DUSK)
        change(ask, [{**tag, "op": "add", "value": ["Light|Dusk", "Sea"]}], id=DUSK)
        assert ["Light|Dusk", "Sky|Cloud", "Sea"] == keywords()
        assert [DUSK] == imws.backend.files_in("@Keywords|Sky|Cloud")
        change(ask, [{**tag, "op": "remove", "value": "Sky|Cloud"}], id=DUSK)
        assert ["Light|Dusk", "Sea"] == keywords()
        assert [] == ask.get("/v1/categories", path="@Keywords|Sky", fields="path")["categories"]
        change(ask, [{**tag, "op": "set", "value": ["A|B", "A|B", "C"]}], id=DUSK)
        assert ["A|B", "C"] == keywords()
        change(ask, [{**tag, "op": "set", "value": []}], id=DUSK)
        assert keywords() is None
        assert {} == ask.file(DUSK, fields="", tagk="hierarchicalkeywords")

    def test_changed_files_wait_for_write_back_unchanged_ones_do_not(self, imws, ask):
        keyword = {"tag": "hierarchicalkeywords", "op": "add", "value": "Light|Dusk"}
        change(ask, [keyword, {"tag": "title", "op": "set", "value": "Dusk"}], id=f"{DUSK},{BARE}")
        found = ask.get("/v1/files/collections", id=f"{HARBOUR},{DUSK},{BARE}")["files"]
        assert [[53], [], [5]] == [one["collections"] for one in found]

    def test_a_list_of_files_can_be_named(self, imws, ask):
        imws.set_selection([DUSK, RAW])
        operations = [{"tag": "label", "op": "set", "value": "Blue"}]
        change(ask, operations, idlist="@imatch.filewindow.active.selection")
        assert ["Blue", "Blue", None] == [
            imws.backend.value(one, "label") for one in (DUSK, RAW, BARE)
        ]

    @pytest.mark.parametrize(
        "operations",
        [
            "no json",
            "{}",
            "[]",
            "",
            [{"op": "set", "value": "x"}],
            [{"tag": "Title", "op": "set", "value": "x"}],
            [{"tag": "titel", "op": "set", "value": "x"}],
            [{"tag": "title", "op": "add", "value": "x"}],
            [{"tag": "title", "value": "x"}],
            [{"tag": "title", "op": "set", "value": 7}],
            [{"tag": "title", "op": "set", "value": ["x"]}],
            [{"tag": "rating", "op": "set", "value": "three"}],
            [{"tag": "rating", "op": "set", "value": 6}],
            [{"tag": "aperture", "op": "set", "value": 4.0}],
            [{"tag": r"Composite\Exif-Aperture\Aperture\0", "op": "set", "value": "4"}],
            [{"tag": "hierarchicalkeywords", "op": "delete", "value": "x"}],
            [{"tag": "hierarchicalkeywords", "op": "add", "value": ""}],
            [{"tag": "hierarchicalkeywords", "op": "add", "value": [1]}],
            [{"tag": "hierarchicalkeywords", "op": "remove"}],
            [{"tag": "title", "op": "set", "value": "x"}, {"tag": "label", "op": "fill"}],
        ],
    )
    def test_a_faulty_call_changes_nothing(self, imws, ask, operations):
        before = imws.backend.snapshot()
        text = operations if isinstance(operations, str) else json.dumps(operations)
        assert 400 == ask.refused("POST", "/v1/metadata", id=DUSK, tags=text)
        assert before == imws.backend.snapshot()

    def test_files_are_needed_and_known(self, imws, ask):
        before = imws.backend.snapshot()
        text = json.dumps([{"tag": "title", "op": "set", "value": "x"}])
        assert 400 == ask.refused("POST", "/v1/metadata", tags=text)
        assert 400 == ask.refused("POST", "/v1/metadata", tags=text, id="")
        assert 400 == ask.refused("POST", "/v1/metadata", tags=text, id=1, idlist="@IMWS.allfiles")
        assert 404 == ask.refused("POST", "/v1/metadata", tags=text, id=f"{DUSK},999")
        assert before == imws.backend.snapshot()


class TestCollections:
    def test_flags_dots_and_pins_exclude_each_other_within_their_group(self, imws, ask):
        def put(op: str, path: str) -> list[int]:
            task = [{"op": op, "path": path}]
            assert "ok" == ask.tasks("/v1/collections", task, id=f"{HARBOUR},{DUSK}")["result"]
            (found,) = ask.get("/v1/files/collections", id=HARBOUR)["files"]
            return found["collections"]

        assert [51] == put("add", "Pins|Red")
        assert [31, 51] == put("add", "Dots|Red")
        assert [11, 31, 51] == put("add", "Flags|Set")
        assert [12, 31, 51] == put("add", "Flags|Unset")
        assert [12, 31, 51] == put("remove", "Flags|Set")
        assert [31, 51] == put("remove", "Flags")
        assert [31] == put("add", "Pins|None")
        assert [31] == put("remove", "Pins|None")
        assert [2, 31] == put("add", "Bookmarks")

    @pytest.mark.parametrize(
        "task",
        [
            {"op": "set", "path": "Pins|Red"},
            {"op": "add", "path": "Pins|Pink"},
            {"op": "add", "path": "Pins"},
            {"op": "add", "path": "Pending Write-Back"},
            {"op": "add"},
        ],
    )
    def test_other_tasks_are_refused(self, imws, ask, task):
        before = imws.backend.snapshot()
        tasks = json.dumps([{"op": "add", "path": "Pins|Red"}, task])
        assert 400 == ask.refused("POST", "/v1/collections", id=DUSK, tasks=tasks)
        assert 404 == ask.refused("POST", "/v1/collections", id=999, tasks=tasks)
        assert before == imws.backend.snapshot()
