"""Surfaces: the losses that optimizers walk on."""

from landscape.surfaces.catalogue import SURFACES
from landscape.surfaces.lookup import surface
from landscape.surfaces.surface import Bounds, CriticalPoint, FormulaSurface, Surface

__all__ = ["SURFACES", "Bounds", "CriticalPoint", "FormulaSurface", "Surface", "surface"]
