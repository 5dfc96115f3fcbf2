"""What a device could do at most: its ceilings, measured by torch in the interpreter at hand.

`measure` runs them all; `product` multiplies matrices (`formats`, checked by `accuracy`), `memory`
copies within the device, `host_link` to and from it, `launch` starts kernels; `clock` times them
all, `room` says how much memory they may take, and `reading` is what comes out.
"""
