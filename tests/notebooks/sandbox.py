"""Runs a notebook where the course's folder is read-only and there is no network but loopback.

    python sandbox.py COURSE_FOLDER NOTEBOOK RESULT

Started by `isolated` inside `unshare --mount --net`; Linux only.
"""

import socket
import struct
import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

SIOCSIFFLAGS = 0x8914
IFF_UP = 1


def raise_loopback() -> None:
    """Switch on the loopback interface, which a new network namespace has switched off."""
    import fcntl  # does not exist on Windows, where pytest imports this file for its doctests

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def make_read_only(folder: Path) -> None:
    """Mount a folder read-only over itself; an error if it can be written all the same."""
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
    try:
        (folder / "written").touch()
    except OSError:
        return
    raise RuntimeError(f"{folder} can still be written")


def check_no_network() -> None:
    """An error if an address elsewhere (reserved for documentation) can be tried at all."""
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    except TimeoutError as error:
        raise RuntimeError("there is a network") from error
    except OSError:
        return
    raise RuntimeError("there is a network")


def main(folder: str, notebook_path: str, result_path: str) -> None:
    """Cut off the surroundings, then run the notebook in the folder's notebooks/."""
    raise_loopback()
    check_no_network()
    make_read_only(Path(folder))
    notebook = nbformat.read(notebook_path, as_version=4)
    resources = {"metadata": {"path": str(Path(folder, "notebooks"))}}
    NotebookClient(notebook, kernel_name="python3", timeout=600, resources=resources).execute()
    nbformat.write(notebook, result_path)


if __name__ == "__main__":
    main(*sys.argv[1:])
