"""`python -m retrotimer`."""

import sys

from retrotimer.cli import main

if __name__ == "__main__":
    sys.exit(main())
