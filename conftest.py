"""Examples in docstrings about PyTorch need PyTorch."""

from __future__ import annotations

import importlib.util

collect_ignore_glob = [] if importlib.util.find_spec("torch") else ["src/segmend/anatomy/torch_*.py"]
