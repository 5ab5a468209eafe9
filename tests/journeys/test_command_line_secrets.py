"""No key, secret or token is ever printed, logged, journaled or saved, whatever goes wrong."""

from __future__ import annotations

import pytest
from command_line_kit import socials_here

from socials_lib.credentials import SECRET_NAMES

NOWHERE = "http://127.0.0.1:1"
COMMANDS = [["doctor"], ["plan"], ["sync", "--yes"], ["resume"], ["stop"]]
COMMANDS += [["history"], ["audit"]]


CANARIES = {
    name: f"canary-{number}-{name[-6:].lower()}" for number, name in enumerate(SECRET_NAMES)
}


def everything_written(home):
    """All files of the data folder, as bytes, by name."""
    return {
        str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()
    }


def assert_no_secret(rig, outputs, secrets):
    places = {f"output {number}": one for number, one in enumerate(outputs)}
    places |= everything_written(rig.folder / "home")
    found = [
        (name, secret)
        for name, written in places.items()
        for secret in secrets
        if secret.encode() in written
    ]
    assert [] == found


def secrets_of(rig):
    return [rig.environ[name] for name in SECRET_NAMES]


def all_commands(rig, **environ):
    """What every command prints, as text and as JSON."""
    plan = rig.folder / "home" / "plan.json"
    outputs = []
    for command in (*COMMANDS, ["plan", "--out", str(plan)], ["apply", str(plan), "--yes"]):
        for more in ([], ["--json"]):
            done = socials_here({**rig.environ, **environ}, *command, *more)
            outputs += [done.out.encode(), done.err.encode()]
    return outputs


def test_no_secret_is_printed_or_written_when_all_is_well(rig):
    rig.photo(flickr=True, pixelfed=True)
    rig.imws.backend.variables["pixelfed_token"] = "canary-variable"

    assert_no_secret(rig, all_commands(rig), [*secrets_of(rig), "canary-variable"])


def test_no_secret_is_printed_or_written_when_sign_ins_are_refused(rig):
    rig.photo(flickr=True, pixelfed=True)

    assert_no_secret(rig, all_commands(rig, **CANARIES), CANARIES.values())


def test_no_secret_is_printed_or_written_while_imatch_is_down(rig):
    rig.photo(flickr=True, pixelfed=True)
    outputs = all_commands(rig, **CANARIES, SOCIALS_IMATCH_URL=NOWHERE)

    assert_no_secret(rig, outputs, CANARIES.values())


@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_no_secret_is_printed_or_written_when_services_echo_it(rig, status):
    """Servers repeat what they were sent in error pages; they end up in messages and details."""
    rig.photo("One", flickr=True, pixelfed=True)
    rig.photo("Two", flickr=True, pixelfed=True)
    secrets = secrets_of(rig)
    page = "<p>Refused: " + " ".join(f"token={one} Bearer {one}" for one in secrets) + "</p>"
    for service in (rig.flickr, rig.pixelfed):
        service.fail_next("*", status=status, body=page.encode(), skip=4, times=-1)

    assert_no_secret(rig, all_commands(rig), secrets)


def test_the_log_holds_details_without_secrets(rig):
    secret = rig.environ["SOCIALS_FLICKR_TOKEN"]
    rig.photo(flickr=True)
    rig.flickr.fail_next("*", status=403, body=f"<p>{secret}</p>".encode(), times=-1)
    done = socials_here(rig.environ, "sync", "--yes", "--json")

    assert done.code != 0
    log = (rig.folder / "home" / "logs" / "socials.log").read_text(encoding="utf-8")
    assert "<p>***</p>" in log
    assert secret not in log
