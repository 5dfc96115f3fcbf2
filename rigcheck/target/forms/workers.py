"""How many processes feed the as-written form; apart from what needs torch, for both worlds."""

WORKERS = 4
"""As most scripts have it, however many cores there are."""
