"""Trains LeNet on each device and says how fast: plan, workers, events, results, statistics.

What runs inside the workers lies in `rigcheck.target`.
"""
