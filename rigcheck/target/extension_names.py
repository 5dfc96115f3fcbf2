"""The extensions of torch that come with GPU code of their own, by their names."""

import re

_KNOWN = (
    r"apex|auto-gptq|autoawq|bitsandbytes|causal-conv1d|detectron2|exllamav[23]|flash-attn.*|gptqmodel"
    r"|mamba-ssm|mmcv.*|natten|pyg-lib|pytorch3d|sageattention|sgl-kernel|tinycudann"
    r"|torch-(?:cluster|scatter|sparse|spline-conv)|transformer-engine.*|vllm|xformers"
)


def is_extension(name: str) -> bool:
    """True for a distribution's name, normalised: `flash-attn`."""
    return re.fullmatch(_KNOWN, name) is not None
