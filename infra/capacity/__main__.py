"""`python -m infra.capacity [--write]`: count what the portal does, and what a year costs; --write puts it into the docs."""

import sys

from infra.capacity import page

sys.exit(page.main(sys.argv[1:]))
