"""The calls of the program that runs against real IMatch, in its order (facts, 15.6).

Every parameter is sent the way that program sends it: one id per call, structured values as JSON
text, parameters it forgot to remove from the call before.
"""

import json

from imws_calls import BARE, DUSK, HARBOUR, Caller, known, small_library

from socials_lib.demo.imws import ImwsStandIn

COLUMNS = {
    "fields": "datetime,filename,format,name,size",
    "tagtitle": "title",
    "tagdescription": "description",
    "taghierarchical_keywords": "hierarchicalkeywords",
    "varaperture": "{File.MD.aperture}",
    "varfocal_length": "{File.MD.focallength|value:formatted}",
    "varheadline": "{File.MD.headline}",
    "variso": "{File.MD.iso|value:formatted}",
    "varlens": "{File.MD.lens}",
    "varmake": "{File.MD.make}",
    "varmodel": "{File.MD.model}",
    "varshutter_speed": "{File.MD.shutterspeed|value:formatted}",
    "varlatitude": "{File.MD.gpslatitude|value:rawfrm}",
    "varcircadatecreated": r"{File.MD.XMP::iptcExt\CircaDateCreated\CircaDateCreated\0}",
}


def test_a_run_of_the_original_program(imws):
    ask = Caller(imws)

    assert 0 == ask.get("/v1/imatch/appvar", name="imatch_to_socials_testing")["value"]
    for name, value in (("public", 1), ("family", 0), ("friend", 0)):
        assert value == ask.get("/v1/imatch/appvar", name=f"flickr_is_{name}")["value"]

    albums = ask.category("Socials|flickr|albums", "children,name,description")["children"]
    assert [("Harbours & (old) ones.", "72157700000000001")] == [
        (one["name"], one["description"]) for one in albums
    ]
    assert [] == ask.category("Socials|flickr|groups", "children,name,description")["children"]

    work = ask.category("Socials|flickr", "files,directfiles")
    assert [HARBOUR, DUSK] == work["directFiles"]

    for file_id in work["directFiles"]:
        one = ask.file(file_id, **COLUMNS)
        assert {"dateTime", "fileName", "format", "name", "size", "title"} <= set(one)
        paths = ask.get("/v1/files/categories", id=file_id, fields="path,description")["files"]
        assert file_id == paths[0]["id"]
        assert "Socials|flickr" in [each["path"] for each in paths[0]["categories"]]
        related = ask.get("/v1/files/relations", id=file_id, type="versions")["files"]
        assert [] == related[0]["versions"]

    assert {
        "dateTime": "2024-03-09T17:42:10",
        "fileName": r"D:\Fotos\Häfen\harbour [000417].jpg",
        "format": "JPEG",
        "name": "harbour [000417].jpg",
        "size": 6_291_456,
        "title": 'Harbour & "pier"',
        "description": "Two lines\nof text <here>",
        "hierarchical_keywords": ["Places|Coast|Harbour", "Light|Dusk"],
        "aperture": "6,30",
        "focal_length": "45.0 mm",
        "headline": "Boats &amp; cranes aren&#x27;t &lt;small&gt;",
        "iso": "3200",
        "lens": "RF-S 18-45mm",
        "make": "",
        "model": "",
        "shutter_speed": "1/100",
        "latitude": "-33.8567844",
        "circadatecreated": "1950",
    } == known(ask.file(HARBOUR, **COLUMNS))

    # the photo that is not on the platform is added: read, add, nothing to unassign
    assert "secret" == ask.get("/v1/imatch/appvar", name="flickr_apisecret")["value"]
    assert [] == ask.attributes("flickr", DUSK)
    data = {"posted": "2024-06-01", "photo_id": "53000000099", "url": "https://x/53000000099"}
    form = {"set": "flickr", "id": str(DUSK)}
    ask.tasks("/v1/attributes", [{"op": "add", "data": data}], **form)

    # the one in _update is updated: read, update its instance, leave the category
    (found,) = ask.attributes("flickr", HARBOUR)
    instance = found["data"][0]["instanceId"]
    task = {"op": "update", "instanceid": [instance], "data": {"posted": "2024-06-01"}}
    ask.tasks("/v1/attributes", [task], set="flickr", id=str(HARBOUR), fields="left over")
    ask.post("/v1/categories/unassign", path="Socials|flickr|_update", fileid=str(HARBOUR))

    # the one in _delete is deleted: unassign with all ids, then the record
    ids = ask.category("Socials|flickr|_delete", "files,directfiles")["directFiles"]
    joined = ",".join(map(str, ids))
    ask.post("/v1/categories/unassign", path="Socials|flickr|_delete", fileid=joined)
    (found,) = ask.attributes("flickr", *ids)
    task = {"op": "delete", "instanceid": [found["data"][0]["instanceId"]]}
    ask.tasks("/v1/attributes", [task], set="flickr", id=joined)

    # errors: every leaf is emptied, then filled again
    for leaf in ask.category("Socials|flickr|__errors", "children,files,path")["children"]:
        if leaf["files"]:
            where = {"path": leaf["path"], "fileid": ",".join(map(str, leaf["files"]))}
            ask.post("/v1/categories/unassign", **where)
    where = {"path": "Socials|flickr|__errors|missing title", "fileid": str(BARE)}
    ask.post("/v1/categories/assign", **where)

    after = imws.backend.snapshot()
    expected = small_library()
    for path, files in {
        "Socials|flickr|_update": [],
        "Socials|flickr|_delete": [],
        "Socials|flickr|__errors|file too large": [],
        "Socials|flickr|__errors|missing title": [BARE],
    }.items():
        expected.category(path).files = files
    before = ImwsStandIn(expected).backend.snapshot()
    old = small_library().records[0].values
    before["attributes"]["flickr"] = {
        str(HARBOUR): [{**old, "posted": "2024-06-01"}],
        str(DUSK): [data],
    }
    assert json.loads(json.dumps(before)) == json.loads(json.dumps(after))
    assert {"key", "secret"} & {v for one in imws.requests for v in one.params.values()} == set()
    assert {200} == {one.status for one in imws.requests}


def test_an_error_leaf_that_does_not_exist_is_not_made(imws):
    ask = Caller(imws)
    leaf = "Socials|flickr|__errors|file too large: 17 MB"
    assert 404 == ask.refused("POST", "/v1/categories/assign", path=leaf, fileid=DUSK)
    assert [] == ask.get("/v1/categories", path=leaf, fields="path")["categories"]


def test_a_dry_run_with_pending_deletes_does_no_harm(imws):
    """Defect 4 of the original: unassign and attribute calls with an empty list of ids."""
    ask = Caller(imws)
    before = imws.backend.snapshot()
    path = "Socials|flickr|_delete"
    assert 400 == ask.refused("POST", "/v1/categories/unassign", path=path, fileid="")
    assert 400 == ask.refused("GET", "/v1/attributes", set="flickr", id="")
    tasks = json.dumps([{"op": "delete", "instanceid": [4]}])
    assert 400 == ask.refused("POST", "/v1/attributes", set="flickr", id="", tasks=tasks)
    assert before == imws.backend.snapshot()
