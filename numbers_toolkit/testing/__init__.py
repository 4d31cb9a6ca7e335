"""For tests of notebooks and reports: fixtures that pytest finds by itself where this package is installed."""
