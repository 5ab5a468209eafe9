"""A small IMatch library, and a caller that uses plain `requests` like other people's code."""

import json

import requests

from socials_lib.demo.imws import ImwsStandIn
from socials_lib.demo.seed import (
    ALT_TEXT,
    CIRCA_DATE,
    Seed,
    SeedCategory,
    SeedFile,
    SeedRecord,
    SeedRelation,
    attribute_sets,
)

HARBOUR, DUSK, RAW, WEB, BARE, ODD = 1201, 1202, 1300, 1310, 1400, 1500


def small_library() -> Seed:
    """Six files: a full one, a plain one, a raw with its versions, a bare and a malformed one."""
    return Seed(
        files=[
            SeedFile(
                file_id=ODD,
                path=r"D:\Photos\odd.jpg",
                size=5,
                date_time="yesterday",
                metadata={"title": "Odd", "aperture": 8.0, "iso": 100.0},
                raw={
                    "size": "big",
                    "format": None,
                    "aperture": "f/wide",
                    "title": 7,
                    "hierarchical_keywords": "one text",
                    "iso": None,
                },
            ),
            SeedFile(
                file_id=HARBOUR,
                path=r"D:\Fotos\Häfen\harbour [000417].jpg",
                size=6_291_456,
                date_time="2024-03-09T17:42:10",
                width=6000,
                height=4000,
                metadata={
                    "title": 'Harbour & "pier"',
                    "description": "Two lines\nof text <here>",
                    "headline": "Boats & cranes aren't <small>",
                    "hierarchicalkeywords": ["Places|Coast|Harbour", "Light|Dusk"],
                    "aperture": 6.3,
                    "shutterspeed": 0.01,
                    "focallength": 45.0,
                    "iso": 3200.0,
                    "gpslatitude": -33.8567844,
                    "gpslongitude": 151.2152967,
                    "rating": 5.0,
                    "lens": "RF-S 18-45mm",
                    CIRCA_DATE: "1950",
                    ALT_TEXT: "Boats in the evening",
                    r"Composite\MWG-City\City": "Sydney",
                    r"photools.com::IMatch\200020\AI.description": "boats",
                },
                collections=[53],
            ),
            SeedFile(
                file_id=DUSK,
                path=r"\\nas\photos\dusk.png",
                format="PNG",
                size=1_000,
                metadata={"title": "Dusk", "hierarchicalkeywords": ["Light|Dusk"]},
            ),
            SeedFile(file_id=RAW, path=r"D:\Photos\raw.dng", format="DNG", size=30_000_000),
            SeedFile(file_id=WEB, path=r"D:\Photos\out\web.jpg", size=2_097_152),
            SeedFile(file_id=BARE, path=r"D:\Photos\bare.webp", format="WebP", size=10),
        ],
        relations=[
            SeedRelation(master=RAW, version=WEB),
            SeedRelation(master=RAW, version=HARBOUR),
            SeedRelation(master=RAW, version=WEB, rule_id=9, rule_name="Web copies"),
        ],
        categories=[
            SeedCategory(path="Socials|flickr", files=[HARBOUR, DUSK]),
            SeedCategory(path="Socials|flickr|_update", files=[HARBOUR]),
            SeedCategory(path="Socials|flickr|_delete", files=[BARE]),
            SeedCategory(path="Socials|flickr|__errors"),
            SeedCategory(path="Socials|flickr|__errors|missing title"),
            SeedCategory(path="Socials|flickr|__errors|file too large", files=[DUSK]),
            SeedCategory(path="Socials|flickr|albums"),
            SeedCategory(
                path="Socials|flickr|albums|Harbours & (old) ones.",
                description="72157700000000001",
                files=[HARBOUR],
            ),
            SeedCategory(path="Socials|flickr|groups", description=""),
            SeedCategory(path="Socials|pixelfed", files=[DUSK]),
        ],
        attribute_sets=dict(attribute_sets()),
        records=[
            SeedRecord(
                set="flickr",
                file_id=HARBOUR,
                values={
                    "posted": "2024-03-10",
                    "photo_id": "53000000001",
                    "url": "https://www.flickr.com/photos/someone/53000000001",
                },
            ),
            SeedRecord(set="flickr", file_id=BARE, values={"photo_id": "53000000002", "url": ""}),
        ],
        variables={
            "imatch_to_socials_testing": 0,
            "flickr_apikey": "key",
            "flickr_apisecret": "secret",
            "flickr_is_public": 1,
            "flickr_is_family": 0,
            "flickr_is_friend": 0,
            "flickr_url": "https://www.flickr.com/photos/someone",
        },
    )


class Caller:
    """Signs in and asks; `get` and `post` insist on 200, `refused` on an error object."""

    def __init__(self, imws: ImwsStandIn) -> None:
        self.url = imws.url
        self.token = self.sign_in()

    def sign_in(self) -> str:
        answer = requests.post(
            f"{self.url}/v1/authenticate", params={"id": "anna", "password": "", "appid": ""}
        )
        assert 200 == answer.status_code
        return answer.json()["auth_token"]

    def send(self, method: str, path: str, params: dict, /) -> requests.Response:
        given = {"auth_token": self.token, **params}
        where = {"params": given} if method == "GET" else {"data": given}
        return requests.request(method, self.url + path, **where)

    def get(self, path: str, /, **params: object) -> dict:
        answer = self.send("GET", path, params)
        assert 200 == answer.status_code, answer.text
        return json.loads(answer.content.decode("utf-8"))

    def post(self, path: str, /, **form: object) -> dict:
        answer = self.send("POST", path, form)
        assert 200 == answer.status_code, answer.text
        return answer.json()

    def refused(self, method: str, path: str, /, **params: object) -> int:
        """The status of a call that has to fail with `{"error": {"code": number, …}}`."""
        answer = self.send(method, path, params)
        assert 200 != answer.status_code, answer.text
        error = answer.json()["error"]
        assert isinstance(error["code"], int)
        assert error["message"]
        return answer.status_code

    def files(self, **params: object) -> list[dict]:
        return self.get("/v1/files", **params)["files"]

    def file(self, file_id: int, **params: object) -> dict:
        (one,) = self.files(id=file_id, **params)
        return one

    def category(self, path: str, fields: str) -> dict:
        (one,) = self.get("/v1/categories", path=path, fields=fields)["categories"]
        return one

    def attributes(self, name: str, *ids: int) -> list[dict]:
        return self.get("/v1/attributes", set=name, id=",".join(map(str, ids)))["result"]

    def tasks(self, path: str, tasks: list, /, **form: object) -> dict:
        return self.post(path, tasks=json.dumps(tasks), **form)


def known(answer: dict) -> dict:
    """An answer without the member that is there to be ignored."""
    return {name: value for name, value in answer.items() if name != "someOtherMember"}
