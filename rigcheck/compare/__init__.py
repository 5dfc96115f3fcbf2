"""Two runs or more held against each other: what changed, what it did to the speed, and why."""
