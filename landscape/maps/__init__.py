"""Not six paths but a million: where every start ends, and which settings work."""
