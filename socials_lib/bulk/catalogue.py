"""All steps by the name that they have in JSON."""

from __future__ import annotations

from collections.abc import Mapping

from socials_lib.bulk.repairs import IdFromUrl, UrlFromId
from socials_lib.bulk.steps import (
    AddKeywords,
    Assign,
    Case,
    Copy,
    Edit,
    Map,
    Regex,
    RemoveKeywords,
    RenameKeyword,
    Replace,
    Set,
    Shorten,
    Template,
    Trim,
    Typography,
    Unassign,
)

#: Name of a step in JSON -> its record.
STEPS: Mapping[str, type] = {
    "set": Set,
    "template": Template,
    "replace": Replace,
    "regex": Regex,
    "trim": Trim,
    "case": Case,
    "typography": Typography,
    "shorten": Shorten,
    "copy": Copy,
    "map": Map,
    "add_keywords": AddKeywords,
    "remove_keywords": RemoveKeywords,
    "rename_keyword": RenameKeyword,
    "assign": Assign,
    "unassign": Unassign,
    "id_from_url": IdFromUrl,
    "url_from_id": UrlFromId,
    "edit": Edit,
}
