"""What the operating system allows."""

from __future__ import annotations

SPARE = 256
"""Files that the rest of the program may hold open."""


def allow_open_files(count: int) -> None:
    """Let the process hold so many files open beside its own, as far as the system allows: a memory map is one.

    Args:
        count: files to be opened.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + SPARE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
