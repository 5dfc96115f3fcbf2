"""Probes find facts and never judge them: one file a subject, one part of the rig a probe.

Within a file, `read_*` touches the machine and `parse_*` only its arguments. `PROBES` in
`registry` lists them all.
"""
