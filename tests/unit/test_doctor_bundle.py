"""What a bundle leaves out of log lines and folders."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from socials_lib.doctor.bundle import shortened, without_texts


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("flickr 1201 “Dawn over the lake”: add done; 54", "flickr 1201 “(…)”: add done; 54"),
        ("“A “quoted” title” and its “end”.", "“(…)”."),
        ("    | ValueError: Dawn is wrong", "    | ValueError: (…)"),
        ("    | socials_lib.errors.Refused: no Dawn", "    | socials_lib.errors.Refused: (…)"),
        ("ended: Flickr refused. (refused) <p>Dawn</p>", "ended: Flickr refused. (refused) (…)"),
        ("run started, 3 rows", "run started, 3 rows"),
        ('    |   File "run.py", line 3, in apply', '    |   File "run.py", line 3, in apply'),
    ],
)
def test_titles_and_what_services_repeat_go_and_the_rest_stays(line, left):
    assert left == without_texts(line, ())


def test_texts_that_the_journal_knows_go_wherever_they_stand():
    log = "service said: Kestrel above Quoin Rock is bad\nfile D:\\Photos\\kestrel.jpg\n"

    assert "service said: (…) is bad\nfile (…)\n" == without_texts(
        log, ["Kestrel above Quoin Rock", "D:\\Photos\\kestrel.jpg"]
    )


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (r"C:\Users\Anna Maria\AppData\Local\socials", r"~\AppData\Local\socials"),
        (r'"home": "C:\\Users\\Anna Maria\\AppData"', r'"home": "~\\AppData"'),
        ("c:/users/anna maria/AppData", "~/AppData"),
        (r"D:\Users\somebody\x and C:\Users\else\y", r"~\x and ~\y"),
        ("/home/somebody/photos and /Users/else/photos", "~/photos and ~/photos"),
        (r"D:\Photos\2024", r"D:\Photos\2024"),
        ("/srv/data/home/settings.toml", "/srv/data/home/settings.toml"),
    ],
)
def test_folders_of_a_person_are_a_tilde(text, short):
    assert short == shortened(text, PureWindowsPath(r"C:\Users\Anna Maria"))  # type: ignore[arg-type]  # only its text counts


def test_a_folder_that_only_begins_alike_is_another():
    home = Path("/srv/anna") if isinstance(Path(), PurePosixPath) else Path("S:/anna")

    assert f"~ and {home}lise" == shortened(f"{home} and {home}lise", home)
