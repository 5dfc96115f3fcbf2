"""What one image costs LeNet in arithmetic; derived once, for whoever holds a rate against it.

FLOPs an image, a multiply-add being 2 (a convolution has 2 · C_out · H_out · W_out · C_in · k²):

    conv1  2 ·  6 · 28 · 28 ·  1 · 9  =  84,672
    conv2  2 · 16 · 10 · 10 ·  6 · 25 = 480,000
    fc1    2 · 400 · 120              =  96,000
    fc2    2 · 120 · 84               =  20,160
    fc3    2 · 84 · 10                =   1,680
    forward                             682,512
    backward, by the weights            682,512
    backward, by the inputs             597,840   (conv1's input is data and needs none)
    training                          1,962,864

Biases, pooling, softmax and the update of the 61,610 parameters (2 FLOPs each, once a batch) add
less than 2 %.
"""

_CONV_1 = 2 * 6 * 28 * 28 * 1 * 3**2
_CONV_2 = 2 * 16 * 10 * 10 * 6 * 5**2
_LINEAR = 2 * (400 * 120 + 120 * 84 + 84 * 10)

FORWARD_FLOP_PER_IMAGE = _CONV_1 + _CONV_2 + _LINEAR
TRAINING_FLOP_PER_IMAGE = 3 * FORWARD_FLOP_PER_IMAGE - _CONV_1
