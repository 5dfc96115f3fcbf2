"""Telemetry: samplers (psutil, NVML) in a process of their own, and bounded series; no UI."""
