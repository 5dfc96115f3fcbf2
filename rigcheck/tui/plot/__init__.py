"""Plots in characters, without a terminal library: scales, dots, and the two put together.

`scale` chooses ticks, `spans` holds what is measured over time, `raster` turns it into dots and
dots into characters, `chart` lays out one chart as lines of inked text.
"""
