"""Torch's functions by what they do to a small change of their inputs."""

from __future__ import annotations

LINEAR = frozenset((
    "add", "radd", "iadd", "sub", "rsub", "isub", "neg", "subtract", "sum", "mean", "cumsum", "cat", "concat",
    "concatenate", "stack", "hstack", "vstack", "split", "chunk", "unbind", "tensor_split", "view", "view_as",
    "reshape", "reshape_as", "flatten", "unflatten", "squeeze", "unsqueeze", "transpose", "swapaxes", "swapdims",
    "permute", "movedim", "moveaxis", "t", "get", "getitem", "setitem", "expand", "expand_as", "broadcast_to", "repeat",
    "repeat_interleave", "tile", "roll", "flip", "narrow", "select", "index_select", "gather", "take_along_dim",
    "diagonal", "unfold", "fold", "pixel_shuffle", "pixel_unshuffle", "channel_shuffle", "contiguous", "clone", "to",
    "type", "type_as", "float", "double", "half", "bfloat16", "cpu", "cuda", "requires_grad", "masked_fill", "where",
    "tril", "triu", "pad", "constant_pad_nd", "interpolate", "upsample", "dropout", "dropout1d", "dropout2d",
    "dropout3d", "feature_dropout", "alpha_dropout", "feature_alpha_dropout", "avg_pool1d", "avg_pool2d", "avg_pool3d",
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "copy", "fill", "zero", "detach", "real",
))
"""In all that depends on the input: their own derivative is right."""

WEIGHTED = frozenset((
    "matmul", "rmatmul", "mm", "bmm", "mv", "einsum", "linear", "addmm", "baddbmm", "addbmm", "conv1d", "conv2d",
    "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
))
"""Sums of inputs times weights."""

PRODUCTS = WEIGHTED | frozenset(("mul", "rmul", "imul", "multiply", "dot"))
"""Linear where one factor depends on the input, and a product where several do."""

FACTORS = {"einsum": (1, 9), "linear": (0, 2), **dict.fromkeys(("addmm", "baddbmm", "addbmm"), (1, 3)),
           **dict.fromkeys((name for name in WEIGHTED if name.startswith("conv")), (0, 2))}
"""Which arguments are multiplied, where not all are: the others are added."""

DIVISIONS = frozenset(("div", "divide", "truediv", "true_divide", "itruediv", "idiv"))

ELEMENTWISE = frozenset((
    "relu", "relu6", "elu", "selu", "celu", "leaky_relu", "prelu", "rrelu", "gelu", "silu", "mish", "tanh", "sigmoid",
    "hardswish", "hardsigmoid", "hardtanh", "softplus", "softsign", "logsigmoid", "tanhshrink", "softshrink",
    "hardshrink", "threshold", "clamp", "clip", "clamp_min", "clamp_max", "exp", "expm1", "log1p", "abs", "sin", "cos",
    "tan", "atan", "arctan", "erf", "square", "sqrt", "pow", "maximum", "minimum", "activation",
))
"""Functions of each number alone."""

UNDEFINED_AT_ZERO = frozenset(("log", "logit", "reciprocal", "rsqrt", "rdiv", "rtruediv", "rpow"))

MAXIMA = frozenset((
    "max_pool1d", "max_pool2d", "max_pool3d", "adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d",
))

SOFTMAXES = frozenset(("softmax", "log_softmax"))

NORMS = frozenset(("layer_norm", "group_norm", "rms_norm"))
