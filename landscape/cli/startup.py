"""What a command may skip because its process ends with it."""

from __future__ import annotations

__all__ = ["import_matplotlib"]


def import_matplotlib() -> None:
    """Import Matplotlib without the tables of properties in its docstrings.

    Matplotlib fills them in while it is imported, for every artist: a twentieth of the time of a
    whole film, for texts that a command never shows. Only for a process of our own: in a notebook
    the docstrings are wanted.
    """
    import matplotlib.artist

    kept = matplotlib.artist.kwdoc
    matplotlib.artist.kwdoc = lambda artist: ""
    try:
        import matplotlib.figure
    finally:
        matplotlib.artist.kwdoc = kept
