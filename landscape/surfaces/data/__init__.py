"""Two-weight models on data as surfaces: sets of scikit-learn, generated data, the user's CSV."""

from landscape.surfaces.data.notation import data_names, data_surface
from landscape.surfaces.data.surface import DataSurface

__all__ = ["DataSurface", "data_names", "data_surface"]
