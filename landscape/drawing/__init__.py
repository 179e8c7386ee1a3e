"""Drawing on Matplotlib axes: contours, trails, legends, themes."""
