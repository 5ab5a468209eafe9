"""`python -m socials_lib` is the command line `socials`."""

import sys

from socials_lib.cli import main

if __name__ == "__main__":
    sys.exit(main())
