"""Outputs that appear whole or not at all: a temporary beside the target, renamed at the end."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from landscape.errors import LandscapeError
from landscape.stale import held, hidden_stem, remove_stale

__all__ = [
    "RECIPE_FILE",
    "AnyPath",
    "atomic_folder",
    "atomic_output",
    "check_writable",
    "shown",
    "write_error",
]

AnyPath = str | os.PathLike[str]

RECIPE_FILE = "recipe.toml"
"""The file that says how a folder of frames was made, and so that it was made by this package."""

FRAME_FILE = re.compile(r"frame-\d{5,}\.png")

_CURES = {
    errno.ENOSPC: "free some space or choose another folder",
    errno.EDQUOT: "free some space or choose another folder",
    errno.EFBIG: "raise the limit on file sizes or make the film smaller",
    errno.EACCES: "change its permissions or choose another folder",
    errno.EPERM: "change its permissions or choose another folder",
    errno.EROFS: "choose another folder",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ENOENT: "the folder is gone: make it again",
}
# These come from the disk under the output, whichever call inside the block met them.
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}


def shown(path: AnyPath) -> str:
    """Return `path` as a message shows it: quoted if it would break the line."""
    text = os.fspath(path)
    return text if text.isprintable() else repr(text)


def write_error(path: AnyPath, error: OSError) -> LandscapeError:
    """Return the one-line error for `error` that came up while `path` was written."""
    reason = error.strerror or str(error) or type(error).__name__
    cure = _CURES.get(error.errno or 0, "try another folder")
    return LandscapeError(f"cannot write {shown(path)}: {reason[:1].lower()}{reason[1:]}; {cure}")


def check_writable(path: AnyPath, *, folder: bool = False) -> None:
    """Fail early, before long work, if `path` could not be written at its end.

    Parameters: `path` is the target; `folder` says that it will be a folder of frames.

    Errors: `LandscapeError` if the parent folder is missing or not writable, if the target is of
    another kind, is protected, or is a folder that holds anything but frames made here.
    """
    target = _target(path, folder=folder)
    # Rights do not tell all: the administrator has them on /proc too, where no file can be made.
    trial = _beside(target, "")
    try:
        os.close(os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        trial.unlink()
    except FileNotFoundError as error:
        raise LandscapeError(
            f"cannot write {shown(path)}: no file can be made in {shown(target.parent)}; choose "
            "another folder"
        ) from error
    except OSError as error:
        raise write_error(path, error) from error


@contextmanager
def atomic_output(path: AnyPath) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`, which becomes `path` on a clean exit.

    Any exception, an interrupt too, deletes the temporary and leaves an older `path` as it was. The
    file gets the mode that `open` would give it; a symbolic link keeps pointing at the new file.

    Parameters: `path` is the file to write; the temporary has the same suffix and a hidden name.

    Errors: `LandscapeError` if `path` cannot be written, before the block or in it (disk full).
    """
    target = _target(path, folder=False)
    temporary = _beside(target, target.suffix)
    remove_stale(target)
    try:
        with _explained(path, temporary):
            # Not tempfile: it makes files that only the owner can read.
            os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
            with held(temporary):
                yield temporary
            if target.exists():
                shutil.copymode(target, temporary)
            _sync(temporary)
            os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # the name is in place; its safety in a power cut is a bonus
        _sync(target.parent)


@contextmanager
def atomic_folder(path: AnyPath) -> Iterator[Path]:
    """Yield a temporary folder beside `path`, which becomes `path` on a clean exit.

    Parameters: `path` is the folder to write. If it exists it is replaced, but only if it is empty
    or holds nothing but `recipe.toml` and frames, that is if it was made here.

    Errors: `LandscapeError` as for `atomic_output`.
    """
    target = _target(path, folder=True)
    temporary = _beside(target, "")
    remove_stale(target)
    try:
        with _explained(path, temporary):
            temporary.mkdir()
            with held(temporary):
                yield temporary
            for entry in temporary.iterdir():
                _sync(entry)
            _sync(temporary)
            _target(path, folder=True)  # somebody may have put files there meanwhile
            _swap(temporary, target)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    with suppress(OSError):
        _sync(target.parent)


def _swap(temporary: Path, target: Path) -> None:
    """Put `temporary` in the place of `target`, and `target` back if that fails."""
    if not target.exists():
        os.rename(temporary, target)
        return
    old = _beside(target, "")
    try:
        os.rename(target, old)
        os.rename(temporary, target)
    finally:
        if old.exists() and not target.exists():
            os.rename(old, target)
    shutil.rmtree(old, ignore_errors=True)


def _beside(target: Path, suffix: str) -> Path:
    """Return an unused hidden name in the folder of `target`: short, as `target` may be long."""
    return target.parent / f"{hidden_stem(target)}{secrets.token_hex(6)}{suffix}"


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _explained(path: AnyPath, temporary: Path) -> Iterator[None]:
    """Turn the OSErrors of this output, and no others, into LandscapeErrors."""
    try:
        yield
    except OSError as error:
        name = error.filename
        ours = isinstance(name, str | os.PathLike) and Path(name).is_relative_to(temporary)
        if ours or error.errno in _DISK:
            raise write_error(path, error) from error
        raise


def _target(path: AnyPath, *, folder: bool) -> Path:
    """Return what `path` really names, after a check that it may be written."""
    text, name = os.fspath(path), shown(path)
    if not text or "\0" in text:
        raise LandscapeError(f"cannot write {name!r}: it is no file name; choose another")
    if not folder and text.endswith(("/", os.sep)):
        raise LandscapeError(f"cannot write {name}: it names a folder; add a file name")
    target = Path(os.path.realpath(text))
    parent = target.parent
    try:
        if not parent.exists():
            raise LandscapeError(
                f"cannot write {name}: the folder {shown(parent)} does not exist; make it first"
            )
        if not parent.is_dir():
            raise LandscapeError(
                f"cannot write {name}: {shown(parent)} is not a folder; choose another place"
            )
        if folder:
            _check_folder(target, name)
        else:
            _check_file(target, name)
    except OSError as error:
        raise write_error(path, error) from error
    if not os.access(parent, os.W_OK | os.X_OK):
        raise LandscapeError(
            f"cannot write {name}: the folder {shown(parent)} is not writable; "
            "change its permissions or choose another"
        )
    return target


def _check_file(target: Path, name: str) -> None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise LandscapeError(f"cannot write {name}: it is a folder; choose another name")
    if not stat.S_ISREG(mode):  # replacing /dev/null by a film would be a disaster
        raise LandscapeError(f"cannot write {name}: it is no regular file; choose another name")
    if not os.access(target, os.W_OK):
        raise LandscapeError(
            f"cannot write {name}: it is write-protected; change its permissions or its name"
        )


def _check_folder(target: Path, name: str) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise LandscapeError(
            f"cannot write {name}: a file has this name; choose another, or add a suffix such as "
            ".gif to write a film"
        )
    if target == Path(os.path.realpath(os.curdir)):
        raise LandscapeError(f"cannot write {name}: it is the current folder; name a folder in it")
    names = [entry.name for entry in target.iterdir()]
    if not names:
        return
    frames = sum(1 for entry in names if FRAME_FILE.fullmatch(entry))
    # More than the presence of a recipe: a folder that only happens to hold one is not ours.
    if not frames or RECIPE_FILE not in names or len(names) != frames + 1:
        raise LandscapeError(
            f"cannot write {name}: the folder holds other files than frames made here; "
            "choose another or empty it"
        )
