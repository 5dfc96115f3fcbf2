"""The forms of LeNet's training step: one mathematics, from the post's own loop to the fastest."""
