"""NVML's file. Free of imports: a child that asks for it in vain loads nothing else."""

LIBRARY = "libnvidia-ml.so.1"
