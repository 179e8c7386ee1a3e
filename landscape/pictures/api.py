"""Pictures of networks in Python: functions that return one, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError, unknown_name
from landscape.keys import option_of
from landscape.pictures import prepare_picture, recipe_class
from landscape.pictures.made import Made
from landscape.pictures.output import check_picture, kind_and_format, write_picture
from landscape.pictures.recipe import PictureRecipe

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from landscape.networks.datasets import Dataset
    from landscape.pictures.ready import Ready

    DataLike = str | Dataset | tuple[Any, Any]

__all__ = ["NetworkPicture", "curves", "layers", "picture", "plane", "profile", "units"]

Texts = str | Sequence[str]
Widths = str | int | Sequence[int]


class NetworkPicture:
    """A picture of a network; in a notebook it shows itself.

    Attributes: `recipe`, everything that it depends on; `ready`, its numbers.
    """

    def __init__(self, recipe: PictureRecipe, data: Dataset | None = None) -> None:
        self._data = data
        self.ready = self._prepared(recipe)
        self.recipe = self.ready.recipe

    def __repr__(self) -> str:
        return f"<picture of {self.recipe.picture}: save(path) writes it>"

    def _prepared(self, recipe: PictureRecipe, **more: Any) -> Ready:
        if self._data is not None:
            more["data"] = self._data
        return prepare_picture(recipe, **more)

    def numbers(self) -> list[str]:
        """Return lines that say in words and numbers what the picture shows."""
        return self.ready.numbers()

    def figure(self) -> Figure:
        """Return the still as a Matplotlib figure."""
        from landscape.drawing.scene import picture_style

        with picture_style():
            return self.ready.figure()

    def save(
        self,
        path: str | Path,
        *,
        max_mb: float | None = None,
        progress: Callable[[int, int], None] | None = None,
        report: Callable[[str], None] = lambda _: None,
    ) -> Made:
        """Write a still (.png, .svg, .pdf) or a film (.gif, .mp4, .webm, .webp, .apng, a folder).

        A plane is also exported, with the paths of training on it: .vtp for ParaView, .obj for
        Blender, .ply for both, as `landscape.export` says; of several planes each has a file.

        Parameters: a film's `max_mb` is met by fewer colours and pixels; `progress` is called with
        (frames done, frames in all); `report` is told what a reader should know.

        Raises LandscapeError if the file cannot be written, or the picture has no film or surface.
        """
        from landscape.checks import limit_in_bytes

        kind, suffix = kind_and_format(path)
        most = limit_in_bytes(max_mb)
        if kind == "export":
            return write_picture(self.ready, path, max_bytes=most)
        recipe = self.recipe.with_(kind=kind, format=suffix)
        check_picture(recipe, path, max_bytes=most)
        ready = self.ready
        if kind != self.recipe.kind and not ready.alike:
            ready = self._prepared(recipe, report=report)
        elif kind != self.recipe.kind:
            ready = ready.still(suffix) if kind == "still" else ready.with_recipe(recipe)
        return write_picture(ready, path, max_bytes=most, progress=progress, report=report)

    @cached_property
    def _png(self) -> bytes:
        import tempfile

        with tempfile.TemporaryDirectory(prefix="landscape-") as folder:
            path = Path(folder) / "picture.png"
            self.save(path)
            return path.read_bytes()

    def _repr_png_(self) -> bytes:
        return self._png


def picture(name: str, *, data: DataLike | None = None, **keys: Any) -> NetworkPicture:
    """Return a picture of a network by its kind.

    Parameters: `name` is a kind in `landscape.pictures.PICTURES`; `data` a text, a Dataset or
    arrays (X, y), of which `landscape.networks.from_arrays` says more; `keys` are those of its
    recipe, which are also the options of the command of that name; `net` may be widths as well.

    Raises LandscapeError for an unknown kind or key, or a value that means nothing.
    """
    from landscape.networks.datasets import Dataset, from_arrays

    chosen = recipe_class(name)
    known = [one.name for one in chosen.key_fields() if option_of(one)]
    for key in keys:
        if key not in known:
            raise unknown_name(f"argument of {name}", key, known)
    if isinstance(keys.get("net"), list | tuple):
        keys["net"] = ",".join(map(str, keys["net"])) or "none"
    elif isinstance(keys.get("net"), int):
        keys["net"] = str(keys["net"])
    if data is None or isinstance(data, str):
        return NetworkPicture(chosen(**(keys if data is None else {**keys, "data": data})))
    if isinstance(data, list | tuple) and len(data) == 2:
        data = from_arrays(*data)
    if not isinstance(data, Dataset):
        raise LandscapeError(
            "data are a text, a Dataset or a pair of arrays (X, y): "
            f"{type(data).__name__}{f' of {len(data)}' if hasattr(data, '__len__') else ''} came"
        )
    return NetworkPicture(chosen(**{**keys, "data": f"python:{data.name}"}), data)


def layers(
    inits: Texts = "glorot_normal",
    *,
    activations: Texts = "tanh",
    data: DataLike = "digits",
    net: Widths = "6x100",
    show: Texts = (),
    epochs: int = 0,
    **keys: Any,
) -> NetworkPicture:
    """Return histograms of what goes through the layers of a network.

    Parameters: `inits` are schemes of initial weights such as "normal:scale=0.01", one or several;
    `activations` of the hidden layers; `data` a text ("gaussian:inputs=100" for random numbers), a
    Dataset or arrays (X, y); `net` the widths of the hidden layers, (64, 32) too; `show` of
    "preactivations", "activations" and "gradients"; `epochs` of training before the still, or in
    the film. Further `keys` are those of the command `landscape layers`: optimizer, batch, seed,
    skip, theme, size, title, frames, …

    Raises LandscapeError for names and values that mean nothing.
    """
    return picture(
        "layers",
        inits=inits,
        activations=activations,
        data=data,
        net=net,
        show=show,
        epochs=epochs,
        **keys,
    )


def units(
    inits: Texts = ("normal:scale=0.01", "glorot_normal", "normal:scale=1"),
    *,
    activations: Texts = "tanh",
    data: DataLike = "digits",
    net: Widths = "6x100",
    share: float = 0.5,
    epochs: int = 0,
    **keys: Any,
) -> NetworkPicture:
    """Return an activation, its derivative, and where the pre-activations of a network lie on them.

    Parameters: as for `layers`; the range is good where the derivative is at least `share` of its
    largest value. Further `keys` are those of the command `landscape units`: reach, optimizer, …

    Raises LandscapeError for names and values that mean nothing.
    """
    return picture(
        "units",
        inits=inits,
        activations=activations,
        data=data,
        net=net,
        share=share,
        epochs=epochs,
        **keys,
    )


def curves(
    optimizers: Texts = "adam",
    *,
    data: DataLike = "digits",
    net: Widths = "64,32",
    activation: str = "tanh",
    epochs: int = 20,
    batch: int | str = 32,
    vary: str = "",
    grid: str = "",
    **keys: Any,
) -> NetworkPicture:
    """Train networks and return their learning curves.

    Parameters: `optimizers` are update rules, one or several; `data` a text, a Dataset or arrays
    (X, y); `net` the widths of the hidden layers, (64, 32) too; `batch` examples of a step, or
    "all"; `vary` such as "lr=0.01,0.1" draws a line for each value, `grid` such as "batch=8,64" a
    panel. Further `keys` are those of the command `landscape curves`: init, runs, show, parts,
    batches, smooth, axis, …

    Raises LandscapeError for names and values that mean nothing.
    """
    return picture(
        "curves",
        optimizers=optimizers,
        data=data,
        net=net,
        activation=activation,
        epochs=epochs,
        batch=batch,
        vary=vary,
        grid=grid,
        **keys,
    )


def plane(
    optimizers: Texts = "adam",
    *,
    data: DataLike = "digits",
    net: Widths = "64,32",
    activation: str = "relu",
    epochs: int = 20,
    directions: str = "pca",
    metric: str = "loss",
    vary: str = "",
    **keys: Any,
) -> NetworkPicture:
    """Train networks and return their loss on a plane, with the paths of training.

    Parameters: `optimizers` are update rules, one or several from the same start; `data` a text, a
    Dataset or arrays (X, y); `net` the widths of the hidden layers, (64, 32) too; `directions` are
    "pca", "random", "hessian" or "solutions"; `metric` is "loss", "accuracy", "test_loss",
    "test_accuracy" or "curvature"; `vary` such as "skip=no,yes" draws a panel for each value.
    Further `keys` are those of the command `landscape plane`: apart, normalise, reach, resolution,
    seeds, top, view, …

    Raises LandscapeError for names and values that mean nothing.
    """
    return picture(
        "plane",
        optimizers=optimizers,
        data=data,
        net=net,
        activation=activation,
        epochs=epochs,
        directions=directions,
        metric=metric,
        vary=vary,
        **keys,
    )


def profile(
    optimizers: Texts = "adam",
    *,
    data: DataLike = "digits",
    net: Widths = "64,32",
    activation: str = "relu",
    epochs: int = 20,
    along: str = "random",
    vary: str = "",
    **keys: Any,
) -> NetworkPicture:
    """Train networks and return their loss along lines through the parameters.

    Parameters: as for `plane`; `along` is "random" for a band over random directions, with a number
    for the sharpness, or "line" for the line through the ends of two runs. Further `keys` are those
    of the command `landscape profile`: repeats, reach, overshoot, seeds, axis, …

    Raises LandscapeError for names and values that mean nothing.
    """
    return picture(
        "profile",
        optimizers=optimizers,
        data=data,
        net=net,
        activation=activation,
        epochs=epochs,
        along=along,
        vary=vary,
        **keys,
    )
