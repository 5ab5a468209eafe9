"""The texts of all messages: a fact with the photo or the service as subject, then what to do.

`{…}` is filled in by `messages.say`; numbers come with their word (`{done}` is `18`, `{photos}` is
`12 photos`), titles without quotes.  Words in backticks become code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Text:
    """`tone` is `err`, `warn` or `ok`; `buttons` are shown where the view can do what they say."""

    fact: str
    hint: str = ""
    tone: str = "err"
    buttons: tuple[str, ...] = ()


def _note(fact: str, hint: str) -> Text:
    return Text(fact=fact, hint=hint, tone="warn")


TEXTS: Mapping[str, Text] = {
    "M1": Text(
        fact="Nothing is pending. {published} published.",
        hint="Put a photo into {places} in IMatch, then",
        tone="ok",
        buttons=("Read IMatch again",),
    ),
    "M2": Text(
        fact="IMatch does not answer at {address}.",
        hint="Start IMatch and open your database. If it is running, its web service may use"
        " another port: set `SOCIALS_IMATCH_URL`.",
        buttons=("Check again",),
    ),
    "M3": Text(
        fact="Something answers at {address}, but it is not IMatch.",
        hint="Set `SOCIALS_IMATCH_URL` to IMatch's own address.",
        buttons=("Check again",),
    ),
    "M4": Text(
        fact="IMatch does not let “{user}” in.",
        hint="Start JupyterLab as the Windows user who runs IMatch, or set `SOCIALS_IMATCH_USER`.",
        buttons=("Check again",),
    ),
    "M5": Text(
        fact="IMatch closed with {photos} to do. The run is paused; {ids} safe and will be"
        " written.",
        hint="Start IMatch, then",
        tone="warn",
        buttons=("Go on",),
    ),
    "M6": Text(
        fact="IMatch is busy with “{title}” and has not taken the id yet.",
        hint="The id is kept here. Tried {tries}; [Go on] tries again.",
        tone="warn",
        buttons=("Go on",),
    ),
    "M7": Text(
        fact="The category `{path}` does not exist in IMatch.",
        hint="Create it in IMatch; this program cannot.",
        buttons=("Check again",),
    ),
    "M7 leaf": Text(
        fact="IMatch cannot show {number} of these problems; they are all listed here.",
        hint="",
        tone="warn",
    ),
    "M8": Text(
        fact="IMatch has no attribute set `{set}`, so ids could not be kept. Nothing is sent to"
        " {platform}.",
        hint="Edit > Preferences > Edit Attributes: `{set}` with {columns}.",
        buttons=("Check again",),
    ),
    "M9": Text(
        fact="The variable `flickr_apikey` in IMatch is empty.",
        hint="Edit > Preferences > Variables: `flickr_apikey`, `flickr_apisecret`.",
    ),
    "M10": Text(
        fact="Flickr did not take this code. A code works once and for a short time.",
        hint="Open Flickr's page again and paste the new digits.",
    ),
    "M11": Text(
        fact="The sign-in may add and change, but not delete.",
        hint="{photos} can go, {deletes} wait.",
        tone="warn",
        buttons=("Sign in again",),
    ),
    "M12": Text(
        fact="Flickr no longer accepts the sign-in of “{account}”. Paused after {done} of {total}.",
        hint="[Sign in here], then [Go on]. Nothing is sent twice.",
        buttons=("Sign in here", "Go on"),
    ),
    "M13": Text(
        fact="{server} no longer accepts the token; it ended on {day}.",
        hint="Make a new one with read and write, paste it in `00_start_here`, then",
        buttons=("Go on",),
    ),
    "M14": Text(
        fact="{platform} cannot be reached, tried for {time}. {done} done, {left} untouched.",
        hint="Check the connection, then",
        buttons=("Go on",),
    ),
    "M15": Text(
        fact="“{title}” is off-line: {path} cannot be opened.",
        hint="Connect that drive, then [Check again]. The others can go.",
        buttons=("Check again",),
    ),
    "M16": Text(
        fact="“{title}” is {size}; {server} takes {limit}.",
        hint="Export a smaller version, or [Make a smaller copy] and see it in the preview.",
        buttons=("Make a smaller copy",),
    ),
    "M17": Text(
        fact="“{title}” has no headline, so there is no alt text.",
        buttons=("Use the title", "Write it…"),
    ),
    "M18": Text(
        fact="The caption has {letters} letters, {server} takes {limit}; hashtags and camera lines"
        " are already left out.",
        buttons=("Shorten at a word", "Write it…"),
    ),
    "M19": Text(
        fact="The copy of “{title}” still holds {what}. It was not sent.",
        hint="The original is unchanged. > Details names the block.",
        buttons=("Save bug report",),
    ),
    "M20": Text(
        fact="“{title}” is in both `_delete` and `{flag}`.",
        buttons=("Take out of _delete", "Take out of {flag}"),
    ),
    "M21": Text(
        fact="IMatch says “{title}” is published, but its record has no photo id.",
        buttons=("Find it on {platform}",),
    ),
    "M22": _note(
        "“{title}” is online. Flickr knows no album {id} for “{album}”.",
        "Put the album's number into the first line of that category's description."
        " The next run adds it.",
    ),
    "M23": _note(
        "“{title}” is online. The group “{name}” takes {limit} from you; today's are used.",
        "Nothing to do: the next run from tomorrow adds it.",
    ),
    "M24": _note(
        "“{title}” waits for the moderators of “{name}”.",
        "Nothing to do; they are not asked twice.",
    ),
    "M24 refused": _note(
        "“{title}” is online. The group “{name}” does not take it.",
        "Take it out of that group's category.",
    ),
    "M25": Text(
        fact="The run of {when} did not end: {done} done, {unclear} unclear, {left} not started.",
        hint="The unclear photo is looked for on {platform} first; nothing is sent twice.",
        tone="warn",
        buttons=("Finish this run", "Show it"),
    ),
    "M26": Text(
        fact="{platform} did not answer in time for “{title}”, and could not be asked since whether"
        " it arrived.",
        hint="It is left alone until clear.",
        tone="warn",
        buttons=("Look again",),
    ),
    "M27": Text(
        fact="Another run is under way: {origin}, since {since}{progress}.",
        hint="Wait, or ask it to stop after its photo.",
        tone="warn",
        buttons=("Watch it", "Ask it to stop"),
    ),
    "M28": Text(
        fact="“{title}” has {engagement}, so it stays.",
        hint="Tick its box to delete it all the same, or",
        tone="warn",
        buttons=("Take out of _delete",),
    ),
    "M29": Text(
        fact="“{title}” has changed since the plan of {when} ({what} in IMatch). It was left"
        " alone.",
        hint="[Plan again] shows the new state.",
        tone="warn",
        buttons=("Plan again",),
    ),
    "M30": Text(
        fact="This post was edited {edits}; Pixelfed allows no more.",
        hint="Leave it, or tick `Delete and post again; {engagement} and its link are lost`.",
        tone="warn",
    ),
    "M30 few": Text(fact="{edits} left for this post.", tone="warn"),
    "M30 picture": Text(
        fact="Pixelfed cannot exchange the picture of a post. The text was updated.",
        hint="Leave it, or tick `Delete and post again; {engagement} and its link are lost`.",
        tone="warn",
    ),
    "M31": Text(
        fact="IMatch did not keep the {field} of “{title}”: wrote “{wrote}”, reads “{reads}”."
        " Stopped after {done} of {total}.",
        hint="Nothing else was changed.",
        buttons=("Put back {values}",),
    ),
    "M32": Text(
        fact="Writing metadata to IMatch is switched off.",
        hint="[Try it on one photo I choose] switches it on if the value reads back; or download"
        " the CSV.",
        tone="warn",
        buttons=("Try it on one photo I choose",),
    ),
    "M33": Text(
        fact="… {platform} asks for a pause. Going on by itself at {clock}; {done} of {total}"
        " done.",
        hint="Leave it open, or",
        tone="warn",
        buttons=("Stop",),
    ),
    "M33 own": Text(
        fact="… {limit} calls of this hour are used. Going on at {clock}.",
        hint="Leave it open, or",
        tone="warn",
        buttons=("Stop",),
    ),
    "M34": Text(
        fact="{platform} refused 3 times in a row. Stopped to protect your account.",
        hint="Read > Details, wait an hour, then",
        buttons=("Go on with the {left}",),
    ),
    "M35": Text(
        fact="Stopped after “{title}”: {done} {word}, {left} not started. Nothing is half done.",
        tone="warn",
        buttons=("Go on with the {left}", "Leave it"),
    ),
    "M36": Text(
        fact="All {photos} need a fix; {most}.",
        hint="See “2 Fix”.",
        tone="warn",
    ),
    "M37": Text(
        fact="The disk with the run journal is full. Stopped before anything more was sent; nothing"
        " is lost.",
        hint="Free 200 MB on {drive}, then",
        buttons=("Go on",),
    ),
    "M38": Text(
        fact="{photos} of {published} would go ({percent}); at most {most} can go at once.",
        hint="Nothing is deleted. Untick some or say the number on the command line"
        " (`--approve-deletes {number}`).",
        tone="warn",
    ),
    "M38 stopped": Text(
        fact="The run was stopped ({why}), so the deletes were not started.",
        hint="[Go on]; deletes you approved follow when the trouble is over.",
        tone="warn",
        buttons=("Go on",),
    ),
    "M39": Text(
        fact="The field says “{typed}”, but {photos} are listed.",
        hint="Type {wanted}.",
        tone="warn",
    ),
    "M40": Text(
        fact="Your Flickr account is full ({used} of {room}). {done} added, {left} not started.",
        hint="Updates and deletes still work.",
    ),
    "M41": Text(
        fact="Something here went wrong that we did not expect, with “{title}”. The others go on."
    ),
    "M41 alone": Text(
        fact="Something here went wrong that we did not expect. Nothing was sent by it."
    ),
}
