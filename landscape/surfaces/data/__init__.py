"""Two-weight models on data as surfaces: sets of scikit-learn, generated data, the user's CSV."""

from landscape.surfaces.data.carried import DIGEST, has_changed
from landscape.surfaces.data.notation import csv_path, data_names, data_surface
from landscape.surfaces.data.surface import DataSurface, carried_table

__all__ = [
    "DIGEST",
    "DataSurface",
    "carried_table",
    "csv_path",
    "data_names",
    "data_surface",
    "has_changed",
]
