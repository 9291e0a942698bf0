"""A smaller kernel: freed memory goes back to the system, where the C library is glibc (Linux).

glibc keeps what a program frees, in a pool for each thread, in case it is wanted again. TensorFlow
has many threads, and between two cells of a lesson 0.1 GiB and more were kept for nobody.
"""

import ctypes
import sys

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
_NUM_POOLS = 2  # as many as the reference machine has cores: no slower there


def keep_small() -> bool:
    """Keep few pools, and empty them after each cell of a notebook; False where that cannot be.

    To be called before TensorFlow starts its threads; a second call changes nothing.
    """
    try:
        library = ctypes.CDLL(None)
        library.mallopt(_ARENA_MAX, _NUM_POOLS)
        trim = library.malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library, macOS, Windows
        return False
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and not getattr(shell, "keeps_small", False):
        shell.events.register("post_run_cell", lambda *_: trim(0))
        shell.keeps_small = True
    return True
