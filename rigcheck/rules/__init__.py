"""Rules judge facts and never probe: one file a family, each rule a pure function of the rig.

`rule` holds what a rule is, `judge` runs them all and says which finding follows from which.
"""
