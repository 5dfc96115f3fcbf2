"""Foreign texts to a partial rig: one file a kind of text.

`text` makes a text harmless and knows its lines, the `parse_*` of each kind find what they know
anywhere in it, `recognise` asks them all and puts their answers together.
"""
