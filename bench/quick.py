"""Whether little is measured, and once: QUICK=1."""

import os

QUICK = os.environ.get("QUICK") == "1"
