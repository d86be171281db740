"""What the transformers of the tests share in PyTorch: their layers, the numbers of AdamW."""
from torch import nn

RATE, EPSILON = 4e-4, 1e-6


def layers(width, depth):
    """Without dropout, as no two programs draw alike."""
    layer = nn.TransformerEncoderLayer(width, max(width // 64, 2), 4 * width, 0.0, "gelu", batch_first=True, norm_first=True)
    return nn.TransformerEncoder(layer, depth, norm=nn.LayerNorm(width), enable_nested_tensor=False)
