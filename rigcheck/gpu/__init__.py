"""What NVML is asked: one file a subject; for children only, as `rigcheck.nvml`.

Each call has its unit, and where older drivers know it by another name, that name beside it.

driver      versions, and the way to the GPUs
identity    what a card is
memory      how much memory, and whose
link        PCIe and NVLink
power       power, clocks, heat and fans
health      memory errors, and what the driver wants done
slices      MIG
modes       how the driver runs the card
processes   who uses it
topology    how two GPUs reach one another
card        all of it, group by group, as one GPU of the rig
numbers     nvml.h's numbers and their words
"""
