"""How many random cases laws are tried on: enough to notice, or as many as SEGMEND_CASES says."""

import os

from hypothesis import settings

few = settings(max_examples=int(os.environ.get("SEGMEND_CASES", "150")), deadline=None)
