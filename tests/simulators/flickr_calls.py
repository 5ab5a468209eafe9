"""For tests of the stand-in: pictures, a clock, a signing caller, flickrapi, what was recorded."""

import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import flickrapi
import pytest
import requests
from flickrapi.auth import FlickrAccessToken
from PIL import Image
from requests_oauthlib import OAuth1

MONDAY = 1_711_929_600  # 1 April 2024, 00:00 UTC, the first day of a week, a month, a quarter

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "flickr"
XML, JSON, REFLECTION = (
    RECORDINGS / name for name in ("xml_2023_2025", "json_2013", "reflection_2020")
)
needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="no recordings beside the project (../shared/recordings)"
)


class Clock:
    """Flickr's time, moved by hand."""

    def __init__(self):
        self.set_back()

    def set_back(self):
        self.now = float(MONDAY)

    def __call__(self):
        return self.now

    def pass_by(self, seconds=0.0, *, days=0):
        self.now += seconds + 86_400 * days


#: The time of the fixture `flickr`, which sets it back for each test.
CLOCK = Clock()


def jpeg(
    size=(60, 40),
    *,
    shade=120,
    taken=None,
    orientation=None,
    position=None,
    xmp=None,
    form="JPEG",
):
    """A picture of one shade; `taken` as EXIF text, `position` as ((N, d, m, s), (E, d, m, s))."""
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    if orientation:
        exif[0x0112] = orientation
    if position:
        (north, *latitude), (east, *longitude) = position
        exif.get_ifd(0x8825).update({1: north, 2: tuple(latitude), 3: east, 4: tuple(longitude)})
    out = io.BytesIO()
    extra = {"xmp": xmp} if xmp else {}
    Image.new("RGB", size, (shade, 80, 40)).save(out, form, exif=exif, **extra)
    return out.getvalue()


def xmp(*, title="", description="", keywords=(), hierarchical=()):
    """An XMP packet as Lightroom writes it."""

    def bag(name, kind, items):
        inner = "".join(f'<rdf:li xml:lang="x-default">{item}</rdf:li>' for item in items if item)
        return f"<{name}><rdf:{kind}>{inner}</rdf:{kind}></{name}>" if inner else ""

    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:lr="http://ns.adobe.com/lightroom/1.0/">'
        f"{bag('dc:title', 'Alt', [title])}{bag('dc:description', 'Alt', [description])}"
        f"{bag('dc:subject', 'Bag', keywords)}"
        f"{bag('lr:hierarchicalSubject', 'Bag', hierarchical)}"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def iptc(data, *, title="", caption="", keywords=()):
    """The JPEG with an IPTC block, as old programs write it (latin-1 or UTF-8 bytes)."""
    records = [(5, title), *((25, one) for one in keywords), (120, caption)]
    block = b"".join(
        b"\x1c\x02" + bytes([number]) + len(text.encode()).to_bytes(2, "big") + text.encode()
        for number, text in records
        if text
    )
    padded = block + b"\0" * (len(block) % 2)
    resource = b"8BIM\x04\x04\0\0" + len(block).to_bytes(4, "big") + padded
    segment = b"Photoshop 3.0\0" + resource
    return data[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment + data[2:]


class Refused(Exception):
    """`stat="fail"`."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Caller:
    """Signs with requests-oauthlib and reads the envelopes."""

    def __init__(self, flickr, token=None):
        self.flickr = flickr
        token = token or flickr.backend.default_token
        self.auth = OAuth1(flickr.api_key, flickr.api_secret, token.token, token.secret)

    def raw(self, method, **params):
        """The HTTP answer of a method."""
        return requests.post(
            f"{self.flickr.url}/services/rest/",
            data={"method": f"flickr.{method}", **params},
            auth=self.auth,
            timeout=10,
        )

    def xml(self, method, **params):
        """The `rsp` element; raises Refused."""
        return read_xml(self.raw(method, **params).text)

    def json(self, method, **params):
        """The JSON object; raises Refused."""
        answer = json.loads(self.raw(method, format="json", nojsoncallback=1, **params).text)
        if answer["stat"] != "ok":
            raise Refused(answer["code"], answer["message"])
        return answer

    def code(self, method, **params):
        """The error code of a call, 0 if it was ok."""
        try:
            self.xml(method, **params)
        except Refused as refused:
            return refused.code
        return 0

    def send(self, data, *, service="upload", **params):
        """A multipart upload: text parts signed, the photo not; the `rsp` element."""
        return read_xml(self.send_raw(data, service=service, **params).text)

    def send_raw(self, data, *, service="upload", **params):
        """The HTTP answer of an upload."""
        url = f"{self.flickr.url}/services/{service}/"
        form = {name: str(value) for name, value in params.items()}
        signed = requests.Request("POST", url, data=form, auth=self.auth).prepare()
        files = {} if data is None else {"photo": ("dummy name", data)}
        if data is None:
            files = {"nothing": ("x", b"")}
        return requests.post(
            url,
            data=form,
            files=files,
            headers={"Authorization": signed.headers["Authorization"]},
            timeout=10,
        )

    def upload(self, data=None, **params):
        """Upload a picture; its photo id."""
        return self.send(jpeg() if data is None else data, **params).findtext("photoid")

    def upload_code(self, data, **params):
        """The error code of an upload, 0 if it was ok."""
        try:
            self.send(data, **params)
        except Refused as refused:
            return refused.code
        return 0


def read_xml(text):
    """The `rsp` element of an XML answer; raises Refused."""
    rsp = ET.fromstring(text)
    if rsp.get("stat") != "ok":
        err = rsp.find("err")
        raise Refused(int(err.get("code")), err.get("msg"))
    return rsp


def recorded_xml(method):
    """The successful recorded answers of a method."""
    roots = [ET.parse(path).getroot() for path in sorted((XML / method).glob("*.xml"))]
    return [one for one in roots if one.get("stat") == "ok"]


def flickrapi_client(flickr, **more):
    """flickrapi 2.4.0, all six addresses pointed at the stand-in."""
    if "token" not in more and "store_token" not in more:
        more["token"] = FlickrAccessToken(flickr.token, flickr.token_secret, "delete")
    client = flickrapi.FlickrAPI(flickr.api_key, flickr.api_secret, timeout=10, **more)
    client.REST_URL = f"{flickr.url}/services/rest/"
    client.UPLOAD_URL = f"{flickr.url}/services/upload/"
    client.REPLACE_URL = f"{flickr.url}/services/replace/"
    oauth = client.flickr_oauth
    oauth.REQUEST_TOKEN_URL = f"{flickr.url}/services/oauth/request_token"
    oauth.AUTHORIZE_URL = f"{flickr.url}/services/oauth/authorize"
    oauth.ACCESS_TOKEN_URL = f"{flickr.url}/services/oauth/access_token"
    return client
