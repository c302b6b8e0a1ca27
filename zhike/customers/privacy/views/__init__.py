"""Pages of the care of data."""
