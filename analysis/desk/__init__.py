"""The issue desk: which issues need somebody, in which order, and how their clocks stand."""
