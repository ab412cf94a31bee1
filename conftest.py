"""Examples in docstrings about PyTorch need PyTorch, as do the modules of its tests."""

from __future__ import annotations

import importlib.util

collect_ignore_glob = (
    [] if importlib.util.find_spec("torch") else ["src/segmend/anatomy/torch_*.py", "tests/anatomy/modules.py"]
)
