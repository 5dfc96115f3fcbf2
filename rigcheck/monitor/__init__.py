"""Telemetry: samplers (/proc, NVML) in a process of their own, and bounded series; no UI."""
