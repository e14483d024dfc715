"""The page's scripts under `tsc`."""
