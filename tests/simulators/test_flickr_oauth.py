"""Who may call: signatures, tokens, permissions, the login, the hourly limit."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flickr_calls import Caller, Clock, Refused, jpeg, read_xml
from requests_oauthlib import OAuth1, OAuth1Session

from socials_lib.demo.flickr import FlickrOptions, FlickrStandIn


def post(flickr, auth, *, data=None, url=None):
    """A signed POST with another signer than the usual one."""
    where = url or f"{flickr.url}/services/rest/"
    return requests.post(
        where, data={"method": "flickr.test.login", **(data or {})}, auth=auth, timeout=10
    )


class TestSignatures:
    def test_a_signed_call_is_answered(self, flickr, call):
        user = call.xml("test.login").find("user")
        assert flickr.backend.me.nsid == user.get("id")
        assert "demo" == user.findtext("username")

    def test_letters_of_all_kinds_sign_correctly(self, flickr, call):
        photo_id = flickr.backend.add_photo(jpeg())
        title = "São Paulo + 100% & ~ünïcödé* 🦆 'q'\r\nnext=line"
        call.xml("photos.setMeta", photo_id=photo_id, title=title, description="")
        assert title == flickr.backend.photos[photo_id].title

    @pytest.mark.parametrize("kind", ["AUTH_HEADER", "BODY", "QUERY"])
    def test_the_signature_may_be_in_header_body_or_query(self, flickr, kind):
        auth = OAuth1(
            flickr.api_key,
            flickr.api_secret,
            flickr.token,
            flickr.token_secret,
            signature_type=kind,
        )
        assert 'stat="ok"' in post(flickr, auth).text

    def test_a_get_is_signed_over_its_query(self, flickr, call):
        answer = requests.get(
            f"{flickr.url}/services/rest/",
            params={"method": "flickr.test.echo", "x": "a b"},
            auth=call.auth,
            timeout=10,
        )
        assert "a b" == read_xml(answer.text).findtext("x")

    def test_a_wrong_secret_is_answered_with_the_base_string(self, flickr):
        auth = OAuth1(flickr.api_key, "wrong", flickr.token, flickr.token_secret)
        answer = post(flickr, auth)
        assert 401 == answer.status_code
        assert "text/plain;charset=UTF-8" == answer.headers["Content-Type"]
        start = "oauth_problem=signature_invalid&debug_sbs=POST&http%3A%2F%2F127.0.0.1%3A"
        assert answer.text.startswith(start)
        assert "method%3Dflickr.test.login%26oauth_consumer_key%3D" in answer.text

    def test_two_values_for_one_name_never_verify(self, flickr, call):
        answer = requests.post(
            f"{flickr.url}/services/rest/",
            data=[("method", "flickr.test.login"), ("x", "1"), ("x", "2")],
            auth=call.auth,
            timeout=10,
        )
        assert 401 == answer.status_code
        assert "signature_invalid" in answer.text

    def test_a_replayed_request_is_refused(self, flickr):
        session = requests.Session()
        auth = OAuth1(flickr.api_key, flickr.api_secret, flickr.token, flickr.token_secret)
        url = f"{flickr.url}/services/rest/"
        data = {"method": "flickr.test.login"}
        prepared = requests.Request("POST", url, data=data, auth=auth).prepare()
        first, second = (session.send(prepared, timeout=10) for _ in range(2))
        assert [200, 401] == [first.status_code, second.status_code]
        assert "oauth_problem=nonce_used" == second.text

        flickr.backend.options.replayed_nonce = "accept"
        assert 200 == session.send(prepared, timeout=10).status_code

    def test_a_clock_that_is_wrong_is_refused(self, flickr):
        auth = OAuth1(
            flickr.api_key,
            flickr.api_secret,
            flickr.token,
            flickr.token_secret,
            timestamp="1000000000",
        )
        assert "oauth_problem=timestamp_refused" == post(flickr, auth).text

    def test_only_hmac_sha1_is_taken(self, flickr):
        auth = OAuth1(
            flickr.api_key,
            flickr.api_secret,
            flickr.token,
            flickr.token_secret,
            signature_method="PLAINTEXT",
        )
        assert "oauth_problem=signature_method_rejected" == post(flickr, auth).text

    def test_accept_all_is_an_option(self, flickr):
        flickr.backend.options.verify_signatures = False
        assert 'stat="ok"' in post(flickr, None).text


class TestKeysAndTokens:
    def test_an_unknown_key_is_an_oauth_problem(self, flickr):
        auth = OAuth1("0" * 32, flickr.api_secret, flickr.token, flickr.token_secret)
        answer = post(flickr, auth)
        assert (401, "oauth_problem=consumer_key_unknown") == (answer.status_code, answer.text)

    @pytest.mark.parametrize("key", ["", "nonsense", " decafbad"])
    def test_a_key_of_the_wrong_shape_is_code_100(self, flickr, key):
        auth = OAuth1(key, flickr.api_secret, flickr.token, flickr.token_secret)
        with pytest.raises(Refused, match=r"100: Invalid API Key \(Key has invalid format\)"):
            read_xml(post(flickr, auth).text)

    def test_an_unsigned_call_may_read_what_is_public(self, flickr):
        photo_id = flickr.backend.add_photo(jpeg(), title="Seen")
        url = f"{flickr.url}/services/rest/"
        params = {
            "method": "flickr.photos.getInfo",
            "photo_id": photo_id,
            "api_key": flickr.api_key,
        }
        assert "Seen" == read_xml(requests.get(url, params, timeout=10).text).findtext("*/title")

    def test_without_any_key_there_is_code_100(self, flickr):
        with pytest.raises(Refused) as refused:
            read_xml(post(flickr, None).text)
        assert 100 == refused.value.code

    def test_signed_with_the_key_alone_is_nobody(self, flickr):
        auth = OAuth1(flickr.api_key, flickr.api_secret)
        with pytest.raises(Refused) as refused:
            read_xml(post(flickr, auth).text)
        assert (
            "99: Insufficient permissions. Method requires read privileges; none granted."
            == str(refused.value)
        )

    def test_an_empty_token_is_a_missing_parameter(self, flickr):
        auth = OAuth1(flickr.api_key, flickr.api_secret)
        answer = post(flickr, auth, data={"oauth_token": ""})
        assert (400, "oauth_problem=parameter_absent&oauth_parameters_absent=oauth_token") == (
            answer.status_code,
            answer.text,
        )

    def test_a_revoked_token_is_rejected(self, flickr, call):
        flickr.backend.revoke_token(flickr.token)
        answer = call.raw("photos.getInfo", photo_id="1")
        assert (401, "oauth_problem=token_rejected") == (answer.status_code, answer.text)

    def test_the_default_token_survives_a_reset(self, flickr, call):
        flickr.reset()
        assert call.xml("test.login") is not None

    def test_check_token_names_permission_and_user(self, flickr, call):
        found = call.xml("auth.oauth.checkToken").find("oauth")
        assert (flickr.token, "delete", "Demo Photographer") == (
            found.findtext("token"),
            found.findtext("perms"),
            found.find("user").get("fullname"),
        )


class TestPermissions:
    @pytest.mark.parametrize(
        ("granted", "method", "needed"),
        [
            ("read", "photos.setMeta", "write"),
            ("read", "photos.delete", "delete"),
            ("write", "photos.delete", "delete"),
        ],
    )
    def test_too_little_is_refused_with_the_real_text(self, flickr, granted, method, needed):
        photo_id = flickr.backend.add_photo(jpeg())
        call = Caller(flickr, flickr.backend.issue_token(granted))
        with pytest.raises(Refused) as refused:
            call.xml(method, photo_id=photo_id, title="x")
        assert (
            f"99: Insufficient permissions. Method requires {needed} privileges; {granted} granted."
        ) == str(refused.value)
        assert photo_id in flickr.backend.photos

    def test_an_upload_needs_write(self, flickr):
        call = Caller(flickr, flickr.backend.issue_token("read"))
        assert 99 == call.upload_code(jpeg())
        assert {} == flickr.backend.photos

    def test_an_unknown_method_is_code_112(self, call):
        with pytest.raises(Refused, match='112: Method "flickr.photos.paint" not found'):
            call.xml("photos.paint")

    def test_an_unknown_format_is_code_111(self, call):
        with pytest.raises(Refused, match='111: Format "php" not found'):
            call.xml("test.null", format="php")

    def test_get_does_not_write_unless_allowed(self, flickr, call):
        photo_id = flickr.backend.add_photo(jpeg())
        url = f"{flickr.url}/services/rest/"
        params = {"method": "flickr.photos.delete", "photo_id": photo_id}
        answer = requests.get(url, params, auth=call.auth, timeout=10)
        assert 'code="99"' in answer.text

        flickr.backend.options.allow_get_writes = True
        assert 'stat="ok"' in requests.get(url, params, auth=call.auth, timeout=10).text
        assert {} == flickr.backend.photos


class TestLogin:
    def session(self, flickr, **more):
        return OAuth1Session(flickr.api_key, flickr.api_secret, **more)

    def start(self, flickr, callback="oob"):
        session = self.session(flickr, callback_uri=callback)
        return session, session.fetch_request_token(f"{flickr.url}/services/oauth/request_token")

    def finish(self, flickr, asked, verifier):
        session = self.session(
            flickr,
            resource_owner_key=asked["oauth_token"],
            resource_owner_secret=asked["oauth_token_secret"],
            verifier=verifier,
        )
        return session.post(f"{flickr.url}/services/oauth/access_token", timeout=10)

    def test_out_of_band_shows_nine_digits_and_gives_a_token(self, flickr):
        _, asked = self.start(flickr)
        assert re.fullmatch(r"\d{17}-[0-9a-f]{16}", asked["oauth_token"])
        page = requests.get(
            f"{flickr.url}/services/oauth/authorize",
            params={"oauth_token": asked["oauth_token"], "perms": "write"},
            timeout=10,
        )
        code = re.search(r"\d{3}-\d{3}-\d{3}", page.text)[0]
        given = parse_qs(self.finish(flickr, asked, code).text)
        assert ["Demo Photographer"] == given["fullname"]
        assert [flickr.backend.me.nsid] == given["user_nsid"]

        token = flickr.backend.tokens.access[given["oauth_token"][0]]
        call = Caller(flickr, token)
        assert "write" == call.xml("auth.oauth.checkToken").findtext("oauth/perms")

    def test_a_callback_gets_token_and_verifier(self, flickr):
        _, asked = self.start(flickr, "http://localhost:1234/back?x=1")
        answer = requests.get(
            f"{flickr.url}/services/oauth/authorize",
            params={"oauth_token": asked["oauth_token"], "perms": "delete"},
            allow_redirects=False,
            timeout=10,
        )
        target = urlsplit(answer.headers["Location"])
        assert (302, "localhost:1234") == (answer.status_code, target.netloc)
        verifier = parse_qs(target.query)["oauth_verifier"][0]
        assert 200 == self.finish(flickr, asked, verifier).status_code

    def test_a_token_works_once(self, flickr):
        _, asked = self.start(flickr)
        verifier = flickr.backend.authorize(asked["oauth_token"], "read")
        assert [200, 401] == [self.finish(flickr, asked, verifier).status_code for _ in range(2)]

    @pytest.mark.parametrize("verifier", ["000-000-000", "test"])
    def test_a_wrong_code_is_401_and_spends_the_token(self, flickr, verifier):
        _, asked = self.start(flickr)
        right = flickr.backend.authorize(asked["oauth_token"], "read")
        assert 401 == self.finish(flickr, asked, verifier).status_code
        assert "oauth_problem=token_rejected" == self.finish(flickr, asked, right).text

    def test_without_a_grant_no_code_helps(self, flickr):
        _, asked = self.start(flickr)
        assert 401 == self.finish(flickr, asked, "123-456-789").status_code

    def test_a_request_token_needs_a_callback(self, flickr):
        answer = self.session(flickr).post(f"{flickr.url}/services/oauth/request_token", timeout=10)
        assert "oauth_parameters_absent=oauth_callback" in answer.text

    def test_an_unknown_key_gets_no_request_token(self, flickr):
        session = OAuth1Session("0" * 32, "x", callback_uri="oob")
        answer = session.post(f"{flickr.url}/services/oauth/request_token", timeout=10)
        assert (401, "oauth_problem=consumer_key_unknown") == (answer.status_code, answer.text)

    @pytest.mark.parametrize("query", ["oauth_token=nobody&perms=read", ""])
    def test_the_permission_page_knows_only_its_tokens(self, flickr, query):
        answer = requests.get(f"{flickr.url}/services/oauth/authorize?{query}", timeout=10)
        assert (400, True) == (answer.status_code, "not a valid token" in answer.text)


class TestLimits:
    def test_beyond_the_hourly_limit_everything_is_429_in_html(self):
        clock = Clock()
        with FlickrStandIn(clock=clock, options=FlickrOptions(calls_per_hour=3)) as flickr:
            call = Caller(flickr)
            assert [200, 200, 200, 429] == [call.raw("test.null").status_code for _ in range(4)]
            answer = call.raw("test.null")
            assert "text/html" == answer.headers["Content-Type"]
            assert "<h1>429 Too Many Requests</h1>" in answer.text
            assert "Retry-After" not in answer.headers
            clock.pass_by(3601)
            assert 200 == call.raw("test.null").status_code

    def test_the_login_and_uploads_count_too(self, flickr, call):
        flickr.backend.options.calls_per_hour = 1
        call.xml("test.null")
        url = f"{flickr.url}/services/oauth/request_token"
        session = OAuth1Session(flickr.api_key, flickr.api_secret, callback_uri="oob")
        assert 429 == session.post(url, timeout=10).status_code
        assert 429 == call.send_raw(jpeg()).status_code

    def test_status_and_headers_of_throttling_are_options(self, flickr, call):
        flickr.backend.options = FlickrOptions(
            calls_per_hour=0, throttle_status=503, throttle_headers={"Retry-After": "7"}
        )
        answer = call.raw("test.null")
        assert (503, "7") == (answer.status_code, answer.headers["Retry-After"])


def test_the_request_log_names_operations_and_keeps_no_secrets(flickr, call):
    call.raw("photos.getInfo", photo_id="7", oauth_token=flickr.token)
    call.send_raw(jpeg(), title="x")
    assert ["flickr.photos.getInfo", "upload"] == flickr.operations()
    assert {"method": "flickr.photos.getInfo", "photo_id": "7", "oauth_token": "***"} == (
        flickr.requests[0].params
    )
