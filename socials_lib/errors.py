"""Everything that can go wrong, as one tree.

    SocialsError                    a fact, with a code, a hint (what the person can do) and details
    |- SettingsError                a setting is missing or wrong                       exit 5
    |- ImatchError                  IMatch (IMWS) refused or did not answer
    |  |- ImatchUnreachable         not running, other port, or something that is not IMatch
    |  |- ImatchSignInRefused       IMatch does not let this user in                    exit 5
    |  |- ImatchBusy                an object stayed locked (all repeats used up)
    |  |- CategoryMissing           a category that the person must create
    |  |- AttributeSetMissing       an attribute set or column that the person must create
    |  |- ReadBackDiffers           IMatch did not keep what was written
    |  `- ChangedSince              somebody changed in IMatch what was to be overwritten
    |- PlatformError                Flickr or Pixelfed; `unclear`: it may have happened all the same
    |  |- Unreachable               no connection, time-out, 5xx, an answer that cannot be read
    |  |- Refused                   a definite no; `service_code` is the service's own
    |  |- NotOnPlatform             the photo is not there (any more)
    |  |- NotYours                  the photo belongs to another account
    |  |- RateLimited               asked to slow down; `retry_after` in seconds if the service said
    |  `- SignedOut                 the sign-in is missing, ended or too narrow         exit 5
    |- PhotoError                   this one photo cannot be sent (file, format, private content)
    |- RecipeError                  a recipe or a table of changes that cannot be used
    |- PlanError                    a plan that cannot be applied (changed file, other account)
    |- NotApproved                  a guard asks for the person's consent               exit 4
    |- Stopped                      the person asked to stop (out of a wait, never out of a request)
    `- JournalError                 the journal cannot be read or written
       `- AnotherRun                another process carries out a run just now

Every error says a fact in `str(error)`; `.hint` says the way out; `.code` is stable and goes into
JSON; `.details` holds the service's own words.  No error ever holds a secret.
"""

from __future__ import annotations


class SocialsError(Exception):
    """A fact that stops something, with its way out."""

    code = "error"

    def __init__(
        self, message: str, *, hint: str = "", code: str | None = None, details: str = ""
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.details = details
        if code is not None:
            self.code = code

    @property
    def message(self) -> str:
        """The fact as one sentence."""
        return str(self)


class SettingsError(SocialsError):
    """A setting is missing or cannot be used."""

    code = "settings"


class ImatchError(SocialsError):
    """IMatch refused a call; `service_code` and `status` are IMWS's own."""

    code = "imatch"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        code: str | None = None,
        details: str = "",
        status: int | None = None,
        service_code: int | None = None,
        unclear: bool = False,
    ) -> None:
        super().__init__(message, hint=hint, code=code, details=details)
        self.status = status
        self.service_code = service_code
        self.unclear = unclear


class ImatchUnreachable(ImatchError):
    """IMatch does not answer, or what answers is not IMatch."""

    code = "imatch_unreachable"


class ImatchSignInRefused(ImatchError):
    """IMatch does not let this Windows user in."""

    code = "imatch_sign_in"


class ImatchBusy(ImatchError):
    """IMatch kept the object locked through all repeats."""

    code = "imatch_busy"


class CategoryMissing(ImatchError):
    """A category does not exist; only the person can create it."""

    code = "category_missing"


class AttributeSetMissing(ImatchError):
    """An attribute set or a column of it does not exist; only the person can create it."""

    code = "attribute_set_missing"


class ReadBackDiffers(ImatchError):
    """IMatch answered ok, but reading back shows another value."""

    code = "read_back_differs"


class ChangedSince(ImatchError):
    """The value in IMatch is not the one that was to be overwritten; it was left alone."""

    code = "changed_since"


class PlatformError(SocialsError):
    """Flickr or Pixelfed: `unclear` is true if the call may have taken effect all the same.

    `abuse_like` marks answers (HTTP 403, 451, code 116, HTML where an API answer is due) of which
    three in a row stop the run.
    """

    code = "platform"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        code: str | None = None,
        details: str = "",
        service_code: int | str | None = None,
        status: int | None = None,
        unclear: bool = False,
        transient: bool = False,
        abuse_like: bool = False,
    ) -> None:
        super().__init__(message, hint=hint, code=code, details=details)
        self.service_code = service_code
        self.status = status
        self.unclear = unclear
        self.transient = transient
        self.abuse_like = abuse_like


class Unreachable(PlatformError):
    """The service could not be reached, broke off, or answered something unreadable.

    `nobody_there` is true if there was no connection at all: nothing has left.
    """

    code = "unreachable"
    nobody_there: bool = False


class Refused(PlatformError):
    """A definite no: nothing happened, and the same call will be refused again.

    `restart_from` names the kind of an earlier act that must be done again first (a Pixelfed
    upload that was swallowed or collected), None if that would not help.
    """

    code = "refused"
    restart_from: str | None = None


class NotOnPlatform(PlatformError):
    """The service does not know this photo (any more)."""

    code = "not_on_platform"


class NotYours(PlatformError):
    """The photo belongs to another account and is left alone."""

    code = "not_yours"


class RateLimited(PlatformError):
    """The service asks for a pause; `retry_after` are its seconds, None if it named none."""

    code = "rate_limited"
    retry_after: float | None = None


class SignedOut(PlatformError):
    """The sign-in is missing, has ended, or may not do this."""

    code = "signed_out"


class PhotoError(SocialsError):
    """One photo cannot be sent; `code` is a problem code of the validation table."""

    code = "not_an_image"


class RecipeError(SocialsError):
    """A recipe of a bulk fix, or a table of changes, cannot be used as it is."""

    code = "recipe"


class PlanError(SocialsError):
    """A plan that must not be applied as it is."""

    code = "plan"


class NotApproved(SocialsError):
    """A guard stops here until the person agrees."""

    code = "not_approved"


class JournalError(SocialsError):
    """The journal cannot be read or written; nothing is sent without it."""

    code = "journal"


class AnotherRun(JournalError):
    """Another process is carrying out a run; its owner is named in the message."""

    code = "another_run"


class Stopped(SocialsError):
    """The person asked to stop; raised out of a wait, never out of a request in flight.

    `unclear` is true if the wait came after a changing request whose effect was to be proved.
    """

    code = "stopped"
    unclear = False
