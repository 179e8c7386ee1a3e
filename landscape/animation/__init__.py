"""Films: a scene to frames, and frames to files by suffix."""
