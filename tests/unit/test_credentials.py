"""Secrets: order of the sources, the keyring, and that they show up nowhere."""

import copy
import dataclasses
import json
import logging
import pickle
from pathlib import Path

import keyring as keyring_package
import keyring.backends.fail
import keyring.errors
import pytest

from socials_lib.credentials import (
    Credentials,
    FlickrCredentials,
    PixelfedCredentials,
    RedactingFilter,
    Secret,
    environment_masked,
    forget,
    safe_keyring,
    service_name,
    store_flickr_key,
    store_flickr_token,
    store_pixelfed_token,
)
from socials_lib.errors import SettingsError
from socials_lib.settings import Settings

FULL = {
    "SOCIALS_FLICKR_APIKEY": "key-of-mine",
    "SOCIALS_FLICKR_APISECRET": "shh/of+mine",
    "SOCIALS_FLICKR_TOKEN": "token-of-mine",
    "SOCIALS_FLICKR_TOKEN_SECRET": "shh-token",
    "SOCIALS_PIXELFED_TOKEN": "px-token",
}


class Ring:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.asked: list[str] = []

    def get_password(self, service, username):
        self.asked.append(username)
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


class PlaintextKeyring(Ring):
    """As keyrings.alt calls its own."""


class Locked(Ring):
    def get_password(self, service, username):
        raise keyring.errors.KeyringLocked("locked: px-token")

    set_password = get_password


class Forgetful(Ring):
    def set_password(self, service, username, password):
        return None


@pytest.fixture
def ring() -> Ring:
    return Ring()


def settings_of(tmp_path: Path, **environ: str) -> Settings:
    environ.setdefault("SOCIALS_PIXELFED_URL", "https://px.example")
    return Settings.load(environ={"SOCIALS_HOME": str(tmp_path), **environ})


@pytest.fixture
def settings(tmp_path) -> Settings:
    return settings_of(tmp_path)


# -- secrets


def test_a_secret_shows_nowhere_but_where_it_is_revealed():
    secret = Secret("s3cr3t")
    holder = PixelfedCredentials(url="https://px.example", token=secret)
    shown = [
        repr(secret),
        str(secret),
        f"{secret}{secret!r}{secret:>20}",
        "%s %r" % (secret, secret),  # noqa: UP031
        "Bearer " + secret,
        json.dumps({"token": secret}),
        json.dumps(dataclasses.asdict(holder)),
        repr(holder),
        repr(pickle.dumps(secret)),
        repr(pickle.loads(pickle.dumps(holder))),
        str(secret.encode()),
    ]
    assert "s3cr3t" == secret.reveal()
    assert [] == [text for text in shown if "s3cr3t" in text]
    assert '{"token": "***"}' == json.dumps({"token": secret})


def test_secrets_are_equal_by_what_they_are():
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert Secret("a") != "***"
    assert 2 == len({Secret("a"), Secret("a"), Secret("b")})
    assert "a" == copy.deepcopy(Secret("a")).reveal()
    assert not Secret("")
    with pytest.raises(AttributeError):
        Secret("a").more = 1  # type: ignore[attr-defined]


# -- sources


def test_everything_from_the_environment_asks_nobody_else(settings, ring):
    def variable(name: str) -> str:
        raise AssertionError(name)

    credentials = Credentials.load(settings, FULL, variable, ring)

    assert (
        FlickrCredentials(
            key=Secret("key-of-mine"),
            secret=Secret("shh/of+mine"),
            token=Secret("token-of-mine"),
            token_secret=Secret("shh-token"),
        )
        == credentials.flickr
    )
    assert "px-token" == credentials.pixelfed.token.reveal()
    assert ((), ()) == (credentials.missing("flickr"), credentials.missing("pixelfed"))
    assert [] == ring.asked


def test_the_keyring_goes_before_imatch(settings, ring):
    store_flickr_key(settings, key="ring-key", secret="ring-secret", keyring=ring)
    variables = {"flickr_apikey": "imatch-key", "pixelfed_token": "imatch-token"}

    credentials = Credentials.load(settings, {}, variables.get, ring)

    assert "ring-key" == credentials.flickr_key.key.reveal()
    assert "imatch-token" == credentials.pixelfed.token.reveal()


def test_both_spellings_of_the_imatch_variables_are_taken_the_real_one_first(settings, ring):
    variables = {
        "flickr_apikey": "right",
        "flickr_api_key": "wrong",
        "flickr_api_secret": "as in the notes",
    }
    key = Credentials.load(settings, {}, variables.get, ring).flickr_key

    assert ("right", "as in the notes") == (key.key.reveal(), key.secret.reveal())


def test_what_is_missing_is_named_and_the_platform_not_set_up(tmp_path, ring):
    bare = settings_of(tmp_path, SOCIALS_PIXELFED_URL="")

    credentials = Credentials.load(bare, {"SOCIALS_FLICKR_APIKEY": "k"}, None, ring)

    assert (None, None) == (credentials.flickr, credentials.pixelfed)
    assert ("flickr_apisecret", "flickr_token", "flickr_token_secret") == credentials.missing(
        "flickr"
    )
    assert ("pixelfed_url", "pixelfed_token") == credentials.missing("pixelfed")
    assert credentials.flickr_key is None


def test_imatchs_token_goes_only_to_imatchs_server(settings, ring):
    elsewhere = {"pixelfed_token": "px-token", "pixelfed_url": "https://other.example"}
    here = {"pixelfed_token": "px-token", "pixelfed_url": "px.example/"}

    assert Credentials.load(settings, {}, elsewhere.get, ring).pixelfed is None
    assert Credentials.load(settings, {}, here.get, ring).pixelfed is not None


# -- keyring


def test_a_sign_in_is_kept_for_this_mode_and_host_only(tmp_path, ring):
    live = settings_of(tmp_path)
    demo = settings_of(tmp_path, SOCIALS_MODE="demo")
    elsewhere = settings_of(tmp_path, SOCIALS_PIXELFED_URL="https://other.example")

    store_pixelfed_token(live, token=" px-token\n", keyring=ring)
    store_flickr_token(live, token="t", token_secret="s", keyring=ring)

    found = [Credentials.load(one, {}, None, ring).pixelfed for one in (live, demo, elsewhere)]
    assert ["px-token", None, None] == [one and one.token.reveal() for one in found]
    assert "imatch-to-socials live pixelfed px.example" == service_name(live, "pixelfed")
    assert "imatch-to-socials demo flickr www.flickr.com" == service_name(demo, "flickr")


def test_forgetting_leaves_nothing_of_that_platform(settings, ring):
    store_flickr_token(settings, token="t", token_secret="s", keyring=ring)
    store_pixelfed_token(settings, token="p", keyring=ring)

    forget(settings, "flickr", keyring=ring)
    forget(settings, "flickr", keyring=ring)

    assert ["p"] == list(ring.kept.values())


@pytest.mark.parametrize("backend", [PlaintextKeyring(), keyring.backends.fail.Keyring()])
def test_a_keyring_that_keeps_no_secrets_is_refused_with_a_way_out(settings, backend):
    credentials = Credentials.load(settings, {}, None, backend)

    assert credentials.keyring_problem
    with pytest.raises(SettingsError) as caught:
        store_pixelfed_token(settings, token="px-token", keyring=backend)
    assert "SOCIALS_PIXELFED_TOKEN" in caught.value.hint
    assert {} == getattr(backend, "kept", {})


def test_of_a_chain_the_first_safe_keyring_is_used(ring):
    chain = type("ChainerBackend", (), {"__module__": "keyring.backends.chainer"})()
    chain.backends = [PlaintextKeyring(), ring]

    assert ring is safe_keyring(chain)


def test_the_systems_keyring_is_the_default(monkeypatch, ring):
    monkeypatch.setattr(keyring_package, "get_keyring", lambda: ring)

    assert ring is safe_keyring()


def test_a_locked_keyring_is_a_problem_in_words(settings):
    credentials = Credentials.load(settings, FULL | {"SOCIALS_PIXELFED_TOKEN": ""}, None, Locked())

    assert credentials.flickr is not None
    assert "KeyringLocked" in credentials.keyring_problem
    with pytest.raises(SettingsError) as caught:
        store_pixelfed_token(settings, token="px-token", keyring=Locked())
    assert "px-token" not in f"{caught.value}{caught.value.details}{caught.value.__cause__}"


def test_a_keyring_that_keeps_nothing_is_noticed(settings):
    with pytest.raises(SettingsError, match="did not keep pixelfed_token"):
        store_pixelfed_token(settings, token="px-token", keyring=Forgetful())


def test_a_token_without_server_is_not_kept(tmp_path, ring):
    with pytest.raises(SettingsError, match="nowhere to belong"):
        store_pixelfed_token(
            settings_of(tmp_path, SOCIALS_PIXELFED_URL=""), token="p", keyring=ring
        )


# -- redaction


def test_all_forms_of_a_secret_are_masked(settings, ring):
    credentials = Credentials.load(settings, FULL, None, ring)
    said = (
        "shh/of+mine shh%2Fof%2Bmine c2hoL29mK21pbmU= px-token "
        "https://x/?oauth_token=unknown&a=b Authorization: Bearer abc.def"
    )
    assert (
        "*** *** *** *** https://x/?oauth_token=***&a=b Authorization: Bearer ***"
        == credentials.redact(said)
    )
    assert "px-token" not in repr(credentials)


def test_log_lines_and_tracebacks_lose_their_secrets(settings, ring):
    credentials = Credentials.load(settings, FULL, None, ring)
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(logging.Formatter().format(record))
    handler.addFilter(RedactingFilter(credentials.redact))
    logger = logging.getLogger("test_redaction")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        logger.warning("sent %s to %s", "px-token", {"a": "token-of-mine"})
        try:
            raise ValueError("bad px-token")
        except ValueError:
            logger.exception("oh")
    finally:
        logger.removeHandler(handler)

    assert "sent *** to {'a': '***'}" == lines[0]
    assert "ValueError: bad ***" in lines[1]
    assert "px-token" not in "".join(lines)


# long secrets: Windows' Credential Manager takes 2,560 bytes an entry, as UTF-16


class Windows(Ring):
    """As strict as Windows is."""

    def set_password(self, service, username, password):
        if len(password.encode("utf-16-le")) > 2_560:
            raise OSError(1783, "CredWrite", "The stub received bad data.")
        super().set_password(service, username, password)

    def delete_password(self, service, username):
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError(username)
        super().delete_password(service, username)


LONG = "eyJ0eXAi.px-token-" + "0123456789abcdef" * 200


def live(tmp_path, ring):
    environ = {"SOCIALS_HOME": str(tmp_path), "SOCIALS_PIXELFED_URL": "https://px.example"}
    settings = Settings.load(environ=environ)
    return settings, lambda: Credentials.load(settings, environ, None, ring).pixelfed


def test_a_token_longer_than_an_entry_is_kept_in_parts(tmp_path):
    ring = Windows()
    settings, loaded = live(tmp_path, ring)
    store_pixelfed_token(settings, token=LONG, keyring=ring)

    assert LONG == loaded().token.reveal()
    assert LONG not in ring.kept.values()
    assert all(len(one) <= 1_200 for one in ring.kept.values())


@pytest.mark.parametrize("length", [1, 1_199, 1_200, 1_201, 2_400, 2_401])
def test_secrets_of_every_length_come_back(tmp_path, length):
    ring = Windows()
    settings, loaded = live(tmp_path, ring)
    store_pixelfed_token(settings, token="x" * length, keyring=ring)

    assert "x" * length == loaded().token.reveal()


def test_a_shorter_token_leaves_no_parts_of_the_older_one(tmp_path):
    ring = Windows()
    settings, loaded = live(tmp_path, ring)
    for token, entries in ((LONG, 4), (LONG[:1_500], 3), ("short-token", 1)):
        store_pixelfed_token(settings, token=token, keyring=ring)
        assert (token, entries) == (loaded().token.reveal(), len(ring.kept))


def test_parts_that_do_not_belong_together_are_no_token(tmp_path):
    ring = Windows()
    settings, loaded = live(tmp_path, ring)
    store_pixelfed_token(settings, token=LONG, keyring=ring)
    service = service_name(settings, "pixelfed")
    ring.kept[service, "pixelfed_token.2"] = "x" * 1_200

    assert loaded() is None
    del ring.kept[service, "pixelfed_token.2"]
    assert loaded() is None


def test_forgetting_takes_all_parts(tmp_path):
    ring = Windows()
    settings, loaded = live(tmp_path, ring)
    store_pixelfed_token(settings, token=LONG, keyring=ring)
    forget(settings, "pixelfed", keyring=ring)

    assert {} == ring.kept
    assert loaded() is None


def test_the_environment_is_masked_before_it_was_read():
    environ = {"SOCIALS_FLICKR_TOKEN": "tok/4711", "SOCIALS_PIXELFED_TOKEN": "abc"}

    assert "*** and *** but abc" == environment_masked("tok/4711 and tok%2F4711 but abc", environ)
    assert "tok/4711" == environment_masked("tok/4711", environ, shortest=9)
