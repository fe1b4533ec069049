"""What a method must leave of a module as it was."""

HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks", "_forward_hooks_with_kwargs")


def state(module):
    """Modes, hooks, learning and gradients of all parts, to be compared before and after."""
    parts = {name: (part.training, *(len(getattr(part, hooks)) for hooks in HOOKS), sorted(vars(part)))
             for name, part in module.named_modules()}
    weights = {name: (weight.requires_grad, weight.grad is None, weight.device.type, weight._version)
               for name, weight in module.named_parameters()}
    config = getattr(module, "config", None)
    return parts, weights, getattr(config, "_attn_implementation", None)
