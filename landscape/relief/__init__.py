"""Surfaces in three dimensions: a shaded heightfield with paths on it."""
