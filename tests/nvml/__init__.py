"""A libnvidia-ml.so.1 of our own, which does what a scenario says; see fake_nvml.c."""
